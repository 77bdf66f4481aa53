package socket

import (
	"slices"
	"sync"
	"time"
)

// links holds the live sockets: those that Slack has greeted and that haven't ended.
type links struct {
	mu        sync.Mutex
	live      []*link       // oldest first
	up        chan struct{} // closed when the next link is added; nil until requested
	lastFrame time.Time     // when the last frame came in
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

// all returns the live links, newest first, and a channel that is closed when another link is added.
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

func (s *links) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastFrame = time.Now()
}

func (s *links) stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{Connections: len(s.live), LastFrame: s.lastFrame}
}
