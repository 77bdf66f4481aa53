package page

import (
	"slices"
	"sync"
	"time"

	"meetingbot/internal/meetingsim"
)

// trapDelay is how long to hold back the answer to the call that springs a trap, so that
// the bot dies after the cancellation and before it knows.
const trapDelay = 2 * time.Second

// A trap kills the bot when the next call that cancels a meeting arrives, the most delicate
// moment.
type trap struct {
	stop chan struct{}
	done sync.WaitGroup
}

// arm arms the trap. Arming it twice is harmless.
func (s *Server) arm() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trap != nil {
		return nil
	}
	t := &trap{stop: make(chan struct{})}
	s.trap = t
	effects := len(s.stage.Meetings.Effects())
	for _, f := range removals(meetingsim.Fault{Kind: meetingsim.FaultSlow, After: true, Delay: trapDelay, Times: 1}) {
		s.stage.Meetings.Fault(f)
	}
	t.done.Go(func() { s.spring(t, effects) })
	return nil
}

// isArmed reports whether the trap is armed.
func (s *Server) isArmed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trap != nil
}

// disarm disarms the trap and waits until it has ended.
func (s *Server) disarm() {
	s.mu.Lock()
	t := s.trap
	s.trap = nil
	s.mu.Unlock()
	if t != nil {
		close(t.stop)
		t.done.Wait()
	}
}

// spring waits for a new effect and kills the bot.
func (s *Server) spring(t *trap, effects int) {
	pulse, stop := s.stage.Meetings.Watch()
	defer stop()
	for len(s.stage.Meetings.Effects()) == effects {
		select {
		case <-pulse:
		case <-t.stop:
			return
		}
	}
	_ = s.stage.Bot.Kill() // fails if the bot has been stopped since
	s.mu.Lock()
	sprung := s.trap == t
	if sprung {
		s.trap = nil
	}
	s.mu.Unlock()
	if sprung {
		s.release()
	}
}

// release removes the delays that the trap set for the other kinds of call.
func (s *Server) release() {
	m := s.stage.Meetings
	rest := slices.DeleteFunc(m.Faults(), func(f meetingsim.Fault) bool { return f.Kind == meetingsim.FaultSlow && f.Delay == trapDelay })
	m.ClearFaults()
	for _, f := range rest {
		m.Fault(f)
	}
}
