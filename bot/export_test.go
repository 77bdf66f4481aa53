package bot

import "time"

// WaitForSearch has a search go on as if it had waited.
func (c *Client) WaitForSearch() {
	c.pace.mu.Lock()
	defer c.pace.mu.Unlock()
	c.pace.next = time.Time{}
}
