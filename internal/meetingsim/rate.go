package meetingsim

import (
	"fmt"
	"time"
)

// A meter counts the calls of each API in the current minute.
type meter map[string]window

type window struct {
	began time.Time
	calls int
}

// count counts the call against its API's limit. It returns the rate headers and
// whether the call is over the limit.
func (s *Server) count(c *call) (header map[string]string, over bool) {
	limit := s.opts.RateLimit
	if limit <= 0 {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := c.route.method + " " + c.route.path
	w := s.meter[key]
	if now := s.now(); now.Sub(w.began) >= time.Minute || now.Before(w.began) {
		w = window{began: now}
	}
	w.calls++
	s.meter[key] = w
	remain := max(limit-w.calls, 0)
	return map[string]string{
		"X-Apig-Ratelimit-Api": fmt.Sprintf("remain:%d,limit:%d,time:1 minute", remain, limit),
	}, w.calls > limit
}
