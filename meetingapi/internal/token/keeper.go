package token

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Keeper caches the token, and lets all callers share one login. The service keeps 64
// live tokens per user and drops the oldest, so a login per request would end other
// programs' sessions.
type Keeper struct {
	// Login gets a token. rest is how long not to repeat a failed login: many callers
	// doing so would lock the account.
	Login func(context.Context) (t *Token, rest time.Duration, err error)
	Now   func() time.Time

	mu           sync.Mutex
	current      *Token
	flight       *flight
	refused      error // the last login's refusal, repeated until refusedUntil
	refusedUntil time.Time
}

// Format writes only the type's name.
func (*Keeper) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "token.Keeper") }

// flight is one login in progress. It continues as long as any caller waits for it.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	token   *Token
	err     error
}

// ErrInterrupted is Get's error if its context ended during the login.
var ErrInterrupted = errors.New("context ended during the login")

// Get returns a usable token, logging in if needed. Its error is Login's, or ErrInterrupted.
func (k *Keeper) Get(ctx context.Context) (*Token, error) {
	k.mu.Lock()
	now := k.Now()
	if k.current != nil && now.Before(k.current.stale) {
		defer k.mu.Unlock()
		return k.current, nil
	}
	if k.refused != nil && now.Before(k.refusedUntil) {
		defer k.mu.Unlock()
		return nil, k.refused
	}
	f := k.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		k.flight = f
		var own context.Context
		own, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		go k.run(own, f)
	}
	f.waiters++
	k.mu.Unlock()

	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.waiters--; f.waiters == 0 {
		f.cancel()
		if k.flight == f {
			k.flight = nil
		}
	}
	return nil, ErrInterrupted
}

// run logs in and gives the result to all waiting callers.
func (k *Keeper) run(ctx context.Context, f *flight) {
	defer f.cancel()
	t, rest, err := k.Login(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	f.token, f.err = t, err
	if k.flight == f {
		k.flight = nil
	}
	switch {
	case err == nil:
		k.current, k.refused = t, nil
	case rest > 0:
		k.refused, k.refusedUntil = err, k.Now().Add(rest)
	}
	close(f.done)
}

// Rest returns how much longer a refused login must not be repeated, or 0.
func (k *Keeper) Rest() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.refused == nil {
		return 0
	}
	return max(0, k.refusedUntil.Sub(k.Now()))
}

// Drop discards a token that the service refused, unless it has been replaced.
func (k *Keeper) Drop(used *Token) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current == used {
		k.current = nil
	}
}

// Expiry returns when the service will start refusing the current token, or the zero
// time if there is none.
func (k *Keeper) Expiry() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current == nil {
		return time.Time{}
	}
	return k.current.Expiry
}
