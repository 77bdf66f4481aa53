package database

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// How long the database may take to tell its time. After clockTimeout it counts as silent.
// An answer that took longer than maxRoundTrip is too imprecise to replace a known offset.
const (
	clockTimeout = 2 * time.Second
	maxRoundTrip = 500 * time.Millisecond
)

// Now returns the time by the database's clock, in UTC, so that replicas whose own clocks
// differ agree on it. On PostgreSQL it is this machine's clock plus the offset that
// [DB.SyncClock] measured; on SQLite it is just this machine's clock.
func (d *DB) Now() time.Time { return d.now().Add(time.Duration(d.skew.Load())).UTC() }

// SyncClock measures how far PostgreSQL's clock is ahead of this machine's; on
// SQLite it does nothing. Call it about once a second, because a clock may be set
// at any time.
//
// It also notices when connections have gone silent, as after a failover behind a
// virtual address: neither an answer nor an error arrives. It then closes every
// connection that has received nothing since the query, so that no other caller waits
// on one.
func (d *DB) SyncClock(ctx context.Context) error {
	if d.dialect == SQLite {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, clockTimeout)
	defer cancel()
	asked, began := d.now(), time.Now()
	var micros int64
	err := queryRow(bounded, d.pool, &micros, `SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`)
	if err != nil {
		if errors.Is(bounded.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
			if n := d.wires.closeSilent(began); n > 0 {
				d.log.WarnContext(ctx, "the database does not answer; its silent connections were closed", "connections", n)
			}
		}
		return fmt.Errorf("compare clocks: %w", err)
	}
	// Assume that the server read its clock halfway through.
	took := d.now().Sub(asked)
	if took <= maxRoundTrip || d.skew.Load() == 0 {
		d.skew.Store(int64(time.UnixMicro(micros).Sub(asked.Add(took / 2))))
	}
	return nil
}
