package sim

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

var moment = regexp.MustCompile(`!date\^(\d+)`)

// momentsIn returns the times that a block or a text names, each to be shown in the reader's zone.
func momentsIn(text string) (all []time.Time) {
	for _, found := range moment.FindAllStringSubmatch(text, -1) {
		if seconds, err := strconv.ParseInt(found[1], 10, 64); err == nil {
			all = append(all, time.Unix(seconds, 0))
		}
	}
	return all
}

// datesOf returns the dates that a person's press of a button is about: those ticked, or all that
// the card shows.
func (w *world) datesOf(person string, b button) []time.Time {
	messages := append(w.slack.Messages(b.m.Channel, person), w.slack.DMs(person)...)
	i := slices.IndexFunc(messages, func(m slacksim.Message) bool { return m.Ref == b.m.Ref })
	if i < 0 {
		return nil // deleted meanwhile
	}
	var all, boxes, ticked []time.Time
	for _, block := range messages[i].Blocks {
		all = append(all, momentsIn(string(block.Raw))...)
		for _, e := range block.Interactive() {
			chosen := messages[i].Chosen(block.BlockID, e.ActionID)
			for _, o := range e.AllOptions() {
				dates := momentsIn(o.Text.Text)
				boxes = append(boxes, dates...)
				if slices.Contains(chosen, o.Value) {
					ticked = append(ticked, dates...)
				}
			}
		}
	}
	if b.ActionID == "cancel_occurrences" && len(boxes) > 0 {
		return ticked
	}
	return all
}

// checkDates: a date of a series is removed only if a confirmed card named it, at its time.
func (w *world) checkDates(e meetingsim.Effect, good []*act) {
	if w.everOmits() {
		return // the card may have shown no dates
	}
	for _, id := range w.removedDates(e) {
		w.mu.Lock()
		start := w.dates[id]
		w.mu.Unlock()
		w.count("a date removed")
		if !slices.ContainsFunc(good, func(a *act) bool { return slices.ContainsFunc(a.dates, start.Equal) }) {
			w.fail("a: date", "%s of meeting %s, at %s, was removed at %s, but no confirmed card named it", id, e.Meeting, start, w.clock(e.At))
		}
	}
}

// removedDates returns the ids of the dates that a call has removed.
func (w *world) removedDates(e meetingsim.Effect) (ids []string) {
	switch m, known := w.meetings.Meeting(e.Meeting); {
	case e.Kind == meetingsim.EffectOccurrence:
		return []string{e.Detail}
	case e.Kind == meetingsim.EffectSeries && known && m.Series != nil:
		for _, o := range m.Series.Occurrences {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// everOmits reports whether the meeting service may leave fields out in this schedule.
func (w *world) everOmits() bool {
	return w.omits != "" || slices.ContainsFunc(w.faults, func(l *fault) bool { return l.how == omitted || l.blinds != "" })
}
