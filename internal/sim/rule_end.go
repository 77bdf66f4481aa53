package sim

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// checkEnd checks, with the process still running, what must hold once everything has been
// well for a minute.
func (w *world) checkEnd(url string) {
	w.seeAll()
	r := w.restored(w.read(url))
	now := w.serviceNow()
	for _, job := range r.jobs {
		w.fail("d: left undone", "a job is left: %s", job)
	}
	for _, e := range r.open {
		w.fail("d: left undone", "an envelope is left: %s", e)
	}
	for _, q := range r.requests {
		w.checkRequest(r, q, now)
	}
	w.countOutcomes(r)
	w.checkButtons(r, now)
	w.checkAnswers(r)
	w.checkCalls(r)
	w.checkLogins()
	w.checkClaims(r)
	w.checkTrail(r)
	w.checkInvited(r)
	w.checkUses(r)
	w.checkRights(r)
	w.checkDelegations(r)
	w.checkSettings(r)
	w.checkOutside(r)
	w.checkKept(r, now)
	w.checkSlack()
}

// expiryTakes is how long a question may stay open after it has expired.
const expiryTakes = 10 * time.Second

// checkRequest: a request is final or an open question, and its card says so.
func (w *world) checkRequest(r record, q store.Request, now time.Time) {
	standing := q.State == cancellation.Asked && now.Before(q.ExpiresAt.Add(expiryTakes))
	if q.State == cancellation.Received && len(q.Choices) > 0 {
		return // it offers a choice of meetings, and keeps doing so
	}
	if !standing && (!q.State.Final() || q.Outcome == cancellation.Unknown) {
		w.fail("d: left undone", "request %s is %s %s", short(string(q.ID)), q.State, q.Outcome)
		return
	}
	switch {
	case q.Parent != "":
		return // it has no card of its own
	case w.isLost(slacksim.Ref{Channel: q.Card.Channel, TS: q.Card.TS}):
		w.checkLost(q)
		return
	case standing && q.Card.Way == "":
		w.fail("d: left undone", "request %s is asked but has no card", short(string(q.ID)))
		return
	case q.Card.TS == "", q.State == cancellation.Superseded:
		return
	}
	m, there := w.slack.Message(slacksim.Ref{Channel: q.Card.Channel, TS: q.Card.TS})
	if !there {
		w.fail("d: card", "request %s has a card that doesn't exist", short(string(q.ID)))
		return
	}
	if (q.Card.Way == cancellation.ByResponse || m.Channel == foreign) && toldDirectly(q, cancellation.FinalEffect) {
		return // the response_url's five uses were not enough for the card, so the asker was told directly
	}
	w.checkCard(r, q, m, standing)
	w.checkReply(q, m)
	w.checkAsker(q)
}

// checkCard: a card shows its request's state and has the right buttons.
func (w *world) checkCard(r record, q store.Request, m slacksim.Message, standing bool) {
	want := titleOf(q)
	if q.Batch != nil {
		want = titleOfSeveral(r, q)
	}
	if text := m.Plain(); !slices.ContainsFunc(want, func(t string) bool { return strings.Contains(text, t) }) {
		w.fail("d: card", "request %s is %s %s, but its card says %q", short(string(q.ID)), q.State, q.Outcome, firstLine(text))
	}
	left := slices.DeleteFunc(m.Buttons(), func(b slacksim.Button) bool { return b.ActionID == "delegate" })
	if !standing && len(left) > 0 {
		w.fail("d: dead button", "request %s is %s %s, but its card still has the button %q", short(string(q.ID)), q.State, q.Outcome, left[0].Text)
	}
	if standing && len(left) < 2 {
		w.fail("d: card", "request %s is asked, but its card has no buttons", short(string(q.ID)))
	}
}

// titleOfSeveral returns the possible titles of a card for several meetings.
func titleOfSeveral(r record, q store.Request) []string {
	if q.ClosedElsewhere && q.State.Final() {
		return []string{"Nothing left to cancel"}
	}
	switch q.State {
	case cancellation.Asked:
		return []string{"Cancel several meetings?", "Cancel a meeting?", "Cancel 1 meeting?", "Cancel 2 meetings?", "Cancel 3 meetings?", "meetings?", "Cancel and end this meeting?", "End "}
	case cancellation.Declined:
		if q.Why == cancellation.WhyInDoubt {
			return inDoubt
		}
		return []string{"All meetings kept", "Meeting kept"}
	case cancellation.Done:
	case cancellation.Expired, cancellation.Superseded, cancellation.Received, cancellation.Confirmed, cancellation.Calling:
		return titleOf(q)
	}
	parts, gone, doubts := 0, 0, 0
	for _, p := range r.requests {
		if p.Parent == q.ID {
			parts++
			if p.Why == cancellation.WhyInDoubt {
				doubts++
			}
			if p.Outcome.Removed() {
				gone++
			}
		}
	}
	switch {
	case gone == 0 && doubts > 0:
		return inDoubt
	case gone == 0:
		return []string{"No meeting cancelled"}
	case gone < parts:
		return []string{"meetings cancelled\n"}
	}
	return []string{"meeting cancelled", "meetings cancelled", "meeting ended and cancelled", "meetings ended and cancelled"}
}

// inDoubt are the titles of a card that left a meeting alone which another card may have cancelled.
var inDoubt = []string{"Outcome unknown", "Cancellation stopped"}

// titleOf returns the possible titles of a card in its request's state, in product.md's words.
func titleOf(q store.Request) []string {
	if q.ClosedElsewhere && q.State.Final() {
		return []string{"Nothing left to cancel"}
	}
	if q.Why == cancellation.WhyInDoubt && (q.State == cancellation.Done || q.State == cancellation.Declined) {
		return inDoubt
	}
	switch q.State {
	case cancellation.Asked:
		return []string{
			"Cancel this meeting?", "End this meeting for everyone?", "This meeting has started",
			"Cancel dates or the whole series?", "Cancel the whole series?", "Cancel the chosen date?", "Cancel the chosen dates?",
		}
	case cancellation.Declined:
		return []string{"Meeting kept", "Cancellation undone", "Cancellation stopped"}
	case cancellation.Expired:
		return []string{"Question expired"}
	case cancellation.Superseded:
		return []string{"Card replaced"}
	case cancellation.Done, cancellation.Received, cancellation.Confirmed, cancellation.Calling:
	}
	switch q.Outcome {
	case cancellation.Cancelled:
		return []string{"Meeting cancelled", "Series cancelled", "date cancelled", "dates cancelled"}
	case cancellation.Ended:
		return []string{"Meeting ended and cancelled", "Series cancelled", "date cancelled", "dates cancelled"}
	case cancellation.Gone:
		return []string{"Meeting already gone"}
	case cancellation.Refused:
		return []string{"Not cancelled"}
	case cancellation.Failed:
		return []string{"Cancelling failed"}
	case cancellation.Unknown:
	}
	return []string{"Outcome unknown"}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// checkReply: the outcome is reported in the thread, and to the owner unless they caused it.
func (w *world) checkReply(q store.Request, m slacksim.Message) {
	if q.State != cancellation.Done {
		return
	}
	replies := 0
	for _, r := range w.slack.Thread(m.Ref, w.readerOf(q)) {
		if effectOf(r) == string(q.ID)+"/thread" {
			replies++
		}
	}
	told := q.Effects[cancellation.ThreadEffect].Result
	switch {
	case replies == 0 && told != "another way" && !toldDirectly(q, cancellation.ThreadEffect):
		w.fail("d: thread", "request %s is %s, but its thread doesn't say so (%q)", short(string(q.ID)), q.Outcome, told)
	case replies > 1 && q.Card.Way != cancellation.ByResponse && m.Channel != foreign && w.exactlyOnce(): // it may not look there
		w.fail("d: thread", "request %s is reported %d times in its thread", short(string(q.ID)), replies)
	}
	w.checkOwner(q)
}

// readerOf returns a person who sees the card of a request.
func (w *world) readerOf(q store.Request) string {
	for _, person := range everybody {
		if q.Card.Channel == w.slack.DM(person) {
			return person
		}
	}
	return q.Asker
}

// exactlyOnce reports whether nothing may be told twice: the bot may search for its own messages, it
// always got an answer, and no clock was set so far that a lease ran out during its run.
func (w *world) exactlyOnce() bool {
	// The bot believes Slack when it says that the scope for searching is missing.
	return w.scopes && w.met["slack "+noScope+" struck"] == 0 && w.met["unsure chat.postMessage"] == 0 && w.allowance() < 10*time.Second
}

// countTold counts a person's direct messages that were posted for an effect.
func (w *world) countTold(person, effect string) (n int) {
	for _, d := range w.slack.DMs(person) {
		if e := effectOf(d); e == effect || strings.HasPrefix(e, effect+"/") {
			n++
		}
	}
	return n
}

// countLast is countTold without what was told before the outcome was known.
func (w *world) countLast(person, effect string) int {
	return w.countTold(person, effect) - w.countTold(person, effect+"/again") - w.countTold(person, effect+"/unknown")
}

// effectOf returns the effect that a message of the bot was posted for.
func effectOf(m slacksim.Message) string {
	var meta struct {
		Payload map[string]any `json:"event_payload"`
	}
	if json.Unmarshal(m.Metadata, &meta) != nil {
		return ""
	}
	effect, _ := meta.Payload["effect"].(string)
	return effect
}

// staysOpen reports whether a button is an offer that stays open, not an answer to a card.
func staysOpen(b button) bool {
	return slices.Contains([]string{"ask_owner", "choose_meeting", "delegate"}, b.ActionID)
}

// checkButtons: no button is left that does nothing.
func (w *world) checkButtons(r record, now time.Time) {
	if w.met["unsure chat.postMessage"]+w.met["unsure response_url"] > 0 || !w.scopes {
		return // a second card that the bot doesn't know about keeps its buttons
	}
	for _, person := range everybody {
		for _, b := range w.buttons(person) {
			if staysOpen(b) || w.isLost(b.m.Ref) {
				continue
			}
			q, known := r.requests[b.Value]
			if b.m.EphemeralFor != "" && w.isLost(slacksim.Ref{Channel: q.Card.Channel, TS: q.Card.TS}) {
				continue // what was shown to one person in place of a deleted card can't be changed
			}
			if !known {
				w.fail("d: dead button", "the button %q is for request %s, which doesn't exist", b.Text, short(b.Value))
				continue
			}
			if q.Card.Way == cancellation.ByResponse && (b.m.TS != q.Card.TS || q.ConfirmedBy == "" && q.ClosedBy == "") {
				continue // a message posted through a command's response_url can be neither found nor changed
			}
			if q.State != cancellation.Asked || !now.Before(q.ExpiresAt.Add(expiryTakes)) {
				w.fail("d: dead button", "the button %q is for request %s, which is %s %s", b.Text, short(b.Value), q.State, q.Outcome)
			}
		}
	}
}

// checkSlack: Slack's own rules were not broken, except by a process that was frozen, or by a
// call that was slow or resent because its answer was lost.
func (w *world) checkSlack() {
	for _, v := range w.slack.Violations() {
		if strings.Contains(v, "acknowledged") && strings.Contains(v, "within") || strings.Contains(v, "acknowledged after") || strings.Contains(v, "response URL was used more than") || strings.Contains(v, "a trigger_id was used") || w.met[cardDeleted] > 0 && strings.Contains(v, "replace_original without an original") {
			continue
		}
		w.fail("slack", "%s", v)
	}
}
