package sim

import (
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// checkUnchanged: a card that says at the end that its meeting is unchanged is right.
func (w *world) checkUnchanged(q store.Request, effects []meetingsim.Effect) {
	m, there := w.slack.Message(slacksim.Ref{Channel: q.Card.Channel, TS: q.Card.TS})
	if q.State != cancellation.Done || q.Scope != cancellation.Whole || !there || !strings.Contains(m.Plain(), "It is unchanged") {
		return
	}
	w.count("said to be unchanged")
	until := q.ClosedAt.Add(-time.Second - w.allowance())
	if i := slices.IndexFunc(effects, func(e meetingsim.Effect) bool { return e.At.Before(until) }); i >= 0 {
		w.fail("e: unchanged", "request %s (%s, %s) says at %s that meeting %s is unchanged, but it was removed at %s",
			short(string(q.ID)), q.Outcome, q.Why, w.clock(q.ClosedAt), q.Meeting.ID, w.clock(effects[i].At))
	}
	if c, changed := w.changedInDoubt(q); changed {
		w.fail("e: unchanged", "request %s (%s, %s) says at %s that meeting %s is unchanged, but it was %s at %s",
			short(string(q.ID)), q.Outcome, q.Why, w.clock(q.ClosedAt), q.Meeting.ID, c.what, w.clock(c.at))
	}
}

// runTakes is how old a reading may be when the run that made it records what it means.
const runTakes = 10 * time.Second

// changedInDoubt returns a change to a meeting after a call without an answer and before the reading
// that settled it. A field that the service omitted doesn't show one.
func (w *world) changedInDoubt(q store.Request) (change, bool) {
	if q.Why != meetingapi.ClassUnknownOutcome.String() || w.everOmits() {
		return change{}, false
	}
	from, to := q.Effects[cancellation.CallEffect].BegunAt.Add(w.allowance()), q.ClosedAt.Add(-runTakes-w.allowance())
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.changes, func(c change) bool {
		return c.meeting == q.Meeting.ID && slices.Contains([]string{"renamed", "moved", "started"}, c.what) && c.at.After(from) && c.at.Before(to)
	})
	if i < 0 {
		return change{}, false
	}
	return w.changes[i], true
}
