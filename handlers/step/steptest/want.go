package steptest

import (
	"slices"
	"strings"
	"sync"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Trail returns the events of the audit trail, in order.
func (h *Fixture) Trail() string {
	h.t.Helper()
	var events []string
	err := h.Store.Trail.Read(h.t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		events = append(events, string(row.Event))
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Join(events, " ")
}

// WantActor fails the test unless the audit trail has n rows of this event, all by who.
func (h *Fixture) WantActor(event store.Event, who string, n int) {
	h.t.Helper()
	var actors []string
	err := h.Store.Trail.Read(h.t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		if row.Event == event {
			actors = append(actors, row.Actor)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if !slices.Equal(actors, slices.Repeat([]string{who}, n)) {
		h.t.Errorf("the trail says that it was %s by %q, want %d times by %s", event, actors, n, who)
	}
}

// WantIdle fails the test if any jobs are left, except those that watch open cards.
func (h *Fixture) WantIdle() {
	h.t.Helper()
	var left int
	if err := h.Store.DB().QueryRowContext(h.t.Context(), `SELECT count(*) FROM job WHERE step <> 'watch'`).Scan(&left); err != nil {
		h.t.Fatal(err)
	}
	if left > 0 {
		h.t.Errorf("%d jobs are left", left)
	}
}

// Outcome returns the outcome of a request, or its state if it has none.
func Outcome(r store.Request) string {
	if r.State == cancellation.Done {
		return string(r.Outcome)
	}
	return string(r.State)
}

// WantCalls fails the test unless exactly these calls were sent.
func (h *Fixture) WantCalls(sent ...string) {
	h.t.Helper()
	if !slices.Equal(h.Service.Sent(), sent) {
		h.t.Errorf("sent %q, want %q", h.Service.Sent(), sent)
	}
}

// WantSaid fails the test unless who was told these words, or nothing if empty, and the card
// says the others.
func (h *Fixture) WantSaid(who, told, card string) {
	h.t.Helper()
	if all := append(h.Chat.Texts("respond", who), h.Chat.Texts("ephemeral", who)...); told == "" && len(all) > 0 {
		h.t.Errorf("%s was told %q, want nothing but the card", who, all)
	} else if told != "" && !h.Chat.WasTold(who, told) {
		h.t.Errorf("%s was told %q, want %q in it", who, all, told)
	}
	if card != "" && !strings.Contains(h.Chat.Card(), card) {
		h.t.Errorf("the card says %q, want %q in it", h.Chat.Card(), card)
	}
}

// A Tally records what an observer was told, in order.
type Tally struct {
	mu  sync.Mutex
	all []string
}

// Add is the observer.
func (t *Tally) Add(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, what)
}

// All returns everything so far.
func (t *Tally) All() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.all)
}
