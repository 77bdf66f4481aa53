package crash

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// verdict compares the final state of a settled story with the promises and returns every
// difference.
func (s *story) verdict(ctx context.Context) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if n := s.Meeting.Cancelled(meeting); n != 1 {
		fault("the meeting was cancelled %d times, want 1", n)
	}
	if n := deletes(s.Meeting.Journal()); n != 1 && !s.mayResend {
		fault("%d DELETE requests were sent, want 1", n)
	}
	said := s.effects()
	for _, kind := range []cancellation.EffectKind{cancellation.CardEffect, cancellation.ThreadEffect, cancellation.OwnerEffect} {
		if n := len(said[kind]); n == 0 || s.exactlyOnce && n != 1 {
			fault("%d messages of kind %s, want 1", n, kind)
		}
	}
	final := 0
	for _, m := range said[cancellation.CardEffect] {
		if len(m.Buttons()) == 0 && strings.Contains(m.Plain(), "ancelled by") {
			final++
		}
	}
	if final == 0 || s.exactlyOnce && final != len(said[cancellation.CardEffect]) {
		fault("%d cards are in their final state, want all of %d", final, len(said[cancellation.CardEffect]))
	}
	return append(faults, s.auditFaults(ctx)...)
}

// auditFaults checks the trail of the confirmed request: every event once, in the right order.
func (s *story) auditFaults(ctx context.Context) (faults []string) {
	var events []string
	err := s.db.Trail.Read(ctx, store.AuditFilter{}, func(row store.AuditRow) error {
		name := string(row.Event)
		if what := row.Detail["what"]; what != "" {
			name += " " + what
		}
		events = append(events, name)
		return nil
	})
	if err != nil {
		return []string{err.Error()}
	}
	count := map[string]int{}
	for _, e := range events {
		count[e]++
	}
	for _, e := range []string{"asked", "confirmed", "calling", "done", "reported final", "reported thread", "notified"} {
		if count[e] != 1 && (e != "calling" || count[e] == 0) {
			faults = append(faults, fmt.Sprintf("audit event %q occurs %d times, want 1 (%s)", e, count[e], strings.Join(events, ", ")))
		}
	}
	if count["requested"] == 0 {
		faults = append(faults, "audit event \"requested\" is missing")
	}
	order := []string{"requested", "confirmed", "calling", "done", "reported thread"}
	for i := 1; i < len(order); i++ {
		if slices.Index(events, order[i-1]) > slices.Index(events, order[i]) {
			faults = append(faults, fmt.Sprintf("audit event %q comes before %q", order[i], order[i-1]))
		}
	}
	return faults
}
