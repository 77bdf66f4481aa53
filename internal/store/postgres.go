package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// migrationLock is the PostgreSQL advisory lock that lets one replica migrate
// while the others wait. The number has no meaning beyond being ours.
const migrationLock = 4206913370

// letGo has the server end a session that does nothing in the middle of a
// transaction: a replica that is frozen, or cut off, must not keep its rows from
// the others. A transaction of ours takes milliseconds. It is asked for here
// rather than in the start-up message, which connection poolers refuse.
func letGo(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SET idle_in_transaction_session_timeout = '5s'`)
	return err
}

// lockMigrations waits until no other replica migrates.
func (s *Store) lockMigrations(ctx context.Context) (unlock func(), err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		// Closing the session would release the lock as well; asking keeps the
		// connection for the pool.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, migrationLock)
		_ = errors.Join(err, conn.Close()) // nothing to do about either: the session ends with the process
	}, nil
}

// warm is how many connections are open before anybody comes: half, since those
// who share the server with us have a use for theirs.
const warm = connections / 2

// Warm opens the connections to PostgreSQL that a rush needs first, so that
// people do not wait for them. On SQLite there is nothing to open.
// A failure is not reported: whoever needs a connection next will meet it.
func (s *Store) Warm(ctx context.Context) {
	if s.dialect == SQLite {
		return
	}
	var g errgroup.Group
	var open sync.WaitGroup
	open.Add(warm)
	for range warm {
		g.Go(func() error {
			c, err := s.db.Conn(ctx)
			open.Done()
			open.Wait() // one that is given back would be given out again
			if err != nil {
				return err
			}
			return c.Close()
		})
	}
	_ = g.Wait()
}
