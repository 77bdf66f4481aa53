// Package store keeps requests, envelopes and the audit trail in SQLite or
// PostgreSQL.
//
// It owns the SQL and the tables; how a database is opened, and what can go wrong
// with one, is package database's. It knows nothing of steps, Slack or the meeting
// service. What it keeps is divided by what it is about, as in tx.Delegations.End: the
// fields of a [Store] are for reading, those of a [Tx] for writing too. Callers follow
// three rules:
//
//   - Everything that must be true together goes through one [Store.Do].
//   - A request changes state only through [RequestsTx.Save], which is conditional on
//     the version the caller has read: [ErrConflict] means that somebody else was
//     first, and is an answer, not a failure.
//   - Nothing outside is touched inside a transaction. Follow-up work starts with
//     [Tx.AfterCommit].
//
// One SQL text serves both databases ($1 placeholders, ON CONFLICT, RETURNING);
// times are Unix milliseconds by [Store.Now].
package store
