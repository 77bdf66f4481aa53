package database

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// How long the database may take to tell its time. One that takes longer than
// clockTime counts as silent. An answer that took longer than sharp is too imprecise
// to replace a known offset, since it may date from anywhere in that time.
const (
	clockTime = 2 * time.Second
	sharp     = 500 * time.Millisecond
)

// Now returns the time by the database's clock, in UTC. Replicas whose clocks
// differ agree on it: on PostgreSQL it is this machine's clock plus the difference
// that [DB.SyncClock] has measured. A SQLite file has the clock of the process
// that owns it.
func (d *DB) Now() time.Time { return d.now().Add(time.Duration(d.skew.Load())).UTC() }

// SyncClock measures how far PostgreSQL's clock is ahead of this machine's; on
// SQLite it does nothing. Call it about once a second, because a clock may be set
// at any time.
//
// It also notices when connections have gone silent, as after a failover behind a
// virtual address: no answer comes, and no error. It then closes every connection
// that has been silent since the question, so that nobody else has to wait for one.
func (d *DB) SyncClock(ctx context.Context) error {
	if d.dialect == SQLite {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, clockTime)
	defer cancel()
	asked, began := d.now(), time.Now()
	var micros int64
	err := one(bounded, d.pool, &micros, `SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`)
	if err != nil {
		if errors.Is(bounded.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
			if n := d.wires.closeSilent(began); n > 0 {
				d.log.WarnContext(ctx, "the database does not answer; its silent connections were closed", "connections", n)
			}
		}
		return fmt.Errorf("compare clocks: %w", err)
	}
	// Assume that the answer was written halfway between question and answer.
	took := d.now().Sub(asked)
	if took <= sharp || d.skew.Load() == 0 {
		d.skew.Store(int64(time.UnixMicro(micros).Sub(asked.Add(took / 2))))
	}
	return nil
}
