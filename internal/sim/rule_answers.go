package sim

import (
	"slices"
	"sort"
	"strings"
	"time"

	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// checkAnswers: every act that was acked is stored, and has an answer that its person sees.
func (w *world) checkAnswers(r record) {
	w.mu.Lock()
	acts := slices.Clone(w.acts)
	w.mu.Unlock()
	shown := w.slack.Shown(0)
	used := map[int]bool{}
	for i, a := range acts {
		if _, acked := a.ackedAt(); !acked {
			continue
		}
		if id := a.done.EnvelopeID(); !w.fresh && !slices.Contains(r.stored, id) {
			w.fail("c: acked, not stored", "@%s did %s %s at %s, which was acked as %s, and is not in the database", a.person, a.what, short(a.request), w.clock(a.at), id)
		}
		if !w.answered(a, repeated(acts[i:]), r, shown, used) {
			w.fail("c: no answer", "@%s did %s %s at %s (acked after %s), and saw nothing come of it", a.person, a.what, short(a.request), w.clock(a.at), a.done.AckedAfter())
		}
	}
}

// repeated is when the person of the first of these acts does the same again, or presses
// another button of their Home.
func repeated(acts []*act) time.Time {
	for _, a := range acts[1:] {
		if a.person == acts[0].person && (a.what == acts[0].what || strings.HasPrefix(a.what, "home_")) {
			return a.at
		}
	}
	return acts[0].at.Add(time.Hour)
}

// answered finds what an act's person saw come of it, and uses it up if it was for
// them alone. What is seen after they have done the same again is first of all the answer to
// that.
func (w *world) answered(a *act, again time.Time, r record, shown []slacksim.Showing, used map[int]bool) bool {
	if (!a.click() && !a.home || a.what == "choose_meeting") && w.cardOf(a, r, shown, used) {
		return true // before an answer to something else is taken for this one's
	}
	if a.what == "home_meeting" && w.cardInDM(a, again, shown, used) {
		return true
	}
	if a.click() && changedAfter(a, shown) {
		return true
	}
	if a.what == "opens Home" && w.met["views.publish struck"] > 0 {
		return true // Home is tried for some seconds; opening it again draws it
	}
	if a.drawsHome() && slices.ContainsFunc(shown, func(sh slacksim.Showing) bool {
		return sh.Act == slacksim.ShownHome && sh.User == a.person && !sh.At.Before(a.at)
	}) {
		return true // one drawing answers all that came before it
	}
	if a.what == "opens Home" {
		return false
	}
	for i, sh := range shown {
		if sh.At.Before(a.at) || used[i] {
			continue
		}
		if (a.click() || a.home) && sh.Act == slacksim.ShownModal && sh.User == a.person {
			used[i] = true
			return true
		}
		if sh.Message == nil || sh.Message.User != "U0BOT" {
			continue
		}
		if m := sh.Message; m.EphemeralFor == a.person || m.EphemeralFor == "" && isAnswer(r, a, *m) && m.Channel == w.slack.DM(a.person) {
			used[i] = true
			return true
		}
	}
	return false
}

// isAnswer reports whether a direct message answers an act: it was posted for nothing else,
// or tells whoever asked the owner how that ended.
func isAnswer(r record, a *act, m slacksim.Message) bool {
	id, kind, _ := strings.Cut(effectOf(m), "/")
	return id == "" || a.home && kind == "card" || kind == "asker" && string(r.requests[id].From) == a.request
}

// changedAfter reports whether the card that was clicked has changed.
func changedAfter(a *act, shown []slacksim.Showing) bool {
	return slices.ContainsFunc(shown, func(sh slacksim.Showing) bool {
		if sh.Message == nil || sh.At.Before(a.at) || sh.Message.EphemeralFor != "" {
			return false
		}
		id, _, _ := strings.Cut(effectOf(*sh.Message), "/")
		return id == a.request || sh.Message.Ref == a.ref
	})
}

// cardOf finds the card that a command has led to.
func (w *world) cardOf(a *act, r record, shown []slacksim.Showing, used map[int]bool) bool {
	return postedCard(a, shown, used, func(m slacksim.Message, request string) bool {
		q, known := r.requests[request]
		return known && w.startedBy(q, a) && w.sees(a.person, m)
	})
}

// cardInDM finds the card that a button of Home has led to.
func (w *world) cardInDM(a *act, until time.Time, shown []slacksim.Showing, used map[int]bool) bool {
	shown = shown[:sort.Search(len(shown), func(i int) bool { return shown[i].At.After(until) })]
	return postedCard(a, shown, used, func(m slacksim.Message, _ string) bool { return m.Channel == w.slack.DM(a.person) })
}

// postedCard finds the first card that was posted after an act and is its answer, and uses
// it up.
func postedCard(a *act, shown []slacksim.Showing, used map[int]bool, is func(m slacksim.Message, request string) bool) bool {
	for i, sh := range shown {
		if sh.Message == nil || sh.At.Before(a.at) || used[i] || sh.Act != slacksim.ShownMessage {
			continue
		}
		if id, kind, _ := strings.Cut(effectOf(*sh.Message), "/"); kind == "card" && is(*sh.Message, id) {
			used[i] = true
			return true
		}
	}
	return false
}

// sees reports whether a message is before somebody's eyes: not in what others have with the
// bot.
func (w *world) sees(person string, m slacksim.Message) bool {
	return !slices.ContainsFunc(everybody, func(other string) bool { return other != person && m.Channel == w.slack.DM(other) })
}

// measured is how long a replica may go by what it last knew of the database's clock.
const measured = 2 * time.Second

// startedBy reports whether a request was started by what was typed. A command that
// comes again, because it was not acked, was typed earlier than it was received.
func (w *world) startedBy(q store.Request, a *act) bool {
	until := a.at.Add(time.Hour)
	if acked, ok := a.ackedAt(); ok {
		until = acked
	}
	from, to := w.written(a.at), w.written(until)
	if to.Before(from) { // the clock was set back meanwhile, perhaps only after it was written down
		from, to = to, from.Add(until.Sub(a.at))
	}
	inexact := time.Duration(0) // the database's clock is estimated
	switch {
	case w.real && w.setBetween(a.at.Add(-measured), to):
		inexact = w.allowance() // not measured again yet
	case w.real:
		inexact = 100 * time.Millisecond
	}
	if q.CreatedAt.Before(from.Add(-max(time.Second, inexact))) || q.CreatedAt.After(to.Add(inexact)) {
		return false
	}
	if a.what == "choose_meeting" {
		return string(q.From) == a.request
	}
	return asksFor(a.what, q) && q.Asker == a.person && q.Channel == a.channel
}

// asksFor reports whether a request is about what was typed.
func asksFor(typed string, q store.Request) bool {
	if len(strings.Fields(typed)) < 2 {
		return false // it offers what there is: the card comes with the choice
	}
	if several := len(digits.FindAllString(typed, -1)) != 1; several || q.Batch != nil {
		return several == (q.Batch != nil)
	}
	return strings.Contains(typed, q.Number)
}
