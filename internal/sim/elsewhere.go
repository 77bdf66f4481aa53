package sim

import (
	"time"

	"meetingbot/internal/meetingsim"
)

// changeElsewhere changes a meeting without the bot.
func (w *world) changeElsewhere(name string, meetings int) {
	id := number(w.chance.number(name+"/which", meetings))
	what := pickWeighted(w.chance, name+"/what", []weighted[string]{
		{3, "renamed"}, {2, "moved"}, {3, "started"}, {2, "ended"}, {2, "removed"}, {1, dateLess},
	})
	w.changeMeeting(id, what)
}

// changeMeeting changes a meeting in this way, if it can be.
func (w *world) changeMeeting(id, what string) {
	done := false
	switch what {
	case "renamed":
		if m, ok := w.meetings.Meeting(id); ok && m.State != meetingsim.StateCancelled && m.State != meetingsim.StateEnded {
			done = w.meetings.Change(id, func(m *meetingsim.Meeting) { m.Subject = w.newSubject(id) })
		}
	case "moved":
		if m, ok := w.meetings.Meeting(id); ok && m.State == meetingsim.StateScheduled {
			done = w.meetings.Change(id, func(m *meetingsim.Meeting) { m.Start, m.Subject = m.Start.Add(time.Hour), w.newSubject(id) })
		}
	case "started":
		m, ok := w.meetings.Meeting(id)
		done = ok && m.State == meetingsim.StateScheduled && w.meetings.Start(id)
	case "ended":
		done = w.meetings.End(id)
	case "removed":
		done = w.meetings.Forget(id)
	case dateLess, dateMoved, dateMore:
		done = w.changeDates(id, what)
	}
	if done {
		if m, ok := w.meetings.Meeting(id); ok {
			w.recordDates(m.Series)
		}
		w.recordChange(id, what)
	}
}

func (w *world) recordChange(id, what string) {
	w.mu.Lock()
	if what == "started" {
		w.started[id] = time.Now()
	}
	w.changes = append(w.changes, change{at: time.Now(), meeting: id, what: what})
	w.mu.Unlock()
	w.count("elsewhere " + what)
	w.tell("meeting %s is %s without the bot", id, what)
}
