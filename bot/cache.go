package bot

import (
	"context"
	"maps"
	"sync"
	"time"
)

const (
	// cacheLimit bounds a cache: beyond it stale entries are swept, and if that frees nothing, all of them.
	cacheLimit = 4096
	// loadTimeout bounds a shared load, which no caller's context can end: others may be waiting for it.
	loadTimeout = 15 * time.Second
)

// cache remembers answers for a while and lets callers who ask for the same thing at once share one question.
// Failures are not remembered.
type cache[K comparable, V any] struct {
	ttl   time.Duration // zero: for ever
	mu    *sync.Mutex
	known map[K]remembered[V]
	loads map[K]*load[V]
}

type remembered[V any] struct {
	value V
	at    time.Time
}

// load is a question under way. Its fields are set before done is closed.
type load[V any] struct {
	done  chan struct{}
	value V
	err   error
}

func newCache[K comparable, V any](ttl time.Duration) cache[K, V] {
	return cache[K, V]{ttl: ttl, mu: new(sync.Mutex), known: make(map[K]remembered[V]), loads: make(map[K]*load[V])}
}

// peek returns what is remembered and still fresh.
func (c *cache[K, V]) peek(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.known[key]
	if !ok || c.stale(r) {
		var none V
		return none, false
	}
	return r.value, true
}

func (c *cache[K, V]) stale(r remembered[V]) bool {
	return c.ttl > 0 && time.Since(r.at) >= c.ttl
}

// put remembers a value.
func (c *cache[K, V]) put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= cacheLimit {
		maps.DeleteFunc(c.known, func(_ K, r remembered[V]) bool { return c.stale(r) })
		if len(c.known) >= cacheLimit {
			clear(c.known)
		}
	}
	c.known[key] = remembered[V]{value: value, at: time.Now()}
}

// get returns the remembered value or asks for it. A caller stops waiting when its own context ends; the question goes on
// for the others and for the next one.
func (c *cache[K, V]) get(ctx context.Context, key K, ask func(context.Context) (V, error)) (V, error) {
	if v, ok := c.peek(key); ok {
		return v, nil
	}
	c.mu.Lock()
	l, running := c.loads[key]
	if !running {
		l = &load[V]{done: make(chan struct{})}
		c.loads[key] = l
		go c.run(context.WithoutCancel(ctx), key, l, ask)
	}
	c.mu.Unlock()
	select {
	case <-l.done:
		return l.value, l.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (c *cache[K, V]) run(ctx context.Context, key K, l *load[V], ask func(context.Context) (V, error)) {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	l.value, l.err = ask(ctx)
	if l.err == nil {
		c.put(key, l.value)
	}
	c.mu.Lock()
	delete(c.loads, key)
	c.mu.Unlock()
	close(l.done)
}
