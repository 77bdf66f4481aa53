package sim

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// removed are the phrases for a meeting that was removed through the bot.
var removed = []string{
	"Meeting cancelled", "Meeting ended and cancelled", "Your meeting was cancelled", "Your meeting was ended",
	"Series cancelled", "date cancelled", "dates cancelled", "Your series was cancelled", "A date of your series was cancelled", "Dates of your series were cancelled",
	"A meeting you were invited to was cancelled", "A meeting you were invited to was ended",
	"A series you were invited to was cancelled", "A date of a series you were invited to was cancelled", "Dates of a series you were invited to were cancelled",
}

// gone are the phrases for a meeting that no longer exists, no matter who removed it.
var gone = []string{"is not among the upcoming and running meetings", "has already ended", "Meeting already gone", "Nothing left to cancel"}

var digits = regexp.MustCompile(`914[ -]?000[ -]?00\d`)

// checkShown: a message that says a meeting was cancelled is true.
func (w *world) checkShown(sh slacksim.Change) {
	if sh.Message == nil || sh.Act == slacksim.ShownDelete || sh.Message.User != "U0BOT" {
		return
	}
	text := sh.Message.Plain()
	w.logShown(sh, text)
	says := func(words []string) bool {
		return slices.ContainsFunc(words, func(t string) bool { return strings.Contains(text, t) })
	}
	switch meeting := meetingIn(text); {
	case strings.Contains(text, "not be found in Slack"), strings.Contains(text, "n't be found in Slack"):
		if w.everLost(carol, deactivated, newAddress) {
			return
		}
		w.fail("e: false", "at %s a message says %q, but everyone can be found", w.clock(sh.At), text)
	case says(removed):
		w.checkRemoved(meeting, sh.At, firstLine(text))
	case says(gone) && meeting != "" && !w.goneBy(meeting, sh.At):
		w.fail("e: false", "at %s a message says %q about meeting %s, but it still exists", w.clock(sh.At), firstLine(text), meeting)
	}
	if sh.Act == slacksim.ShownMessage && (strings.Contains(text, "Scheduled, not started") || strings.Contains(text, "It hasn't started")) {
		w.checkNotStarted(text, sh.At)
	}
	for _, line := range removalClaims(text) {
		for _, meeting := range aboutMeetings(line) {
			w.checkRemoved(meeting, sh.At, line)
		}
	}
}

// meetingIn returns the meeting that a message is about, by its number, or by its subject if it has that
// of a room; empty if none.
func meetingIn(text string) string {
	found := digits.FindString(text)
	if all := aboutMeetings(text); found == "" && len(all) > 0 {
		return all[0]
	}
	return strings.NewReplacer(" ", "", "-", "").Replace(found)
}

// checkNotStarted: a meeting described as not started has not, or only just did.
func (w *world) checkNotStarted(text string, at time.Time) {
	for _, id := range aboutMeetings(text) {
		w.mu.Lock()
		since, started := w.started[id]
		w.mu.Unlock()
		if started && at.After(since.Add(readTakes)) && !w.goneBy(id, at) {
			w.fail("e: false", "at %s a message says meeting %s has not started, but it started at %s", w.clock(at), id, w.clock(since))
		}
	}
}

// readTakes is how old a reading of the meeting may be when a person sees it.
const readTakes = 75 * time.Second

// checkRemoved: a message that says the bot removed a meeting is true. A claim without an
// effect is judged at the end, when it is known which calls had begun.
func (w *world) checkRemoved(meeting string, at time.Time, text string) {
	if !slices.ContainsFunc(w.removals(meeting), func(e meetingsim.Effect) bool { return !e.At.After(at) }) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.unproven = append(w.unproven, claim{meeting, at, text})
	}
}

// A claim is a statement about a meeting that a person has read.
type claim struct {
	meeting string
	at      time.Time
	text    string
}

// goneBy reports whether some part of a meeting had been removed or ended by then, by anyone.
func (w *world) goneBy(meeting string, at time.Time) bool {
	if slices.ContainsFunc(w.removals(meeting), func(e meetingsim.Effect) bool { return !e.At.After(at) }) {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.changes, func(c change) bool { return c.meeting == meeting && c.removes() && !c.at.After(at) })
}

var (
	severalGone  = regexp.MustCompile(`^\d+ (of \d+ )?meetings? (ended and )?cancelled$`)
	severalTheir = regexp.MustCompile(`^\d+ of your meetings? (was|were) cancelled$`)
)

// removalClaims returns the lines of a card for several meetings, of its reply or of its notice that
// say a meeting was removed.
func removalClaims(text string) (all []string) {
	title := firstLine(text)
	gone := severalTheir.MatchString(title)
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "Not cancelled"), strings.HasPrefix(line, "Not known yet"), strings.HasPrefix(line, "Of these it is not known"):
			gone = false
		case line == "Cancelled":
			gone = severalGone.MatchString(title)
		case strings.HasSuffix(line, "was already gone"), strings.HasSuffix(line, ": not cancelled"), strings.HasSuffix(line, ": kept: stopped in time"):
		case gone, strings.HasSuffix(line, ": cancelled"), strings.HasSuffix(line, ": ended for everyone and cancelled"):
			all = append(all, line)
		}
	}
	return all
}

// logShown adds what people see to the transcript, at the time when they saw it.
func (w *world) logShown(sh slacksim.Change, text string) {
	who := sh.Message.Channel
	if sh.Message.EphemeralFor != "" {
		who = "@" + sh.Message.EphemeralFor + " alone"
	}
	lines := strings.SplitN(text, "\n", 3)
	var buttons []string
	for _, b := range sh.Message.Buttons() {
		buttons = append(buttons, "["+b.Text+"]")
	}
	w.logAt(sh.At, "%s in %s, %s: %s %s", sh.Act, who, sh.Message.TS, strings.Join(lines[:min(2, len(lines))], " | "), strings.Join(buttons, " "))
}

// checkClaims: what the requests say at the end is what has happened.
func (w *world) checkClaims(r record) {
	w.mu.Lock()
	unproven := w.unproven
	w.mu.Unlock()
	for _, c := range unproven {
		if !w.removedElsewhere(r, c.meeting) {
			w.fail("e: false", "at %s a message says %q about meeting %s, which is false", w.clock(c.at), c.text, c.meeting)
		}
	}
	claims, doubts := map[string]int{}, map[string]int{}
	for _, q := range r.requests {
		if q.Outcome == cancellation.Gone && q.Effects[cancellation.CallEffect].Begun() {
			doubts[q.Meeting.ID]++ // the service doesn't say whether it was this request's call
		}
		if q.State == cancellation.Done && q.Outcome.Removed() && q.Batch == nil {
			claims[q.Meeting.ID]++
		}
	}
	for meeting, n := range claims {
		effects, other := w.removalCalls(meeting), 0
		if w.removedElsewhere(r, meeting) {
			other = 1
		}
		if n > effects+other || n+doubts[meeting]+other < effects {
			w.fail("e: false", "%d requests say that they removed meeting %s, but %d calls did", n, meeting, effects)
		}
	}
	for _, e := range w.removals("") {
		if claims[e.Meeting] == 0 {
			w.fail("e: false", "meeting %s was removed at %s, but no request says so: %s", e.Meeting, w.clock(e.At), w.outcomesOf(r, e.Meeting))
		}
	}
	for _, q := range r.requests {
		if q.Batch == nil {
			w.checkClaim(r, q)
		}
	}
	w.checkInTime(r)
}

// checkInTime: a person who clicked in time doesn't read that the card has expired.
func (w *world) checkInTime(r record) {
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	late := map[string]bool{} // people who clicked after expiry, or may have
	for _, a := range acts {
		q, known := r.requests[a.request]
		if at, acked := a.ackedAt(); a.click() && (!known || !acked || at.After(q.ExpiresAt.Add(-w.allowance()))) {
			late[a.person] = true
		}
	}
	for _, sh := range w.slack.Shown(0) {
		if sh.Message == nil || sh.Message.EphemeralFor == "" || late[sh.Message.EphemeralFor] {
			continue
		}
		if strings.Contains(sh.Message.Plain(), "This card has expired") {
			w.fail("e: false", "@%s is told at %s that the card has expired, but had clicked in time", sh.Message.EphemeralFor, w.clock(sh.At))
		}
	}
}

func (w *world) outcomesOf(r record, meeting string) string {
	var all []string
	for _, q := range r.requests {
		if q.Meeting.ID == meeting {
			all = append(all, strings.TrimSpace(short(string(q.ID))+" "+string(q.State)+" "+string(q.Outcome)+" "+q.Why))
		}
	}
	return strings.Join(all, ", ")
}

// checkClaim: a meeting reported as "already gone" is gone, and one reported as ended
// was running.
func (w *world) checkClaim(r record, q store.Request) {
	m, known := w.meetings.Meeting(q.Meeting.ID)
	alive := known && m.State != meetingsim.StateCancelled && m.State != meetingsim.StateEnded
	if q.State == cancellation.Done && q.Outcome == cancellation.Gone && alive && q.Scope != cancellation.Occurrence {
		w.fail("e: false", "request %s says that meeting %s is gone, but it is %s", short(string(q.ID)), q.Meeting.ID, m.State)
	}
	if q.Owner.Result == cancellation.NoticeNotFound && !w.ownerUnfindable(q) {
		w.fail("e: false", "request %s says that the owner could not be found in Slack, but she can", short(string(q.ID)))
	}
	effects := w.removals(q.Meeting.ID)
	w.checkUnchanged(q, effects)
	ended := func(e meetingsim.Effect) bool { return e.Kind != meetingsim.EffectCancel }
	if q.State == cancellation.Done && q.Outcome == cancellation.Ended && !slices.ContainsFunc(effects, ended) && !w.removedElsewhere(r, q.Meeting.ID) {
		w.fail("e: false", "request %s says that meeting %s was ended, but it was not running", short(string(q.ID)), q.Meeting.ID)
	}
}

// reliedOn is how long after a reading that found the meeting the call may follow.
const reliedOn = 3 * time.Second

// removedElsewhere reports whether someone removed a meeting without the bot while one of the
// bot's calls for it was under way or given up, or may have been sent by a process that died.
// The bot can't know then whose removal it was.
func (w *world) removedElsewhere(r record, meeting string) bool {
	var began []time.Time
	for _, q := range r.requests {
		if e := q.Effects[cancellation.CallEffect]; q.Meeting.ID == meeting && e.Begun() {
			began = append(began, e.BegunAt.Add(-w.allowance()))
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, call := range w.calls {
		if call.meeting == meeting && call.place == "cancel" {
			began = append(began, call.at.Add(-reliedOn))
		}
	}
	return slices.ContainsFunc(w.changes, func(c change) bool {
		return c.removes() && c.meeting == meeting && slices.ContainsFunc(began, c.at.After)
	})
}
