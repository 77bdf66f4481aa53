// Package database opens SQLite or PostgreSQL and runs queries and transactions on
// it, with the few differences between the two.
//
// It knows no table but the one that [DB.Check] writes to; a [Schema] brings the
// others. It handles everything that can go wrong below SQL: addresses, locks on the
// file, deadlines, silent connections, unanswered commits, clocks that differ. Its
// errors tell operators what to do, and errors.Is finds their class.
//
// Every query and transaction has a deadline, so a silent database is an error rather
// than a wait. A SQLite file belongs to one process, which holds a lock file next to it;
// on SQLite, transactions that wait at the same time share a commit. On PostgreSQL,
// statements whose answers nobody waits for share a round trip, see [Tx.ExecLater].
package database
