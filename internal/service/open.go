package service

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// How the service waits for the database when it starts.
const (
	openTime   = 5 * time.Minute  // in all; then the service exits, for its supervisor to restart
	openPause  = time.Second      // between two attempts
	openSilent = 4 * time.Second  // before the first log line about waiting
	openAgain  = 30 * time.Second // between later ones
)

// open opens the database.
func (s *service) open(ctx context.Context) (db *store.Store, err error) {
	err = s.await(ctx, func(ctx context.Context) (err error) {
		db, err = store.Open(ctx, s.cfg.DatabaseURL.Reveal(), store.Options{
			Log: s.log, OnWrite: s.writes.Wrote, Now: s.outside.Now, Connect: s.outside.Connect,
		})
		return err
	})
	return db, err
}

// await does what a start needs of the database. If that does not answer, or somebody else
// has locked it, await waits: it logs that within five seconds, and gives up after openTime.
func (s *service) await(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	var last atomic.Value // the last attempt's error
	go s.sayWaiting(ctx, &last)
	for {
		err := do(ctx)
		switch {
		case err == nil:
			return nil
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return fmt.Errorf("gave up after %s: %w", openTime, err)
		case ctx.Err() != nil: // a stop is no fault, whatever it interrupted
			return errors.Join(ctx.Err(), err)
		case !database.Temporary(err):
			return err
		}
		last.Store(err.Error())
		select {
		case <-ctx.Done():
		case <-time.After(openPause):
		}
	}
}

// sayWaiting logs that the start is waiting for the database, soon and then now and
// again, until ctx ends; last is the last attempt's error, if there was any.
func (s *service) sayWaiting(ctx context.Context, last *atomic.Value) {
	for pause := openSilent; ; pause = openAgain {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		waited := time.Since(s.began).Milliseconds()
		if err := last.Load(); err != nil {
			s.log.WarnContext(ctx, "waiting for the database", "waited_ms", waited, "error", err)
			continue
		}
		s.log.WarnContext(ctx, "waiting for the database: it has not answered yet, or another replica is changing its tables", "waited_ms", waited)
	}
}

// IsConfiguration reports whether an error of [Run] is a configuration error, so that
// starting again would not help.
func IsConfiguration(err error) bool { return errors.Is(err, database.ErrAddress) }
