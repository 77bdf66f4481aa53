package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/internal/cancellation"
)

const (
	shownNext   = 6  // dates of a series that a card lists
	shownChosen = 20 // chosen dates that a card or a sentence lists
)

// facts are what a card says about the meeting itself: the subject, then a table.
// Only a card that asks shows the current state: later it may no longer be true.
func (p page) facts(r cancellation.Request) []slack.Block {
	m := r.Meeting
	var table []*slack.TextBlockObject
	row := func(label, value string) {
		if value != "" {
			table = append(table, marked("*"+p.say("label."+label, nil)+"*\n"+value))
		}
	}
	switch {
	case !m.Recurring:
		row("when", p.moment("long", m.Start))
	case !listsDates(r):
		row("next_date", p.moment("long", m.Start))
	}
	if m.Length() > 0 {
		row("length", p.length(m.Length()))
	}
	row("number", p.number(m))
	if !p.bare {
		row("owner", foreign(m.OwnerName, maxName))
	}
	if r.State == cancellation.Asked {
		row("state", p.running(m))
	}
	if m.Recurring {
		row("repeats", p.rule(r))
	}
	var subject slack.Block
	if s := foreign(m.Subject, maxSubject); s != "" && !p.bare {
		subject = section("*" + s + "*")
	}
	return stack(subject, slack.NewSectionBlock(nil, table, nil), p.facedDates(r))
}

// listsDates reports whether a series card names its dates outside the table: as
// checkboxes, as a list, or in the sentence about the outcome.
func listsDates(r cancellation.Request) bool {
	return r.Scope == cancellation.Occurrence || r.State == cancellation.Asked && len(r.Meeting.Occurrences) > 0
}

// facedDates are the dates that a request is about: the chosen ones, or the next ones
// of a series. A card that offers them as checkboxes, or says which are cancelled,
// lists them there.
func (p page) facedDates(r cancellation.Request) slack.Block {
	switch {
	case !r.Meeting.Recurring, r.State == cancellation.Done && r.Outcome.Removed():
		return nil
	case r.Scope == cancellation.Occurrence:
		return p.dateList("chosen_dates", dates(r), shownChosen)
	case r.State == cancellation.Asked && r.Scope == cancellation.Series:
		return p.dateList("next_dates", dates(r), shownNext)
	}
	return nil
}

// number is the meeting's number, with the service's own id if it differs.
func (p page) number(m cancellation.Meeting) string {
	if m.Number == "" || m.ID == "" || m.Number == m.ID {
		return grouped(m.Number + strings.TrimPrefix(m.ID, m.Number))
	}
	return p.say("label.number_and_id", vars{"Number": grouped(m.Number), "ID": grouped(m.ID)})
}

// running says whether the meeting is running, and with how many people.
func (p page) running(m cancellation.Meeting) string {
	switch {
	case m.Running && m.People > 0:
		return p.count("state.running_people", m.People, nil)
	case m.Running:
		return p.say("state.running", nil)
	case !m.StateKnown:
		return p.say("state.unknown", nil)
	}
	return p.say("state.planned", nil)
}

// rule says how a series recurs and, while it is undecided how much of it is meant,
// how many dates are left.
func (p page) rule(r cancellation.Request) string {
	m := r.Meeting
	cycles := map[string][2]string{
		"Day": {"rule.daily", "rule.days"}, "Week": {"rule.weekly", "rule.weeks"}, "Month": {"rule.monthly", "rule.months"},
	}
	keys, known := cycles[m.Rule.Cycle]
	var rule string
	switch {
	case !known:
		rule = p.say("rule.series", nil)
	case m.Rule.Interval > 1:
		rule = p.count(keys[1], m.Rule.Interval, nil)
	default:
		rule = p.say(keys[0], nil)
	}
	if days, key := p.days(m.Rule); days != "" {
		rule = p.say(key, vars{"Rule": rule, "Days": days})
	}
	if until, err := time.Parse(time.DateOnly, m.Rule.Until); err == nil {
		rule = p.say("rule.until", vars{"Rule": rule, "Date": until.Format(time.DateOnly)})
	}
	if n := len(m.Occurrences); n > 0 && r.State == cancellation.Asked && r.Scope == cancellation.Undecided {
		rule = p.count("rule.left", n, vars{"Rule": rule})
	}
	return rule
}

// days names the weekdays or the days of the month of a rule.
func (p page) days(r cancellation.Rule) (days, key string) {
	var names []string
	for _, point := range r.Points {
		switch {
		case r.Cycle == "Week" && point >= 0 && point <= 6:
			names = append(names, p.say(fmt.Sprintf("weekday.d%d", point), nil))
			key = "rule.on_weekdays"
		case r.Cycle == "Month" && point >= 1 && point <= 31:
			names = append(names, fmt.Sprint(point))
			key = "rule.on_days"
		}
	}
	return strings.Join(names, p.say("separator", nil)), key
}

// dates are the occurrences of the series, or only the chosen ones.
func dates(r cancellation.Request) (all []cancellation.OccurrenceRef) {
	for _, o := range r.Meeting.Occurrences {
		if r.Scope != cancellation.Occurrence || slices.Contains(r.Chosen, o.ID) {
			all = append(all, o)
		}
	}
	return all
}

// dateList lists dates one a line.
func (p page) dateList(label string, all []cancellation.OccurrenceRef, limit int) slack.Block {
	if len(all) == 0 {
		return nil
	}
	lines := []string{"*" + p.say("label."+label, nil) + "*"}
	for _, d := range all[:min(limit, len(all))] {
		lines = append(lines, "• "+p.moment("long", d.Start))
	}
	if more := len(all) - limit; more > 0 {
		lines = append(lines, p.count("count.more_dates", more, nil))
	}
	return section(lines...)
}

// dateLine lists dates in a sentence.
func (p page) dateLine(all []cancellation.OccurrenceRef, limit int) string {
	if p.aloud {
		limit = min(limit, shownBrief)
	}
	var names []string
	for _, d := range all[:min(limit, len(all))] {
		names = append(names, p.moment("long", d.Start))
	}
	if more := len(all) - limit; more > 0 {
		names = append(names, p.count("count.more_dates", more, nil))
	}
	return strings.Join(names, p.say("separator", nil))
}

// reason is the given reason as a paragraph; nil if there is none.
func (p page) reason(r cancellation.Request) slack.Block {
	if r.Reason == "" {
		return nil
	}
	return section("*" + p.say("label.reason", nil) + "*\n" + reasonLine(r.Reason, maxReason))
}

// reasonLine is foreign text that begins a line. A joiner keeps Slack from turning it
// into a quotation.
func reasonLine(s string, limit int) string {
	text := foreign(s, limit)
	if strings.HasPrefix(text, "&gt;") {
		return joiner + text
	}
	return text
}
