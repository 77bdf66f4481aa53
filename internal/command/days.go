package command

import (
	"errors"
	"time"
)

// MaxDays is how many days one command may cover: any three consecutive months. More
// is probably a typo in the year.
const MaxDays = 92

// A Day is a calendar day as somebody typed it: 2026-12-01, or a word whose meaning
// depends on when and where it is read.
type Day string

// The words for days.
const (
	Today    Day = "today"
	Tomorrow Day = "tomorrow"
)

// Days are the days from From to To, inclusive, in the time zone of the person who
// typed them, which this package does not know. The zero Days are none.
type Days struct {
	From, To Day
}

// IsZero reports whether no days were given.
func (d Days) IsZero() bool { return d == Days{} }

// String returns d as it would be typed: today, 2026-12-01 or 2026-12-01..2026-12-05.
func (d Days) String() string {
	if d.From == d.To {
		return string(d.From)
	}
	return string(d.From) + ".." + string(d.To)
}

// Resolve returns when the first day of d starts and when the day after the last one
// starts, in zone, at the time now. The error is a [*Fault] of kind DaysReversed,
// TooManyDays, DaysPast or BadDay; it has no corrected line, see [Command.Resolve].
// Like [time.Date], Resolve panics if zone is nil: if a person's zone is unknown,
// ask.
func (d Days) Resolve(now time.Time, zone *time.Location) (from, to time.Time, err error) {
	year, month, day := now.In(zone).Date()
	today := calendar(year, month, day)
	first, last, ok := d.dates(today)
	if !ok {
		return from, to, d.fault(BadDay)
	}
	if kind, _ := d.wrong(first, last); kind != 0 {
		return from, to, d.fault(kind)
	}
	if last.Before(today) {
		return from, to, d.fault(DaysPast)
	}
	return midnight(first, zone), midnight(last.AddDate(0, 0, 1), zone), nil
}

func (d Days) fault(k Kind) *Fault { return &Fault{Kind: k, Part: cut(d.String(), MaxPart)} }

// Resolve is [Days.Resolve] for c's days. Its fault has c's corrected line, or else
// its flags.
func (c Command) Resolve(now time.Time, zone *time.Location) (from, to time.Time, err error) {
	from, to, err = c.Days.Resolve(now, zone)
	fault, ok := errors.AsType[*Fault](err)
	if !ok {
		return from, to, err
	}
	year, month, day := now.In(zone).Date()
	first, last, _ := c.Days.dates(calendar(year, month, day))
	if _, c.Days = c.Days.wrong(first, last); fault.Kind == BadDay || c.Days.IsZero() {
		fault.Kept = c.flags()
	} else {
		fault.Corrected = c.String()
	}
	return from, to, fault
}

// check is wrong, as far as that is possible without knowing what day it is.
func (d Days) check() (Kind, Days) {
	if d.From.isWord() != d.To.isWord() {
		return 0, Days{}
	}
	first, last, ok := d.dates(time.Time{})
	if !ok {
		return BadDay, Days{}
	}
	return d.wrong(first, last)
}

func (d Day) isWord() bool { return d == Today || d == Tomorrow }

// dates returns the first and the last day as midnights in UTC, which just stand for
// calendar days.
func (d Days) dates(today time.Time) (first, last time.Time, ok bool) {
	first, ok1 := d.From.date(today)
	last, ok2 := d.To.date(today)
	return first, last, ok1 && ok2
}

func (d Day) date(today time.Time) (time.Time, bool) {
	switch d {
	case Today:
		return today, true
	case Tomorrow:
		return today.AddDate(0, 0, 1), true
	}
	t, err := time.Parse(time.DateOnly, string(d))
	return t, err == nil
}

// wrong returns what is wrong with the length of d, if anything, and the days that
// were probably meant, if any.
func (d Days) wrong(first, last time.Time) (Kind, Days) {
	limit := first.AddDate(0, 0, MaxDays-1)
	switch {
	case last.Before(first) && last.AddDate(0, 0, MaxDays-1).Before(first):
		return DaysReversed, Days{}
	case last.Before(first):
		return DaysReversed, Days{From: d.To, To: d.From}
	case last.After(limit):
		return TooManyDays, Days{From: d.From, To: Day(limit.Format(time.DateOnly))}
	}
	return 0, Days{}
}

func calendar(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// midnight returns the first moment of a calendar day in zone. That is not 00:00
// where clocks go forward at midnight, and 00:00 comes twice where they go back
// across it.
func midnight(date time.Time, zone *time.Location) time.Time {
	year, month, day := date.Date()
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if t.Day() != day { // 00:00 does not exist, and was read as before the change
		_, t = t.ZoneBounds()
		return t
	}
	for before := t.Add(-time.Hour); before.Day() == day; before = before.Add(-time.Hour) {
		t = before
	}
	return t
}
