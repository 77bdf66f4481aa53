package handlers

import (
	"context"
	"sync"

	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// readings are meetings that are being read anew for a click while the click is
// still being recorded: the call that follows needs both, and neither needs the
// other. A reading is taken once.
type readings struct {
	mu   sync.Mutex
	made map[cancellation.ID]chan reading
}

// A reading is what the service said.
type reading struct {
	meeting meetingapi.Meeting
	err     error
}

// readAhead begins to read the meeting of a request that is about to be
// confirmed. Whoever begins it takes it, or drops it.
func (h *Handlers) readAhead(r cancellation.Request) {
	made := make(chan reading, 1)
	if h.beside(lookUpTime, func(ctx context.Context) {
		m, err := h.read(ctx, r.Meeting)
		made <- reading{meeting: m, err: err}
	}) {
		h.ahead.put(r.ID, made)
	}
}

// readAnew returns what was read since the click, or reads now.
func (h *Handlers) readAnew(ctx context.Context, r cancellation.Request) (meetingapi.Meeting, error) {
	made := h.ahead.take(r.ID)
	if made == nil {
		return h.read(ctx, r.Meeting)
	}
	select {
	case got := <-made:
		return got.meeting, got.err
	case <-ctx.Done():
		return meetingapi.Meeting{}, ctx.Err()
	}
}

func (a *readings) put(id cancellation.ID, made chan reading) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made == nil {
		a.made = map[cancellation.ID]chan reading{}
	}
	a.made[id] = made
}

// take returns the reading of a request and forgets it; nil if there is none.
func (a *readings) take(id cancellation.ID) chan reading {
	a.mu.Lock()
	defer a.mu.Unlock()
	made := a.made[id]
	delete(a.made, id)
	return made
}
