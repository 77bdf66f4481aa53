package database

import (
	"context"
	"database/sql"
	"errors"
)

// Scrub empties SQLite's write-ahead log, which otherwise keeps deleted and overwritten
// data until enough has been written after it, which can take days. While readers or the
// writer need the log, it returns [ErrLocked] instead of waiting; try again later. On
// PostgreSQL it does nothing.
func (d *DB) Scrub(ctx context.Context) error {
	if d.dialect != SQLite {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	c, err := d.reads.Conn(ctx)
	if err != nil {
		return explain(err)
	}
	return explain(errors.Join(emptyLog(ctx, c), c.Close()))
}

func emptyLog(ctx context.Context, c *sql.Conn) (err error) {
	if _, err := c.ExecContext(ctx, "PRAGMA busy_timeout(0)"); err != nil { // otherwise the writer would wait, too
		return err
	}
	defer func() {
		_, restoreErr := c.ExecContext(context.WithoutCancel(ctx), "PRAGMA "+busyTimeout) // even if time is up: the pool keeps the connection
		err = errors.Join(err, restoreErr)
	}()
	var busy, frames, copied int
	if err := c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &copied); err != nil {
		return err
	}
	if busy != 0 {
		return ErrLocked
	}
	return nil
}
