package many

import (
	"context"
	"strings"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// A remainder is what doesn't fit on one card for several days, and what to type for it:
// numbers and dates for the rest of the card's last day, and days for everything later.
type remainder struct {
	*days
	last command.Day // on the card

	count   int
	numbers []string          // of the meetings on the last day
	dates   []command.Command // for dates of series on that day
	next    time.Time         // the first start on another day
}

// cut keeps the earliest items that fit on one card, and says how to ask for the rest.
func (d *days) cut(b *cancellation.Batch, most int, unread []candidate) {
	kept := min(most, len(b.Items))
	r := &remainder{days: d}
	if kept > 0 {
		r.last = dayOf(b.Start(b.Items[kept-1]), d.zone)
	}
	for _, it := range b.Items[kept:] {
		r.add(b.Meetings[it.Meeting], b.Start(it))
	}
	for _, c := range unread {
		r.add(c.meeting, c.first)
		for _, o := range c.meeting.Occurrences {
			if d.contains(o.Start) && !o.Start.Equal(c.first) {
				r.add(c.meeting, o.Start)
			}
		}
	}
	b.Items, b.More, b.MoreLine = b.Items[:kept], r.count, r.typed(most)
}

// add counts a meeting, or the date of a series, that starts at start.
func (r *remainder) add(m cancellation.Meeting, start time.Time) {
	r.count++
	switch {
	case dayOf(start, r.zone) != r.last:
		if r.next.IsZero() || start.Before(r.next) {
			r.next = start
		}
	case m.Recurring:
		r.dates = append(r.dates, r.commandFor(m, start))
	default:
		r.numbers = append(r.numbers, m.Typed())
	}
}

// typed returns the commands that ask for the rest, one a line, each with at most most
// numbers.
func (r *remainder) typed(most int) string {
	c := r.In.Command
	var all []command.Command
	if len(r.numbers) > 0 {
		all = command.Command{Verb: command.CancelMany, As: c.As, Numbers: r.numbers, End: c.End, Reason: c.Reason}.Portions(most)
	}
	all = append(all, r.dates...)
	if !r.next.IsZero() {
		c.Days = daysBetween(r.next, r.until, r.zone)
		all = append(all, c)
	}
	return strings.Join(lines(all), "\n")
}

// commandFor returns the command for one meeting, or for the date of a series, that starts
// at start.
func (d *days) commandFor(m cancellation.Meeting, start time.Time) command.Command {
	c := command.Command{Verb: command.Cancel, As: d.In.Command.As, Number: m.Typed(), End: d.In.Command.End, Reason: d.In.Command.Reason}
	if m.Recurring {
		at := start.In(d.zone)
		c.Occurrence = command.Occurrence{Date: at.Format(time.DateOnly), Time: at.Format("15:04")}
	}
	return c
}

// oneByOne answers with a command for each meeting, if the operator wants no cards with
// several.
func (d *days) oneByOne(ctx context.Context, b *cancellation.Batch, unread []candidate) error {
	if len(b.Items) == 0 {
		d.cut(b, 1, unread)
		return d.offerAll(ctx, b)
	}
	var all []command.Command
	for _, it := range b.Items {
		all = append(all, d.commandFor(b.Meetings[it.Meeting], b.Start(it)))
	}
	return d.RefuseWith(ctx, d.R, answer.Answer{Kind: answer.TooManyNumbers}, batch.OneByOne(d.Page(), *b, lines(all), len(unread)))
}

// askAgainLine returns the command that asks for the same meetings again, with dates:
// "tomorrow" may be another day by the time it is copied.
func askAgainLine(a *ask.Asking) string {
	c := a.In.Command
	if zone, known := step.ZoneOf(a.Person); known && !c.Days.IsZero() {
		if from, until, err := c.Resolve(a.In.At, zone); err == nil {
			c.Days = daysBetween(from, until, zone)
		}
	}
	return c.String()
}

// daysBetween returns the days from one moment to another, as dates.
func daysBetween(from, until time.Time, zone *time.Location) command.Days {
	return command.Days{From: dayOf(from, zone), To: dayOf(until.Add(-time.Second), zone)}
}

// dayOf returns the calendar day of t.
func dayOf(t time.Time, zone *time.Location) command.Day {
	return command.Day(t.In(zone).Format(time.DateOnly))
}

// lines returns commands as they are typed.
func lines(all []command.Command) []string {
	typed := make([]string, len(all))
	for i, c := range all {
		typed[i] = c.String()
	}
	return typed
}
