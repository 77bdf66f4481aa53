package card

import (
	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
)

// facts returns what a card says about the meeting itself: the subject, then a table. Only a
// card that asks shows the current state: later it may no longer be true.
func facts(p page.Page, r cancellation.Request) []slack.Block {
	m := r.Meeting
	var table []*slack.TextBlockObject
	row := func(label, value string) {
		if value != "" {
			table = append(table, block.Mrkdwn("*"+p.Say("label."+label, nil)+"*\n"+value))
		}
	}
	switch {
	case !m.Recurring:
		row("when", p.Moment("long", m.Start))
	case !listsDates(r):
		row("next_date", p.Moment("long", m.Next()))
	}
	if m.Length() > 0 {
		row("length", p.Length(m.Length()))
	}
	row("number", p.Number(m))
	if !p.Bare {
		row("owner", block.Escape(m.OwnerName, block.MaxName))
	}
	if r.State == cancellation.Asked {
		row("state", running(p, m))
	}
	if m.Recurring {
		row("repeats", p.Rule(r))
	}
	var subject slack.Block
	if s := block.Escape(m.Subject, block.MaxSubject); s != "" && !p.Bare {
		subject = block.Section("*" + s + "*")
	}
	return block.Stack(subject, slack.NewSectionBlock(nil, table, nil), affectedDates(p, r))
}

// listsDates reports whether a series card names its dates outside the table: as
// checkboxes, as a list, or in the sentence about the outcome.
func listsDates(r cancellation.Request) bool {
	return r.Scope == cancellation.Occurrence || r.State == cancellation.Asked && len(r.Meeting.Occurrences) > 0
}

// affectedDates lists the dates that a request is about: the chosen ones, or the next ones of
// a series. It is nil if the card lists them elsewhere: as checkboxes, or in the sentence
// about the outcome.
func affectedDates(p page.Page, r cancellation.Request) slack.Block {
	switch {
	case !r.Meeting.Recurring, r.State == cancellation.Done && r.Outcome.Removed():
		return nil
	case r.Scope == cancellation.Occurrence:
		chosen := cancellation.Dates(r)
		return dateList(p, p.Count("label.chosen_dates", len(chosen), nil), chosen, page.ShownChosen)
	case r.State == cancellation.Asked && r.Scope == cancellation.Series:
		return dateList(p, p.Say("label.next_dates", nil), page.Next(r.Meeting), page.ShownNext)
	}
	return nil
}

// running says whether the meeting is running, and with how many people.
func running(p page.Page, m cancellation.Meeting) string {
	switch {
	case m.Running && m.People > 0:
		return p.Count("state.running_people", m.People, nil)
	case m.Running:
		return p.Say("state.running", nil)
	case !m.StateKnown:
		return p.Say("state.unknown", nil)
	}
	return p.Say("state.planned", nil)
}

// dateList lists dates, one per line.
func dateList(p page.Page, label string, all []cancellation.OccurrenceRef, limit int) slack.Block {
	if len(all) == 0 {
		return nil
	}
	lines := []string{"*" + label + "*"}
	for _, d := range all[:min(limit, len(all))] {
		lines = append(lines, "• "+p.Moment("long", d.Start))
	}
	return block.Section(append(lines, p.CountAny("count.more_dates", len(all)-limit))...)
}
