package sim

import (
	"slices"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// checkOwner: the owner is told about a removal, unless they made it.
func (w *world) checkOwner(q store.Request) {
	if !q.Outcome.Removed() || q.ConfirmedBy == carol || w.ownerUnfindable(q) {
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

// checkAsker: a person who had the owner asked is told how that ended.
func (w *world) checkAsker(q store.Request) {
	if q.For == "" || !q.State.Final() || w.everLost(q.Asker, deactivated) {
		return
	}
	switch notices := w.countLast(q.Asker, string(q.ID)+"/asker"); {
	case notices == 0 && toldDirectly(q, cancellation.AskerEffect) && w.isToldAlone(q.Asker, q.ClosedAt):
	case notices == 0:
		w.fail("d: asker", "question %s is %s %s, but the asker was not told", short(string(q.ID)), q.State, q.Outcome)
	case notices > 1 && w.exactlyOnce():
		w.fail("d: asker", "the asker was told %d times how question %s ended", notices, short(string(q.ID)))
	}
}

// isToldAlone reports whether a person was shown something alone since a time on the service's clock.
func (w *world) isToldAlone(person string, since time.Time) bool {
	return slices.ContainsFunc(w.slack.Shown(0), func(sh slacksim.Change) bool {
		return sh.Message != nil && sh.Message.EphemeralFor == person && !w.serviceTimeOf(sh.At).Add(w.allowance()).Before(since)
	})
}

// toldDirectly reports whether people were told in direct messages what this effect should have shown
// or, because those were refused, alone where the meeting was asked about.
func toldDirectly(q store.Request, effect cancellation.EffectKind) bool {
	result := q.Effects[effect].Result
	return result == "direct message" || result == "ephemeral"
}
