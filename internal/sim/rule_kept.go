package sim

import (
	"regexp"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
)

// checkKept: KEEP blanks what has been finished for so long, once everything that tells of it is
// done.
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
		if jobs := w.keptJobs[id]; r.blanked[id] && len(jobs) > 0 && !w.real { // in real time, one may have ended after it was looked for
			w.fail("h: blanked", "request %s was blanked, but still had to %s", short(id), strings.Join(jobs, ", "))
		}
	}
	for _, row := range r.trail {
		if q, known := r.requests[string(row.Request)]; known && r.blanked[string(q.ID)] && row.Salt != "" && row.At.Before(now.Add(-w.config.Keep-2*blankEvery-w.allowance())) {
			w.fail("h: kept", "row %d (%s) of the trail is about request %s, which is blanked, but still names @%s", row.Seq, row.Event, short(string(q.ID)), row.Actor)
		}
	}
	for _, sh := range shown {
		if sh.Message != nil && sh.Act == slacksim.ShownMessage && sh.Message.User == "U0BOT" && sh.Message.EphemeralFor == "" {
			w.checkNamed(sh.Message.Plain(), sh.At)
		}
	}
}

// anyone matches the sentences that leave open who does something.
var anyone = regexp.MustCompile(`(?i)(unless|ask|let) someone|someone (else|other than)`)

// checkNamed: a message names the people it is about. Its card may lose the names, if it is drawn again
// in case an earlier draw has come to stand above it; so may an answer to a click that was long on its way.
func (w *world) checkNamed(text string, at time.Time) {
	if strings.HasPrefix(text, "This card has already been answered.") {
		return
	}
	if strings.Contains(strings.ToLower(anyone.ReplaceAllString(text, "")), "someone") {
		w.fail("h: blank", "at %s a message says %q", w.clock(at), text)
	}
}
