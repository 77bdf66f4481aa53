package card

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// ticks offers the dates of a series as checkboxes, each in the reader's own zone. The running
// one is marked. ticked is how many are ticked when the card is drawn. Both are zero if no
// dates are known.
func ticks(p page.Page, r cancellation.Request, running string) (blocks []slack.Block, ticked int) {
	all := r.Meeting.Occurrences
	if len(all) == 0 {
		return nil, 0
	}
	blocks = block.Stack(block.Section("*" + p.Say("label.pick", nil) + "*"))
	for i, input := range action.DateInputs() {
		first := i * action.MaxTicks
		if first >= len(all) {
			break
		}
		boxes := checkboxes(p, r, input, first, running)
		blocks, ticked = append(blocks, tickRow(r, boxes)), ticked+len(boxes.InitialOptions)
	}
	if more := len(all) - action.MaxDates; more > 0 {
		example := p.Example(r, block.Join(" ", "--occurrence "+anyDate, page.AllFlags(r)))
		blocks = append(blocks, block.Section(p.Count("ask.dates_not_listed", more, words.Vars{"Example": example})))
	}
	if r.Meeting.MoreDates {
		blocks = append(blocks, block.Small(p.Say("ask.dates_maybe_more", nil)))
	}
	return blocks, ticked
}

// anyDate is a placeholder for a date that the person fills in.
const anyDate = "YYYY-MM-DD"

// checkboxes returns one element with its share of the dates, beginning with number first. An
// option's value is its position in the whole list.
func checkboxes(p page.Page, r cancellation.Request, input string, first int, running string) *slack.CheckboxGroupsBlockElement {
	group := slack.NewCheckboxGroupsBlockElement(input)
	all := r.Meeting.Occurrences
	for i := first; i < min(first+action.MaxTicks, len(all)); i++ {
		var note *slack.TextBlockObject
		if all[i].ID == running {
			note = block.PlainText(p.Say("state.date_running", nil), block.MaxLabel)
		}
		option := slack.NewOptionBlockObject(strconv.Itoa(i), block.Mrkdwn(Tick(p, all[i].Start)), note)
		group.Options = append(group.Options, option)
		if slices.Contains(r.Chosen, all[i].ID) {
			group.InitialOptions = append(group.InitialOptions, option)
		}
	}
	return group
}

// Tick formats a date short enough for an option: in the reader's own zone, with a fallback
// for old clients that has to make sense without it. If a language needs too much room, the
// fallback omits the weekday.
func Tick(p page.Page, t time.Time) string {
	text := p.Moment("long", t)
	if len([]rune(text)) <= block.MaxLabel || t.IsZero() {
		return text
	}
	head, _, _ := strings.Cut(text, "|")
	return head + "|" + t.UTC().Format(page.UTCLayout) + ">"
}

// tickRow returns a row of boxes for r.
func tickRow(r cancellation.Request, group *slack.CheckboxGroupsBlockElement) slack.Block {
	return slack.NewActionBlock(action.TickBlock(r.ID, group.ActionID), group)
}

// TellTick offers to tell the invited people, if there are any.
func TellTick(p page.Page, r cancellation.Request) slack.Block {
	if p.Tell != cancellation.TellAsk || !r.Meeting.InvitedKnown || r.Meeting.Invited <= 0 {
		return nil
	}
	group := slack.NewCheckboxGroupsBlockElement(action.InputTell)
	option := slack.NewOptionBlockObject(action.TellYes, block.PlainText(p.Say("invited.tick", nil), block.MaxLabel), nil)
	group.Options = append(group.Options, option)
	if r.Telling.Wanted {
		group.InitialOptions = append(group.InitialOptions, option)
	}
	return tickRow(r, group)
}

// TellNote says that invited people are told in any case.
func TellNote(p page.Page, m cancellation.Meeting) string {
	return p.SayIf(p.Tell == cancellation.TellAlways && (!m.InvitedKnown || m.Invited > 0), "invited.always", nil)
}
