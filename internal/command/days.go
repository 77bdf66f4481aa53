package command

import (
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
