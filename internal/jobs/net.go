package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/riverqueue/river"
)

// restAfter is how many ticks River has nothing to do before it is stopped.
const restAfter = 5

// A net is River, awake only while there is something in it. Nearly every step
// is done by its first run; River started and idle wakes the processor twenty
// times a second for nothing.
type net struct {
	client *river.Client[*sql.Tx]

	mu     sync.Mutex
	awake  bool
	ended  bool
	unused int // ticks without a job in it
}

// wake starts River unless it is awake. Its jobs run until ctx ends.
func (n *net) wake(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.unused = 0
	if n.awake || n.ended {
		return nil
	}
	if err := n.client.Start(ctx); err != nil {
		return fmt.Errorf("start job queue: %w", err)
	}
	n.awake = true
	return nil
}

// rest stops River once it has had nothing to do for a while.
func (n *net) rest(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.unused++; !n.awake || n.unused < restAfter {
		return nil
	}
	n.awake = false
	return n.client.Stop(ctx)
}

// end waits until every running job has ended, or ctx has, and keeps River from
// starting again.
func (n *net) end(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ended = true
	if !n.awake {
		return nil
	}
	n.awake = false
	return n.client.Stop(ctx)
}
