package sim

import (
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// checkOwner: the owner is told about a removal, unless they made it.
func (w *world) checkOwner(q store.Request) {
	if !q.Outcome.Removed() || q.ConfirmedBy == carol || w.everLost(carol, deactivated, newAddress) {
		return
	}
	switch notices := w.countLast(carol, string(q.ID)+"/owner"); {
	case notices == 0:
		w.fail("d: owner", "request %s is %s, but the owner was not told", short(string(q.ID)), q.Outcome)
	case notices > 1 && w.exactlyOnce():
		w.fail("d: owner", "the owner was told %d times about request %s", notices, short(string(q.ID)))
	}
}

// checkUses: the owner is told about every use of a delegation, whatever the outcome.
func (w *world) checkUses(r record) {
	for _, row := range r.audit {
		id := row.Detail["request"]
		q, known := r.requests[id]
		if row.Event != store.EventDelegationUsed || w.everLost(carol, deactivated, newAddress) || known && q.State == cancellation.Declined && q.ClosedBy == carol {
			continue
		}
		if w.countTold(carol, id+"/owner") == 0 {
			w.fail("d: owner", "request %s (%s %s) was confirmed by a delegate, but the owner was not told", short(id), q.State, q.Outcome)
		}
	}
}
