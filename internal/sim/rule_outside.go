package sim

import (
	"slices"
	"strings"

	"meetingbot/internal/store"
)

// checkOutside: a person of another organisation asks about nothing, whatever the lists say, and one of
// the organisation's other workspaces isn't taken for a stranger.
func (w *world) checkOutside(r record) {
	for _, row := range r.audit {
		if q := r.requests[string(row.Request)]; row.Event == store.EventAsked && w.isOutside(q.Asker) {
			w.fail("h: outsider", "@%s of another organisation was asked about request %s at %s", q.Asker, short(string(row.Request)), w.clock(row.At))
		}
	}
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	for _, a := range acts {
		switch {
		case a.person != eve || !a.confirms():
		case w.org:
			w.count(memberPressed)
		default:
			w.count(outsiderPressed)
		}
	}
	for _, sh := range w.slack.Shown(0) {
		if w.org && sh.Message != nil && strings.Contains(sh.Message.Plain(), "People from other workspaces") {
			w.fail("h: member", "@%s, of the same organisation, was told at %s: %s", sh.Message.EphemeralFor, w.clock(sh.At), sh.Message.Plain())
		}
	}
}
