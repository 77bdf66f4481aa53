package page

import (
	"slices"
	"sync"
	"time"

	"meetingbot/internal/meetingsim"
)

// trapDelay is how long the answer of the call that springs a trap is held back,
// so that the bot dies after the deed and before it knows.
const trapDelay = 2 * time.Second

// A trap kills the bot as the next call arrives that removes a meeting: its most
// delicate moment.
type trap struct {
	stop chan struct{}
	done sync.WaitGroup
}

// arm sets the trap. Setting it twice is harmless.
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

// trapped reports whether the trap waits.
func (s *Server) trapped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trap != nil
}

// disarm takes the trap back and returns when it is gone.
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
	_ = s.stage.Bot.Kill() // it may have been stopped in the meantime
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

// release takes back the delays that the trap has left for other kinds of call.
func (s *Server) release() {
	m := s.stage.Meetings
	rest := slices.DeleteFunc(m.Faults(), func(f meetingsim.Fault) bool { return f.Kind == meetingsim.FaultSlow && f.Delay == trapDelay })
	m.ClearFaults()
	for _, f := range rest {
		m.Fault(f)
	}
}
