package bot

import (
	"slices"
	"sync"
	"time"
)

// links are the sockets that are live: Slack has said hello and they have not ended.
type links struct {
	mu    sync.Mutex
	live  []*link       // oldest first
	up    chan struct{} // closed when a link is added; made anew each time somebody waits
	heard time.Time     // when anything last came in
	told  int           // connections of the app that Slack counted at the last hello
}

func (s *links) add(l *link) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = append(s.live, l)
	s.told = l.hello.NumConnections
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

// all returns the live links, newest first, and a channel that is closed when there is one more.
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

// Stats is the state of the wire, for health checks and metrics.
type Stats struct {
	Connections int       // sockets live now
	LastFrame   time.Time // when Slack last sent anything, pings included; zero if never
	// NumConnections is how many sockets of this app Slack counted at the last hello: more than expected are somebody
	// else's, or leaked.
	NumConnections int
}

// Stats returns the state of the wire.
func (b *Bot) Stats() Stats {
	b.links.mu.Lock()
	defer b.links.mu.Unlock()
	return Stats{Connections: len(b.links.live), LastFrame: b.links.heard, NumConnections: b.links.told}
}

// Ready reports whether commands and clicks reach this bot, and if not, why. An idle bot is ready: Slack's pings suffice.
func (b *Bot) Ready() (ok bool, reason string) {
	if isClosed(b.closing) {
		return false, "stopping"
	}
	s := b.Stats()
	switch {
	case s.LastFrame.IsZero():
		return false, "not connected to Slack yet"
	case s.Connections == 0:
		return false, "the connection to Slack is lost"
	case time.Since(s.LastFrame) > b.cfg.ReadDeadline:
		return false, "Slack has been silent for " + time.Since(s.LastFrame).Round(time.Second).String()
	}
	return true, ""
}
