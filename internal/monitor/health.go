package monitor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Health remembers whether the last write to the database succeeded. From a failed write
// to the next successful one, people are told that their command could not be stored, and
// the process is not ready.
//
// The zero Health is ready to use, and healthy.
type Health struct {
	mu     sync.Mutex
	failed error
	since  time.Time
}

// Wrote records the result of a write: nil if it was committed. It ignores a canceled
// write, which says nothing about the database.
func (h *Health) Wrote(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil && h.failed == nil {
		h.since = time.Now()
	}
	h.failed = err
}

// Check returns why the last write failed, or nil.
func (h *Health) Check() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failed == nil {
		return nil
	}
	return fmt.Errorf("writes have been failing since %s: %w", h.since.UTC().Format(time.RFC3339), h.failed)
}
