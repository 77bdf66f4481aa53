// Package store keeps requests, envelopes, effects and the audit trail in
// SQLite or PostgreSQL.
//
// It owns the SQL and the two dialects' few differences; it does not know what
// a step does, nor Slack, nor the meeting service. Three rules a caller keeps:
//
//   - Everything that must be true together goes through one [Store.Do].
//   - A request changes state only by [Tx.Save], which is conditional on the
//     state and version the caller has read: [ErrConflict] means that somebody was
//     first, and is an answer, not a fault.
//   - Nothing outside is touched inside a transaction. Work that follows is
//     started with [Tx.AfterCommit].
//
// One SQL text serves both databases ($1 placeholders, ON CONFLICT, RETURNING);
// times are Unix milliseconds. A SQLite file belongs to one process, held by a
// lock beside it.
package store
