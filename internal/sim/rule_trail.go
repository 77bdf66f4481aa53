package sim

import (
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// checkTrail: the audit trail agrees with the meeting service's journal.
func (w *world) checkTrail(r record) {
	began := map[string][]time.Time{} // calls about to be sent, by meeting
	said := map[string]int{}          // outcomes that say removed, by meeting
	state := map[string]string{}      // last event, by request
	for _, row := range r.audit {
		id := string(row.Request)
		if row.Event == store.EventBlanked {
			continue // about many
		}
		if !strings.HasPrefix(string(row.Event), "delegat") && !follows(state[id], string(row.Event)) {
			w.fail("f: trail", "request %s: %s follows %s", short(id), row.Event, state[id])
		}
		if slices.Contains(besides, row.Event) {
			continue
		}
		switch row.Event {
		case "delegated", "delegation_used", "delegation_revoked":
			continue // about a delegation, not a request
		case "calling":
			began[row.Meeting] = append(began[row.Meeting], row.At)
		case "done":
			// A card for several meetings names none here; its parts have rows of their own.
			if row.Meeting != "" && cancellation.Outcome(row.Detail["outcome"]).Removed() {
				said[row.Meeting]++
			}
		}
		state[id] = string(row.Event)
	}
	for _, e := range w.removals("") {
		arrived := w.meetings.Journal()[e.Call].At
		if !slices.ContainsFunc(began[e.Meeting], func(t time.Time) bool { return !t.After(arrived.Add(w.allowance())) }) {
			w.fail("f: trail", "meeting %s was removed by a call that arrived at %s, but the trail has none that began before: %v", e.Meeting, w.clock(arrived), began[e.Meeting])
		}
		if said[e.Meeting] == 0 {
			w.fail("f: trail", "meeting %s was removed, but the trail doesn't say so", e.Meeting)
		}
	}
	for meeting, n := range said {
		if n > w.removalCalls(meeting) && !w.removedElsewhere(r, meeting) {
			w.fail("f: trail", "the trail says %d times that meeting %s was removed", n, meeting)
		}
	}
	w.checkChain(r)
	w.checkActors(r)
	calls := map[string]int{}
	for _, c := range w.calls {
		if c.place == "cancel" && c.status != 401 {
			calls[c.meeting]++
		}
	}
	for meeting, n := range calls {
		if n > len(began[meeting]) {
			w.fail("f: trail", "%d calls for meeting %s arrived, but the trail has %d", n, meeting, len(began[meeting]))
		}
	}
}

// besides are the events that leave a request's state alone.
var besides = []store.Event{store.EventReported, store.EventNotified, store.EventReason, store.EventInvited, store.EventMuted, store.EventUndoLate}

// follows reports whether an event may follow another in a request's trail.
func follows(before, event string) bool {
	may := map[string][]string{
		"":            {"requested"},
		"requested":   {"asked", "asked_owner", "confirmed", "refused", "expired"}, // a part is confirmed together with its card
		"asked":       {"confirmed", "declined", "expired", "superseded", "refused", "done"},
		"confirmed":   {"calling", "undone", "superseded", "done"},
		"calling":     {"calling", "call_failed", "done", "superseded", "undone"},
		"call_failed": {"calling", "done", "superseded", "undone"},
		"undone":      {"done"}, // its meeting was gone, or an earlier call got no answer
		"done":        {"done"},
		"superseded":  nil,
	}
	if slices.Contains(besides, store.Event(event)) {
		return before != ""
	}
	if before == "asked_owner" {
		before = "asked"
	}
	return slices.Contains(may[before], event)
}

// checkChain: rows are numbered without gaps, and each carries the hash of the one before.
func (w *world) checkChain(r record) {
	before := ""
	for i, row := range r.trail {
		if row.Seq != int64(i+1) || row.Prev != before || row.Check() != nil {
			w.fail("f: chain", "row %d of the trail has number %d and previous hash %q, but the row before has hash %q (%v)", i+1, row.Seq, row.Prev, before, row.Check())
			return
		}
		before = row.Hash
	}
}

// buttonsOf lists the buttons that lead to an event in the trail.
var buttonsOf = map[store.Event][]string{
	store.EventConfirmed: {"cancel_meeting", "end_meeting", "cancel_series", "cancel_occurrences", "cancel_ticked"},
	store.EventDeclined:  {"keep_meeting", "dont_ask_again"},
	store.EventUndone:    {"undo", "stop_waiting"},
	store.EventUndoLate:  {"undo", "stop_waiting"},
	store.EventMuted:     {"dont_ask_again"},
	store.EventDelegated: {"delegate_window"},
}

// checkActors: the person named in the trail really did it.
func (w *world) checkActors(r record) {
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	for _, row := range r.audit {
		buttons, known := buttonsOf[row.Event]
		about := row.Request
		if parent := r.requests[string(about)].Parent; parent != "" {
			about = parent
		}
		did := func(a *act) bool {
			return a.person == row.Actor && slices.Contains(buttons, a.what) && (a.request == string(about) || row.Event == store.EventDelegated)
		}
		if known && !slices.ContainsFunc(acts, did) {
			w.fail("f: actor", "the trail says that @%s %s request %s, but they didn't", row.Actor, row.Event, short(string(row.Request)))
		}
	}
}
