package bot

import "sync"

// crowd counts what is under way, refuses more than its limit, and tells when nobody is left.
type crowd struct {
	mu    sync.Mutex
	n     int
	limit int
	empty chan struct{} // non-nil while somebody waits for n to become 0
}

// enter counts the caller in, who must leave; false if there is no room.
func (c *crowd) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n >= c.limit {
		return false
	}
	c.n++
	return true
}

func (c *crowd) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n--
	if c.n == 0 && c.empty != nil {
		close(c.empty)
		c.empty = nil
	}
}

// gone returns a channel that is closed as soon as nobody is in, if only for a moment.
func (c *crowd) gone() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.empty == nil {
		c.empty = make(chan struct{})
	}
	empty := c.empty
	if c.n == 0 {
		close(empty)
		c.empty = nil
	}
	return empty
}
