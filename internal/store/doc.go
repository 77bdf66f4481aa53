// Package store keeps requests, envelopes and the audit trail in SQLite or
// PostgreSQL.
//
// It owns the SQL and the tables; package database opens databases and deals with their
// faults. It knows nothing of steps, Slack or the meeting service. Methods are grouped by
// subject, as in tx.Delegations.End: the fields of a [Store] read, those of a [Tx] write,
// too. Callers follow three rules:
//
//   - Everything that must be true together goes through one [Store.Do].
//   - A request changes state only through [RequestsTx.Save], which requires that the
//     version is still the one the caller read. [ErrConflict] means that another writer
//     was first; it is an answer, not a failure.
//   - Nothing outside is touched inside a transaction. Follow-up work starts with
//     [Tx.AfterCommit].
//
// One SQL text serves both databases ($1 placeholders, ON CONFLICT, RETURNING);
// times are Unix milliseconds by [Store.Now].
package store
