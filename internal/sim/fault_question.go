package sim

import (
	"time"

	"meetingbot/internal/meetingsim"
)

// questionFault has Dave ask the owner about a meeting that begins soon, so that the question
// expires, usually unanswered, while Slack or the database is away or the process is dead.
func (w *world) questionFault() {
	w.book(forQuestion)
	w.meetings.Change(number(forQuestion), func(m *meetingsim.Meeting) {
		if m.Series == nil && m.State == meetingsim.StateScheduled {
			m.Start = w.began.Add(w.chance.between("question/start", 30*time.Second, 65*time.Second))
		}
	})
	at := w.chance.between("question/at", time.Second/2, 8*time.Second)
	ask := at + w.chance.between("question/ask", 2*time.Second, 5*time.Second)
	w.after(at, func() { w.typeLine(dave, general, "/cancel-meeting "+number(forQuestion)) })
	w.after(ask, func() { w.pressAny("question/ask", dave, "ask_owner") })
	away := ask + w.config.ConfirmTTL + w.chance.between("question/away", -time.Second, 6*time.Second) // the window is sent some seconds after the press
	long := w.chance.between("question/for", time.Second, 40*time.Second)
	w.troubleUntil(w.began.Add(away + long))
	what := pickWeighted(w.chance, "question/what", []weighted[string]{{1, ""}, {2, "chat.update"}, {2, "chat.postMessage"}, {2, "db"}, {1, "dies"}})
	how := pick(w.chance, "question/how", hangs, hangsAfter, lost, lostAfter, refused)
	switch {
	case what == "dies":
		how = what
		w.after(away, func() { w.die("question", w.slots[0], long) })
	case what == "db":
		w.strikes("question", what, "", how, away, long)
	case how == refused:
		w.strikes("question", "slack", what, status503p, away, long)
	default:
		w.strikes("question", "slack", what, how, away, long)
	}
	w.chance.note("question: @%s asks the owner at %s; from %s on for %s, %s %s", dave, w.clock(w.began.Add(ask)), w.clock(w.began.Add(away)), long, what, how)
}

// strikes adds a fault that strikes every time during an interval.
func (w *world) strikes(name, where, place, how string, from, long time.Duration) {
	l := w.aim(name, where, place, how)
	l.from = w.began.Add(from)
	l.to = l.from.Add(long)
}
