package background

import (
	"context"
	"sync"
)

// InFlight counts work in progress, up to a limit, and can wait until there is none.
type InFlight struct {
	Limit int // zero: none

	mu     sync.Mutex
	n      int
	closed bool
	empty  chan struct{} // non-nil while someone waits for n to become 0
}

// Enter counts the caller in, or returns false if InFlight is full or closed. Every successful Enter needs a Leave.
func (f *InFlight) Enter() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.Limit > 0 && f.n >= f.Limit {
		return false
	}
	f.n++
	return true
}

// Follow counts in work that follows from work in progress, which may go on after Close and beyond the limit.
func (f *InFlight) Follow() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
}

// Leave counts the caller out.
func (f *InFlight) Leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n == 0 && f.empty != nil {
		close(f.empty)
		f.empty = nil
	}
}

// Close makes Enter fail from now on.
func (f *InFlight) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
}

// Wait waits until nothing is in progress, if only for a moment, or returns ctx's error.
func (f *InFlight) Wait(ctx context.Context) error {
	f.mu.Lock()
	if f.n == 0 {
		f.mu.Unlock()
		return nil
	}
	if f.empty == nil {
		f.empty = make(chan struct{})
	}
	empty := f.empty
	f.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
