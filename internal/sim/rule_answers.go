package sim

import (
	"slices"
	"strings"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// checkAnswers: every acked action is stored and answered visibly to the person who did it.
func (w *world) checkAnswers(r record) {
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	shown := w.slack.Shown(0)
	answers := matching{may: map[*act][]int{}, given: map[int]*act{}}
	for _, a := range acts {
		if _, acked := a.ackedAt(); !acked || w.everLost(a.person, deactivated) {
			continue
		}
		if id := a.done.EnvelopeID(); !w.fresh && !slices.Contains(r.stored, id) {
			w.fail("c: acked, not stored", "@%s did %s %s at %s; it was acked as %s but is not in the database", a.person, a.what, short(a.request), w.clock(a.at), id)
		}
		if w.sawChange(a, r, shown) {
			continue
		}
		for i, sh := range shown {
			if !sh.At.Before(a.at) && w.couldAnswer(a, r, sh) {
				answers.may[a] = append(answers.may[a], i)
			}
		}
		if !answers.add(a) {
			w.fail("c: no answer", "@%s did %s %s at %s (acked after %s) and saw no result", a.person, a.what, short(a.request), w.clock(a.at), a.done.AckedAfter())
		}
	}
}

// A matching gives each action an answer of its own. What is shown doesn't always say what it
// answers, so answers are reassigned as long as that helps every action get one.
type matching struct {
	may   map[*act][]int // what was shown that could answer an action
	given map[int]*act   // the action that an answer is assigned to
}

// add finds an answer for an action and reports whether there is one.
func (m matching) add(a *act) bool { return m.find(a, map[int]bool{}) }

func (m matching) find(a *act, tried map[int]bool) bool {
	for _, i := range m.may[a] {
		if tried[i] {
			continue
		}
		tried[i] = true
		if other := m.given[i]; other == nil || m.find(other, tried) {
			m.given[i] = a
			return true
		}
	}
	return false
}

// sawChange reports whether the person saw the result in a place that others see too: on the
// card, or in Home.
func (w *world) sawChange(a *act, r record, shown []slacksim.Change) bool {
	if a.click() && cardChangedAfter(a, r, shown) {
		return true
	}
	return a.drawsHome() && slices.ContainsFunc(shown, func(sh slacksim.Change) bool {
		return sh.Act == slacksim.ShownHome && sh.User == a.person && !sh.At.Before(a.at) // one drawing answers everything before it
	})
}

// couldAnswer reports whether something shown after an action could be the answer to it.
func (w *world) couldAnswer(a *act, r record, sh slacksim.Change) bool {
	switch {
	case a.what == "opens Home":
		return false
	case sh.Act == slacksim.ShownModal:
		return (a.click() || a.home) && sh.User == a.person
	case sh.Message == nil || sh.Message.User != "U0BOT":
		return false
	}
	m := sh.Message
	if sh.Act == slacksim.ShownMessage && (!a.click() && !a.home || a.what == "choose_meeting") {
		id, kind, _ := strings.Cut(effectOf(*m), "/")
		if q, known := r.requests[id]; known && kind == "card" && w.startedBy(q, a) && w.canSee(a.person, *m) {
			return true
		}
	}
	return m.EphemeralFor == a.person || m.EphemeralFor == "" && isAnswer(r, a, *m) && m.Channel == w.slack.DM(a.person)
}

// isAnswer reports whether a direct message answers an action: it was posted for that action or
// for nothing in particular, or it tells the asker how their question to the owner ended.
func isAnswer(r record, a *act, m slacksim.Message) bool {
	id, kind, _ := strings.Cut(effectOf(m), "/")
	return id == "" || strings.HasPrefix(kind, "answer/") || a.home && kind == "card" || strings.HasPrefix(kind, "asker") && string(r.requests[id].From) == a.request
}

// cardChangedAfter reports whether the clicked card was redrawn after the click.
func cardChangedAfter(a *act, r record, shown []slacksim.Change) bool {
	return slices.ContainsFunc(shown, func(sh slacksim.Change) bool {
		if sh.Message == nil || sh.At.Before(a.at) || sh.Message.EphemeralFor != "" {
			return false
		}
		id, _, _ := strings.Cut(effectOf(*sh.Message), "/")
		stands := r.requests[a.request].Card // its metadata may name the previous request, if a response_url replaced it
		return id == a.request || sh.Message.Ref == a.ref || sh.Message.Ref == slacksim.Ref{Channel: stands.Channel, TS: stands.TS}
	})
}

// canSee reports whether a person can see a message: it is not in someone else's direct messages
// with the bot.
func (w *world) canSee(person string, m slacksim.Message) bool {
	return !slices.ContainsFunc(everybody, func(other string) bool { return other != person && m.Channel == w.slack.DM(other) })
}

// remeasured is how long a replica may rely on its last measurement of the database's clock.
const remeasured = 2 * time.Second

// startedBy reports whether a command started a request. A command that Slack resends because
// it was not acked was typed earlier than it was received.
func (w *world) startedBy(q store.Request, a *act) bool {
	until := a.at.Add(time.Hour)
	if acked, ok := a.ackedAt(); ok {
		until = acked
	}
	from, to := w.serviceTimeOf(a.at), w.serviceTimeOf(until)
	if to.Before(from) { // the clock was set back in between, perhaps after the request was recorded
		from, to = to, from.Add(until.Sub(a.at))
	}
	inexact := time.Duration(0) // the database's clock is only estimated; Slack's clock dates the delivery
	switch {
	case w.real && w.clockSetBetween(a.at.Add(-remeasured), to):
		inexact = w.allowance() // not measured again yet
	case w.real:
		inexact = 100 * time.Millisecond
	}
	earliest := from.Add(-max(step.LongestLag, inexact)).Truncate(time.Millisecond) // as exactly as it is stored
	if q.CreatedAt.Before(earliest) || q.CreatedAt.After(to.Add(inexact)) {
		return false
	}
	if a.what == "choose_meeting" {
		return string(q.From) == a.request
	}
	return asksFor(a.what, q) && q.Asker == a.person && q.Channel == a.channel
}

// asksFor reports whether a request is about the meetings in the typed command.
func asksFor(typed string, q store.Request) bool {
	if len(strings.Fields(typed)) < 2 {
		return false // the bot offers a choice first; the card comes after it
	}
	if strings.HasSuffix(typed, room) {
		return q.Number == room
	}
	if several := len(digits.FindAllString(typed, -1)) != 1; several || q.Batch != nil {
		return several == (q.Batch != nil)
	}
	return strings.Contains(typed, q.Number)
}
