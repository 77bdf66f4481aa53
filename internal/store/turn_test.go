package store_test

import (
	"context"
	"testing"
	"time"

	"meetingbot/internal/store"
)

// TestTurn: one run at a time may write to invited people. A run that died or whose clock was
// wrong doesn't keep the turn.
func TestTurn(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		take := func() (wait time.Duration) {
			do(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				wait, err = tx.Invited.TakeTurn(ctx)
				return err
			})
			return wait
		}
		end := func(in time.Duration) {
			do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Invited.EndTurn(ctx, tx.Now().Add(in)) })
		}
		if wait := take(); wait != 0 {
			t.Errorf("the first run waits %v", wait)
		}
		if wait := take(); wait < 2*time.Second || wait > 3*time.Second {
			t.Errorf("the second run waits %v, want as long as the first may take", wait)
		}
		end(800 * time.Millisecond)
		if wait := take(); wait <= 0 || wait > 801*time.Millisecond { // to the next one
			t.Errorf("the second run waits %v after the first, want the rest of the pause", wait)
		}
		end(-time.Millisecond)
		if wait := take(); wait != 0 {
			t.Errorf("the second run waits %v after the pause", wait)
		}
		end(time.Hour) // by a clock that was set back later
		if wait := take(); wait != 0 {
			t.Errorf("the next run waits %v because of a wrong clock", wait)
		}
	})
}

// TestNextLookup: the first look-ups are as fast as the messages, later ones are slower, and
// a wrong clock doesn't stop them.
func TestNextLookup(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		var first, last time.Time
		at := s.Now().Truncate(time.Millisecond)
		for n := range 60 {
			do(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				last, err = tx.Invited.NextLookup(ctx, at.Add(time.Second))
				return err
			})
			if n == 9 {
				first = last
			}
		}
		if !first.Equal(at.Add(time.Second)) {
			t.Errorf("the tenth waits until %v, want %v", first, at.Add(time.Second))
		}
		if wait := last.Sub(at); wait < time.Minute || wait > 70*time.Second {
			t.Errorf("the sixtieth in a minute waits %v, want about 65 s", wait)
		}
		_, err := s.DB().ExecContext(t.Context(), `UPDATE turn SET free_at = free_at + 3600000`)
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			last, err = tx.Invited.NextLookup(ctx, at)
			return err
		})
		if !last.Equal(at) {
			t.Errorf("after the clock was set back, a look-up waits until %v", last)
		}
	})
}
