package socket

import (
	"slices"
	"sync"
	"time"
)

// links are the sockets that are live: Slack has said hello and they have not ended.
type links struct {
	mu    sync.Mutex
	live  []*link       // oldest first
	up    chan struct{} // closed when a link is added; replaced each time
	heard time.Time     // when anything last came in
}

func (s *links) add(l *link) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = append(s.live, l)
	if s.up != nil {
		close(s.up)
		s.up = nil
	}
	return len(s.live)
}

func (s *links) remove(l *link) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = slices.DeleteFunc(s.live, func(x *link) bool { return x == l })
	return len(s.live)
}

// all returns the live links, newest first, and a channel that is closed when another is added.
func (s *links) all() (live []*link, up <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.up == nil {
		s.up = make(chan struct{})
	}
	live = slices.Clone(s.live)
	slices.Reverse(live)
	return live, s.up
}

func (s *links) alive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = time.Now()
}

func (s *links) stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{Connections: len(s.live), LastFrame: s.heard}
}
