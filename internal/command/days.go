package command

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/command/day"
	"meetingbot/internal/command/shape"
)

type (
	// A Day is a calendar day as typed.
	Day = day.Day
	// Days are the days from one to another, inclusive.
	Days = day.Days
)

// The words for days, and how many days one command may cover.
const (
	Today    = day.Today
	Tomorrow = day.Tomorrow
	MaxDays  = day.Max
)

var kindOf = map[day.Problem]Kind{day.Missing: BadDay, day.Reversed: DaysReversed, day.TooMany: TooManyDays, day.Past: DaysPast}

// Resolve returns when the first of c's days starts and the last one ends, in zone, at
// the time now. The error is a [*Fault] of kind DaysReversed, TooManyDays, DaysPast or
// BadDay, with the corrected line or, if there is none, with c's flags.
func (c Command) Resolve(now time.Time, zone *time.Location) (from, to time.Time, err error) {
	span, wrong, likely := c.Days.Resolve(now, zone)
	if wrong == day.OK {
		return span.From, span.To, nil
	}
	fault := &Fault{Kind: kindOf[wrong], Part: shape.Cut(c.Days.String(), MaxPart)}
	if c.Days = likely; likely.IsZero() {
		fault.Kept = c.flags()
	} else {
		fault.Corrected = c.String()
	}
	return from, to, fault
}

// Current returns f without the lines to copy whose days are over at the time now, in zone:
// Parse doesn't know the date.
func (f *Fault) Current(now time.Time, zone *time.Location) *Fault {
	g := *f
	lines := slices.DeleteFunc(append([]string{f.Corrected}, f.More...), func(line string) bool {
		past := pastDays(line, now, zone)
		if past == nil {
			return line == ""
		}
		g.Kept = cmp.Or(g.Kept, past.Kept)
		if f.Kind != TooManyDays && f.Kind != DaysReversed && f.Kind != BadDay { // else these are other days than were typed
			g.Also = append(slices.Clip(g.Also), Fault{Kind: DaysPast, Part: past.Part})
		}
		return true
	})
	if len(lines) > 0 {
		g.Corrected, g.More, g.Kept = lines[0], lines[1:], f.Kept
		return &g
	}
	g.Corrected, g.More, g.Without = "", nil, nil
	if past := pastDays(Name+" "+f.Kept, now, zone); past != nil {
		g.Kept = past.Kept
	}
	return &g
}

// pastDays returns the fault of a line that would be refused because its days are over; nil
// for any other line.
func pastDays(line string, now time.Time, zone *time.Location) *Fault {
	name, _, _ := strings.Cut(line, " ")
	var fault *Fault
	if c, err := ParseAs(name, line); err == nil && !c.Days.IsZero() {
		_, _, err = c.Resolve(now, zone)
		errors.As(err, &fault)
	}
	if fault == nil || fault.Corrected != "" {
		return nil
	}
	return fault
}
