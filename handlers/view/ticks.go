package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/internal/cancellation"
)

// ticks offers the dates of a series as checkboxes, each in the reader's own zone.
// The running one is marked. It is empty if no dates are known.
func (p page) ticks(r cancellation.Request, running string) []slack.Block {
	all := r.Meeting.Occurrences
	if len(all) == 0 {
		return nil
	}
	blocks := stack(section("*" + p.say("label.pick", nil) + "*"))
	for i, input := range dateInputs() {
		first := i * maxTicks
		if first >= len(all) {
			break
		}
		blocks = append(blocks, tickRow(r, p.checkboxes(r, input, first, running)))
	}
	if more := len(all) - MaxDates; more > 0 {
		example := p.example(r, "--occurrence "+anyDate)
		blocks = append(blocks, small(p.count("ask.dates_not_listed", more, vars{"Example": example})))
	}
	return blocks
}

// anyDate is a placeholder for a date that the person fills in.
const anyDate = "YYYY-MM-DD"

// checkboxes are one element's share of the dates, starting with the first. An
// option's value is its position in the whole list.
func (p page) checkboxes(r cancellation.Request, input string, first int, running string) *slack.CheckboxGroupsBlockElement {
	group := slack.NewCheckboxGroupsBlockElement(input)
	all := r.Meeting.Occurrences
	for i := first; i < min(first+maxTicks, len(all)); i++ {
		var note *slack.TextBlockObject
		if all[i].ID == running {
			note = unmarked(p.say("state.date_running", nil), maxLabel)
		}
		option := slack.NewOptionBlockObject(strconv.Itoa(i), marked(p.tick(all[i].Start)), note)
		group.Options = append(group.Options, option)
		if slices.Contains(r.Chosen, all[i].ID) {
			group.InitialOptions = append(group.InitialOptions, option)
		}
	}
	return group
}

// tick is a date short enough for an option: in the reader's own zone, or what old
// clients show instead, which has to make sense by itself. If a language needs too
// much room, the fallback omits the weekday.
func (p page) tick(t time.Time) string {
	text := p.moment("long", t)
	if len([]rune(text)) <= maxLabel || t.IsZero() {
		return text
	}
	head, _, _ := strings.Cut(text, "|")
	return head + "|" + t.UTC().Format(utcLayout) + ">"
}
