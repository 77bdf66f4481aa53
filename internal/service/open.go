package service

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"meetingbot/internal/background"
	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// How the service waits for the database when it starts.
const (
	openTime   = 5 * time.Minute  // in total; then the service exits, and its supervisor restarts it
	openPause  = time.Second      // between attempts
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

// await retries do, which uses the database, while the database doesn't answer or another
// program has locked it. It logs within five seconds that it is waiting, and gives up
// after openTime.
func (s *service) await(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	var last atomic.Value // the last attempt's error
	go s.logWaiting(ctx, &last)
	for {
		err := do(ctx)
		switch {
		case err == nil:
			return nil
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return fmt.Errorf("gave up after %s: %w", openTime, err)
		case ctx.Err() != nil: // stopped
			return errors.Join(ctx.Err(), err)
		case !database.Temporary(err):
			return err
		}
		last.Store(err.Error())
		_ = background.Sleep(ctx, openPause) // the next attempt fails if ctx has ended
	}
}

// logWaiting logs that the service is waiting for the database, soon and then now and
// again, until ctx ends. last is the error of the last attempt, if there was one.
func (s *service) logWaiting(ctx context.Context, last *atomic.Value) {
	for pause := openSilent; ; pause = openAgain {
		if background.Sleep(ctx, pause) != nil {
			return
		}
		waited := time.Since(s.began).Milliseconds()
		if err := last.Load(); err != nil {
			s.log.WarnContext(ctx, "waiting for the database", "waited_ms", waited, "error", err)
			continue
		}
		s.log.WarnContext(ctx, "waiting for the database: it has not answered yet, or another replica is changing its tables", "waited_ms", waited)
	}
}

// IsConfigError reports whether an error from [Run] is a configuration error, so that
// a restart won't help.
func IsConfigError(err error) bool { return errors.Is(err, database.ErrAddress) }
