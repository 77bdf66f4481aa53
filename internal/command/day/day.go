// Package day parses days as people type them (today, 2026-12-01, 2026-12-01..2026-12-05),
// and tells when they begin and end in a time zone. It knows nothing of meetings or
// people; a [Problem] says what is wrong with days, and the caller words it.
package day

import "time"

// Max is how many days one command may cover: any three consecutive months. A longer
// range is probably a typo in the year.
const Max = 92

// A Day is a calendar day as typed: 2026-12-01, or a word whose meaning depends on when
// and where it is read.
type Day string

// The words for days.
const (
	Today    Day = "today"
	Tomorrow Day = "tomorrow"
)

// Exists reports whether there is such a day. There is no 30th of February.
func (d Day) Exists() bool {
	_, ok := d.date(time.Time{})
	return ok
}

func (d Day) isWord() bool { return d == Today || d == Tomorrow }

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

// Days are the days from From to To, inclusive, in the asker's time zone, which this
// package doesn't know. The zero Days means no days.
type Days struct {
	From, To Day
}

// IsZero reports whether no days were given.
func (d Days) IsZero() bool { return d == Days{} }

// String returns d the way people type it: today, 2026-12-01 or 2026-12-01..2026-12-05.
func (d Days) String() string {
	if d.From == d.To {
		return string(d.From)
	}
	return string(d.From) + ".." + string(d.To)
}

// Exist reports whether the first and the last day exist.
func (d Days) Exist() bool { return d.From.Exists() && d.To.Exists() }

// A Problem is what is wrong with days.
type Problem int

// The problems.
const (
	OK       Problem = iota
	Missing          // a day does not exist
	Reversed         // the last day comes before the first
	TooMany          // more than Max days
	Past             // all days are over
)

// Check returns what is wrong with d, as far as it can tell without knowing today's date,
// and the days that were probably meant, if any. If nothing is wrong, those are d.
func (d Days) Check() (Problem, Days) {
	if d.From.isWord() != d.To.isWord() {
		return OK, d
	}
	return d.check(time.Time{})
}

func (d Days) check(today time.Time) (Problem, Days) {
	first, last, ok := d.dates(today)
	limit := first.AddDate(0, 0, Max-1)
	switch {
	case !ok:
		return Missing, Days{}
	case last.Before(first) && last.AddDate(0, 0, Max-1).Before(first):
		return Reversed, Days{}
	case last.Before(first):
		return Reversed, Days{From: d.To, To: d.From}
	case last.After(limit):
		return TooMany, Days{From: d.From, To: Day(limit.Format(time.DateOnly))}
	}
	return OK, d
}

// dates returns the first and the last day as midnights in UTC. They only represent
// calendar days; the zone means nothing.
func (d Days) dates(today time.Time) (first, last time.Time, ok bool) {
	first, ok1 := d.From.date(today)
	last, ok2 := d.To.date(today)
	return first, last, ok1 && ok2
}

// A Span runs from the start of the first day to the start of the day after the last.
type Span struct{ From, To time.Time }

// Resolve returns the span of d in zone at the time now, or what is wrong with d and the
// days that were probably meant, if any and if they are not over. Like [time.Date], it panics if zone is nil: if a
// person's zone is unknown, ask.
func (d Days) Resolve(now time.Time, zone *time.Location) (s Span, wrong Problem, likely Days) {
	year, month, day := now.In(zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if wrong, likely = d.check(today); wrong != OK {
		if _, last, ok := likely.dates(today); ok && last.Before(today) {
			likely = Days{}
		}
		return Span{}, wrong, likely
	}
	first, last, _ := d.dates(today)
	if last.Before(today) {
		return Span{}, Past, Days{}
	}
	return Span{midnight(first, zone), midnight(last.AddDate(0, 0, 1), zone)}, OK, Days{}
}

// midnight returns the first moment of a calendar day in zone. That isn't 00:00 where
// clocks go forward at midnight, and 00:00 happens twice where they go back across it.
func midnight(date time.Time, zone *time.Location) time.Time {
	year, month, day := date.Date()
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if t.Day() != day { // there is no 00:00, so time.Date took a time before the change
		_, t = t.ZoneBounds()
		return t
	}
	for before := t.Add(-time.Hour); before.Day() == day; before = before.Add(-time.Hour) {
		t = before
	}
	return t
}
