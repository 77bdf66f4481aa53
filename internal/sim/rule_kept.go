package sim

import (
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
)

// checkKept: KEEP blanks what has been finished for so long, and what is told afterwards still
// says who and what.
func (w *world) checkKept(r record, now time.Time) {
	if w.config.Keep == 0 {
		return
	}
	shown := w.slack.Shown(0)
	last := map[string]time.Time{} // when something was last shown for a request: until then it had a job
	for _, sh := range shown {
		if sh.Message != nil {
			id, _, _ := strings.Cut(effectOf(*sh.Message), "/")
			last[id] = w.serviceTimeOf(sh.At)
		}
	}
	for id, q := range r.requests {
		done := q.ClosedAt
		for _, other := range r.requests { // what is told together is blanked together
			if at := last[string(other.ID)]; (other.ID == q.ID || other.ID == q.Parent || other.Parent == q.ID) && at.After(done) {
				done = at
			}
		}
		old := done.Add(w.config.Keep + blankEvery + expiryTakes + w.allowance())
		if q.State.Final() && q.Outcome != cancellation.Unknown && !q.ClosedAt.IsZero() && now.After(old) && !r.blanked[id] {
			w.fail("h: kept", "request %s was finished at %s, but is not blanked", short(id), w.clock(q.ClosedAt))
		}
	}
	for _, row := range r.trail {
		if q, known := r.requests[string(row.Request)]; known && r.blanked[string(q.ID)] && row.Salt != "" && row.At.Before(now.Add(-w.config.Keep-2*blankEvery-w.allowance())) {
			w.fail("h: kept", "row %d (%s) of the trail is about request %s, which is blanked, but still names @%s", row.Seq, row.Event, short(string(q.ID)), row.Actor)
		}
	}
	for _, sh := range shown {
		if sh.Message != nil && sh.Act != slacksim.ShownDelete && sh.Message.User == "U0BOT" {
			w.checkNamed(sh.Message.Plain(), sh.At)
		}
	}
}

// checkNamed: a message names the people and the meeting it is about.
func (w *world) checkNamed(text string, at time.Time) {
	for _, nobody := range []string{"<@>", "by @ ", "by @\n", "by @.", "**"} {
		if strings.Contains(text, nobody) {
			w.fail("h: blank", "at %s a message says %q", w.clock(at), text)
		}
	}
}
