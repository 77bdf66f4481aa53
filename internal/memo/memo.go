// Package memo remembers answers for a while, and lets concurrent callers who ask for the same thing share one load.
// It knows nothing about what is loaded, and keeps nothing beyond the process.
package memo

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"meetingbot/internal/background"
)

// loadTimeout bounds a shared load. No single caller's context ends it, because others may be waiting
// for it.
const loadTimeout = 15 * time.Second

// ErrClosed is returned by a closed memo for anything it doesn't remember.
var ErrClosed = errors.New("memo: closed")

// A Memo remembers what load functions return, by key. It is safe for concurrent use; make one with [New].
type Memo[K ~string, V any] struct {
	ttl     time.Duration
	most    int
	flights singleflight.Group
	loads   *background.Group

	mu    sync.Mutex
	known map[K]entry[V]
}

type entry[V any] struct {
	value V
	err   error     // remembered because the load returned Keep
	began time.Time // when it was asked for
	at    time.Time // when it was answered
}

// New returns a memo that keeps each answer for ttl, or forever if ttl is zero, and at most the given number of them: one more
// drops the stale ones, or all of them if none is stale.
func New[K ~string, V any](ttl time.Duration, most int) *Memo[K, V] {
	return &Memo[K, V]{ttl: ttl, most: most, loads: background.New(), known: make(map[K]entry[V])}
}

// Keep marks an error of a load as an answer: Get returns err itself, and remembers it as it remembers values.
func Keep(err error) error { return kept{err} }

type kept struct{ error }

func (k kept) Unwrap() error { return k.error }

// Get returns the answer remembered for key, or asks load for it. Errors are not remembered unless load returns [Keep].
// A caller stops waiting when its own ctx ends; the load continues for the others, with the values of the ctx it was
// started with and its own deadline.
func (m *Memo[K, V]) Get(ctx context.Context, key K, load func(context.Context) (V, error)) (V, error) {
	return m.get(ctx, key, time.Time{}, load)
}

// get is GetSince without a fallback.
func (m *Memo[K, V]) get(ctx context.Context, key K, since time.Time, load func(context.Context) (V, error)) (V, error) {
	for {
		if e, ok := m.fresh(key, since); ok {
			return e.value, e.err
		}
		flight := m.flights.DoChan(string(key), func() (any, error) { return m.load(ctx, key, since, load) })
		select {
		case r := <-flight:
			e, _ := r.Val.(entry[V])
			if !e.began.Before(since) {
				return e.value, r.Err
			} // else it was under way already, for somebody who is content with less
		case <-ctx.Done():
			var none V
			return none, ctx.Err()
		}
	}
}

// GetSince is Get where only an answer counts that was asked for at since or later. Given patience, it has a fallback: while an
// earlier answer is remembered, another one is waited for no longer than that, and if it fails with an error that excuses, the
// remembered one has to do.
func (m *Memo[K, V]) GetSince(ctx context.Context, key K, since time.Time, patience time.Duration, excuses func(error) bool, load func(context.Context) (V, error)) (V, error) {
	if _, known := m.Peek(key); !known || patience <= 0 {
		return m.get(ctx, key, since, load)
	}
	hurried, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	v, err := m.get(hurried, key, since, load)
	if err == nil || ctx.Err() != nil || !excuses(err) {
		return v, err
	}
	if old, known := m.Peek(key); known { // else it became too old meanwhile
		return old, nil
	}
	return v, err
}

func (m *Memo[K, V]) load(ctx context.Context, key K, since time.Time, load func(context.Context) (V, error)) (entry[V], error) {
	e, err := entry[V]{began: time.Now()}, ErrClosed
	m.loads.Do(ctx, loadTimeout, func(ctx context.Context) {
		if known, ok := m.fresh(key, since); ok { // another load finished between Get's check and this one's start
			e, err = known, known.err
			return
		}
		e.value, err = load(ctx)
		answer, keep := errors.AsType[kept](err)
		if keep {
			err = answer.error
		}
		e.err, e.at = err, time.Now()
		if err == nil || keep {
			m.put(key, e)
		}
	})
	return e, err
}

// Peek returns the value remembered for key without loading it.
func (m *Memo[K, V]) Peek(key K) (V, bool) {
	e, ok := m.fresh(key, time.Time{})
	return e.value, ok && e.err == nil
}

// Put remembers a value obtained elsewhere.
func (m *Memo[K, V]) Put(key K, value V) {
	m.put(key, entry[V]{value: value, began: time.Now(), at: time.Now()})
}

// Close cancels the loads in progress and waits for them to end. What is remembered
// stays.
func (m *Memo[K, V]) Close() { m.loads.Close() }

func (m *Memo[K, V]) fresh(key K, since time.Time) (entry[V], bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.known[key]
	if !ok || m.stale(e) || e.began.Before(since) {
		return entry[V]{}, false
	}
	return e, true
}

func (m *Memo[K, V]) stale(e entry[V]) bool { return m.ttl > 0 && time.Since(e.at) >= m.ttl }

func (m *Memo[K, V]) put(key K, e entry[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.known[key]; !known && len(m.known) >= m.most {
		maps.DeleteFunc(m.known, func(_ K, old entry[V]) bool { return m.stale(old) })
		if len(m.known) >= m.most {
			clear(m.known)
		}
	}
	m.known[key] = e
}
