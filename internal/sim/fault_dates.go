package sim

import (
	"fmt"
	"slices"
	"time"

	"meetingbot/internal/meetingsim"
)

// Changes to the dates of a series.
const (
	dateLess  = "a date less"
	dateMoved = "a date moved"
	dateMore  = "a date more"
)

// datesFault has a person ask about a series whose dates change while they choose among them: before
// they press, between the pages, or while it can still be undone.
func (w *world) datesFault() {
	id := number(forDates)
	w.book(forDates)
	w.meetings.Change(id, func(m *meetingsim.Meeting) { w.makeSeries(forDates, m) })
	asker := pick(w.chance, "dates/who", ana, bob, carol)
	line := id
	switch what := w.chance.unit("dates/what"); {
	case what < 0.3:
		asker = carol
		line = w.began.Format(time.DateOnly) + ".." + w.began.AddDate(0, 0, 25).Format(time.DateOnly)
	case what < 0.5:
		line += " " + number(0)
	}
	asked := w.chance.between("dates/at", time.Second/2, w.horizon/2)
	pressed := asked + w.chance.between("dates/press", 2*time.Second, 10*time.Second)
	change := pick(w.chance, "dates/how", dateLess, dateMoved, dateMoved, dateMore)
	changed := pressed + w.chance.between("dates/change", -2*time.Second, 8*time.Second)
	w.after(asked, func() { w.typeLine(asker, general, "/cancel-meeting "+line) })
	w.after(pressed, func() {
		who := pick(w.chance, "dates/presser", asker, ana, bob, carol)
		w.pressAny("dates/press", who, pick(w.chance, "dates/button", "cancel_occurrences", "cancel_series"))
		w.pressAny("dates/review", who, "review_ticked")
	})
	w.after(changed, func() { w.changeMeeting(id, change) })
	w.chance.note("dates: @%s asks about %s at %s and presses at %s; at %s there is %s", asker, line, w.clock(w.began.Add(asked)), w.clock(w.began.Add(pressed)), w.clock(w.began.Add(changed)), change)
}

// makeSeries gives a meeting three dates, a week apart, unless it has some.
func (w *world) makeSeries(i int, m *meetingsim.Meeting) {
	if m.Series != nil {
		return
	}
	m.Series = &meetingsim.Series{}
	for day := range 3 {
		o := meetingsim.Occurrence{ID: fmt.Sprintf("date-%d-%d", i, day), Start: m.Start.AddDate(0, 0, 7*day)}
		m.Series.Occurrences = append(m.Series.Occurrences, o)
	}
	w.recordDates(m.Series)
}

// changeDates changes a series in this way, if it can be.
func (w *world) changeDates(id, what string) bool {
	m, ok := w.meetings.Meeting(id)
	if !ok || m.Series == nil || m.State != meetingsim.StateScheduled || len(m.Series.Occurrences) == 0 || what == dateLess && len(m.Series.Occurrences) < 2 {
		return false
	}
	return w.meetings.Change(id, func(m *meetingsim.Meeting) {
		all := slices.Clone(m.Series.Occurrences)
		last := &all[len(all)-1]
		switch what {
		case dateLess:
			all = all[1:]
		case dateMoved:
			last.Start = last.Start.Add(90 * time.Minute)
		case dateMore:
			all = append(all, meetingsim.Occurrence{ID: last.ID + "-more", Start: last.Start.AddDate(0, 0, 1)})
		}
		m.Series.Occurrences = all
	})
}

// recordDates records when the dates of a series start; s is nil if the meeting isn't one.
func (w *world) recordDates(s *meetingsim.Series) {
	if s == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range s.Occurrences {
		w.dates[o.ID] = o.Start.Truncate(time.Minute)
	}
}
