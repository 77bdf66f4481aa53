// Package memo is an in-memory cache with a time to live. Concurrent callers who ask for the same key share one load.
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

// loadTimeout bounds a shared load. No caller's context ends it, because others may be waiting for it.
const loadTimeout = 15 * time.Second

// ErrClosed is returned by a closed memo for a key that isn't cached.
var ErrClosed = errors.New("memo: closed")

// A Memo caches the results of load functions by key. It is safe for concurrent use. Make one with [New].
type Memo[K ~string, V any] struct {
	ttl        time.Duration
	maxEntries int
	flights    singleflight.Group
	loads      *background.Group

	mu      sync.Mutex
	entries map[K]entry[V]
}

type entry[V any] struct {
	value V
	err   error     // cached because the load returned CacheError
	began time.Time // when the load began
	at    time.Time // when the load ended
}

// New returns a memo that caches each answer for ttl, or forever if ttl is zero, and at most the given number of them. When
// it is full, it drops the stale answers, or all of them if none is stale.
func New[K ~string, V any](ttl time.Duration, maxEntries int) *Memo[K, V] {
	return &Memo[K, V]{ttl: ttl, maxEntries: maxEntries, loads: background.New(), entries: make(map[K]entry[V])}
}

// CacheError marks an error of a load to be cached like a value. Get returns err itself.
func CacheError(err error) error { return kept{err} }

type kept struct{ error }

func (k kept) Unwrap() error { return k.error }

// Get returns the answer cached for key, or loads it. Errors are not cached unless load returns [CacheError]. A caller stops
// waiting when its ctx ends; the load continues for other callers, with its own deadline and the values of the ctx it was
// started with.
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
			} // otherwise this load began before since
		case <-ctx.Done():
			var zero V
			return zero, ctx.Err()
		}
	}
}

// GetSince is like Get, but ignores answers whose load began before since. With a positive patience, it falls back to a
// cached answer of any age if the load takes longer than that, or fails with an error for which excuses returns true.
func (m *Memo[K, V]) GetSince(ctx context.Context, key K, since time.Time, patience time.Duration, excuses func(error) bool, load func(context.Context) (V, error)) (V, error) {
	if _, cached := m.Peek(key); !cached || patience <= 0 {
		return m.get(ctx, key, since, load)
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	v, err := m.get(limited, key, since, load)
	if err == nil || ctx.Err() != nil || !excuses(err) {
		return v, err
	}
	if old, cached := m.Peek(key); cached { // unless it has expired
		return old, nil
	}
	return v, err
}

func (m *Memo[K, V]) load(ctx context.Context, key K, since time.Time, load func(context.Context) (V, error)) (entry[V], error) {
	e, err := entry[V]{began: time.Now()}, ErrClosed
	m.loads.Do(ctx, loadTimeout, func(ctx context.Context) {
		if cached, ok := m.fresh(key, since); ok { // another load has finished since get's check
			e, err = cached, cached.err
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

// Peek returns the value cached for key, without loading it.
func (m *Memo[K, V]) Peek(key K) (V, bool) {
	e, ok := m.fresh(key, time.Time{})
	return e.value, ok && e.err == nil
}

// Put caches a value obtained elsewhere, by a load that began at the given time, unless one that
// began later is cached.
func (m *Memo[K, V]) Put(key K, value V, began time.Time) {
	m.put(key, entry[V]{value: value, began: began, at: time.Now()})
}

// Close cancels the loads in progress and waits for them to end. Cached answers stay.
func (m *Memo[K, V]) Close() { m.loads.Close() }

func (m *Memo[K, V]) fresh(key K, since time.Time) (entry[V], bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[key]
	if !ok || m.stale(e) || e.began.Before(since) {
		return entry[V]{}, false
	}
	return e, true
}

func (m *Memo[K, V]) stale(e entry[V]) bool { return m.ttl > 0 && time.Since(e.at) >= m.ttl }

func (m *Memo[K, V]) put(key K, e entry[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	newest, cached := m.entries[key]
	if cached && newest.began.After(e.began) {
		return
	}
	if !cached && len(m.entries) >= m.maxEntries {
		maps.DeleteFunc(m.entries, func(_ K, old entry[V]) bool { return m.stale(old) })
		if len(m.entries) >= m.maxEntries {
			clear(m.entries)
		}
	}
	m.entries[key] = e
}
