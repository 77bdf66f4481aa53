// Package database opens SQLite or PostgreSQL and runs queries and transactions on
// it, with the few differences between the two.
//
// It knows no table but the one that [DB.Check] writes to: a [Schema] brings the
// others. It owns everything that can go wrong below SQL: addresses, locks on the
// file, deadlines, silent connections, commits without an answer, clocks that differ.
// Its errors say what an operator can do about them, and errors.Is finds their class.
//
// Every query and transaction has its own deadline, so a silent database is an error,
// not a wait. A SQLite file belongs to one process, which holds a lock file next to
// it; there, transactions that wait at the same time share a commit.
package database
