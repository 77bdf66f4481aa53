package bot

import (
	"sync"
	"time"
)

const (
	// recentFor is how long an envelope is remembered at least: Slack's last redelivery comes some five minutes later.
	recentFor = time.Hour
	// recentLimit bounds the memory: under a flood envelopes are forgotten sooner. The store is what really tells
	// duplicates; this is only the cheaper answer.
	recentLimit = 32 << 10
)

// recent remembers envelopes in two generations, of which the older is dropped when the younger is an hour old or full.
type recent struct {
	mu         sync.Mutex
	young, old map[string]*sighting
	turned     time.Time // when young was begun
	stored     *sighting // what every envelope that is done with shares
}

// sighting is an envelope being handed over. stored is set before done is closed.
type sighting struct {
	done   chan struct{}
	stored bool
}

func newRecent() *recent {
	done := make(chan struct{})
	close(done)
	return &recent{young: make(map[string]*sighting), turned: time.Now(), stored: &sighting{done: done, stored: true}}
}

// claim gives the envelope to the caller (mine), who must settle it, or returns whose it is or was.
func (r *recent) claim(id string) (s *sighting, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.young[id]; ok {
		return s, false
	}
	if s, ok := r.old[id]; ok {
		return s, false
	}
	if len(r.young) >= recentLimit || time.Since(r.turned) >= recentFor {
		r.old, r.young, r.turned = r.young, make(map[string]*sighting), time.Now()
	}
	s = &sighting{done: make(chan struct{})}
	r.young[id] = s
	return s, true
}

// settle ends a claim. An envelope that was not stored is forgotten: should it come again, it gets another try.
func (r *recent) settle(id string, s *sighting, stored bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	generation := r.young
	if _, ok := generation[id]; !ok {
		generation = r.old
	}
	switch {
	case !stored:
		delete(generation, id)
	case generation != nil:
		generation[id] = r.stored
	}
	s.stored = stored
	close(s.done)
}
