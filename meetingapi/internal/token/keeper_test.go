package token

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var errRefused = errors.New("refused")

// TestKeeper: one login serves all callers, ends when none waits for it, and is not
// repeated too soon after a refusal.
func TestKeeper(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var rest time.Duration
		var fail error
		var logins, ended atomic.Int32
		k := &Keeper{Now: time.Now, Login: func(ctx context.Context) (*Token, time.Duration, error) {
			logins.Add(1)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				ended.Add(1)
				return nil, 0, ctx.Err()
			}
			if fail != nil {
				return nil, rest, fail
			}
			return Reply{AccessToken: "t"}.Token(time.Now()), 0, nil
		}}
		get := func() error { _, err := k.Get(t.Context()); return err }

		// Two callers cancel in turn; the login ends with the second.
		first, cancel := context.WithCancel(t.Context())
		second, cancelToo := context.WithTimeout(t.Context(), 700*time.Millisecond)
		defer cancelToo()
		var wg sync.WaitGroup
		for _, ctx := range []context.Context{first, second} {
			wg.Go(func() {
				if _, err := k.Get(ctx); !errors.Is(err, ErrInterrupted) {
					t.Errorf("canceled Get() = %v, want %v", err, ErrInterrupted)
				}
			})
		}
		<-time.After(500 * time.Millisecond)
		cancel()
		synctest.Wait()
		if ended.Load() != 0 {
			t.Error("the login ended while a caller waited")
		}
		wg.Wait()
		synctest.Wait()
		if logins.Load() != 1 || ended.Load() != 1 {
			t.Errorf("%d logins, %d of them ended early, want 1 and 1", logins.Load(), ended.Load())
		}

		// All waiting callers get the refusal, and so do later ones.
		fail, rest = errRefused, 30*time.Second
		for range 3 {
			wg.Go(func() {
				if err := get(); !errors.Is(err, errRefused) {
					t.Errorf("Get() = %v, want %v", err, errRefused)
				}
			})
		}
		wg.Wait()
		<-time.After(rest - time.Second)
		if err := get(); !errors.Is(err, errRefused) || logins.Load() != 2 {
			t.Errorf("Get() after a refusal = %v after %d logins, want %v after 2", err, logins.Load(), errRefused)
		}
		// Other failures are not remembered.
		<-time.After(time.Second)
		rest = 0
		if _, _ = get(), get(); logins.Load() != 4 {
			t.Errorf("%d logins, want 4: a failure is not remembered", logins.Load())
		}

		fail = nil
		if err := get(); err != nil || time.Until(k.Expiry()) != unknownLife {
			t.Errorf("Get() = %v, good until %v, want a token for %v", err, k.Expiry(), unknownLife)
		}
		used, _ := k.Get(t.Context())
		k.Drop(used)
		if !k.Expiry().IsZero() {
			t.Error("a dropped token is still in use")
		}
		other, err := k.Get(t.Context())
		if k.Drop(used); err != nil || k.current != other {
			t.Error("dropping a token that was replaced drops its successor")
		}
	})
}
