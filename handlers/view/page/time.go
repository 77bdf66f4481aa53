package page

import (
	"fmt"
	"strings"
	"time"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Moment formats t in each reader's own time zone, in one of the catalogue's formats. Old
// clients and notifications show UTC.
func (p Page) Moment(format string, t time.Time) string {
	if t.IsZero() {
		return p.Say("date.unknown", nil)
	}
	if p.Fallback {
		return p.UTC(t)
	}
	return fmt.Sprintf("<!date^%d^%s|%s>", t.Unix(), p.Say("date."+format, nil), p.UTC(t))
}

// UTCLayout is the date format for clients that don't know date tokens.
const UTCLayout = "2006-01-02 15:04 UTC"

// UTC formats t for places where Slack's date token does not work.
func (p Page) UTC(t time.Time) string {
	if t.IsZero() {
		return p.Say("date.unknown", nil)
	}
	t = t.UTC()
	return p.Say(fmt.Sprintf("weekday_short.d%d", t.Weekday()), nil) + " " + t.Format(UTCLayout)
}

// Length puts a duration in words, rounded up to minutes, or to seconds below a minute.
func (p Page) Length(d time.Duration) string {
	if d < time.Minute {
		return p.Count("count.seconds", max(1, int((d+time.Second-1)/time.Second)), nil)
	}
	minutes := int((d + time.Minute - 1) / time.Minute)
	hours, minutes := minutes/60, minutes%60
	switch {
	case hours == 0:
		return p.Count("count.minutes", minutes, nil)
	case minutes == 0:
		return p.Count("count.hours", hours, nil)
	}
	return p.Say("count.hours_and_minutes", words.Vars{
		"Hours": p.Count("count.hours", hours, nil), "Minutes": p.Count("count.minutes", minutes, nil),
	})
}

// Span puts a duration in words, in whole days from two days up.
func (p Page) Span(d time.Duration) string {
	const day = 24 * time.Hour
	if d < 2*day {
		return p.Length(d)
	}
	return p.Count("delegation.days", int(d/day), nil)
}

// Rule says how a series recurs and, while it is undecided how much of it is meant,
// how many dates are left.
func (p Page) Rule(r cancellation.Request) string {
	m := r.Meeting
	cycles := map[string][2]string{
		"Day": {"rule.daily", "rule.days"}, "Week": {"rule.weekly", "rule.weeks"}, "Month": {"rule.monthly", "rule.months"},
	}
	keys, known := cycles[m.Rule.Cycle]
	var rule string
	switch {
	case !known:
		rule = p.Say("rule.series", nil)
	case m.Rule.Interval > 1:
		rule = p.Count(keys[1], m.Rule.Interval, nil)
	default:
		rule = p.Say(keys[0], nil)
	}
	rule, placed := p.onDays(rule, m.Rule)
	until, err := time.Parse(time.DateOnly, m.Rule.Until)
	if err == nil {
		rule = p.Say("rule.until", words.Vars{"Rule": rule, "Date": until.Format(time.DateOnly)})
	}
	if placed || err == nil { // they may be other days in the reader's zone
		rule = p.Say("rule.zone", words.Vars{"Rule": rule})
	}
	if n := len(m.Occurrences); n > 0 && r.State == cancellation.Asked && r.Scope == cancellation.Undecided {
		left := "rule.left"
		if m.MoreDates {
			left = "rule.left_at_least"
		}
		rule = p.Count(left, n, words.Vars{"Rule": rule})
	}
	return rule
}

// onDays adds the weekdays or the days of the month of r to the rule, if it has any.
func (p Page) onDays(rule string, r cancellation.Rule) (text string, added bool) {
	var names []string
	for _, point := range r.Points {
		switch {
		case r.Cycle == "Week" && point >= 0 && point <= 6:
			names = append(names, p.Say(fmt.Sprintf("weekday.d%d", point), nil))
		case r.Cycle == "Month" && point >= 1 && point <= 31:
			names = append(names, fmt.Sprint(point))
		}
	}
	v := words.Vars{"Rule": rule, "Days": strings.Join(names, p.Say("separator", nil))}
	switch {
	case len(names) == 0:
		return rule, false
	case r.Cycle == "Week":
		return p.Say("rule.on_weekdays", v), true
	}
	return p.Count("rule.on_days", len(names), v), true
}

// Days puts days as they are typed (2026-12-01, or 2026-12-01..2026-12-05) into a sentence that
// says what starts then.
func (p Page) Days(typed string) string {
	from, to, several := strings.Cut(typed, "..")
	v := words.Vars{"From": block.Escape(from, block.MaxNumber), "To": block.Escape(to, block.MaxNumber)}
	if several {
		return p.Say("days.between", v)
	}
	return p.Say("days.on", v)
}

// DateLine lists dates in a sentence.
func (p Page) DateLine(all []cancellation.OccurrenceRef, limit int) string {
	if p.Fallback {
		limit = min(limit, ShownBrief)
	}
	var names []string
	for _, d := range all[:min(limit, len(all))] {
		names = append(names, p.Moment("long", d.Start))
	}
	return block.Join(p.Say("separator", nil), append(names, p.CountAny("count.more_dates", len(all)-limit))...)
}

// How many dates are named before the rest is counted.
const (
	ShownNext   = 6  // dates of a series that a card lists
	ShownChosen = 20 // chosen dates that a card or a sentence lists
)

// Next returns the dates of a series of which [ShownNext] are named. If it isn't known how
// many there are, the rest is cut so that nothing counts it.
func Next(m cancellation.Meeting) []cancellation.OccurrenceRef {
	if m.MoreDates {
		return m.Occurrences[:min(ShownNext, len(m.Occurrences))]
	}
	return m.Occurrences
}

// ShownBrief is how many rows, dates or lines a notification reads out.
const ShownBrief = 5
