package list

import (
	"cmp"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Chooser offers the first choices of r in their order, each with a button: several meetings
// behind one room number, or the picker.
func Chooser(p page.Page, r cancellation.Request) bot.Message {
	title := p.Say("choose.title_picker", nil)
	if r.Number != "" {
		title = p.Say("choose.title_room", words.Vars{"Number": block.Grouped(r.Number)})
	}
	text := p.Count("choose.text", len(r.Choices)+r.More, nil)
	blocks := block.Stack(block.Header(title), block.Section(text))
	shown := r.Choices[:min(MaxChoices, len(r.Choices))]
	for i, c := range shown {
		// All rows have the same action and the request as value, so the block's id says which
		// row it is.
		id := slack.SectionBlockOptionBlockID(action.ChoiceBlock(r.ID, i))
		b := block.Button(r.ID, action.Choose, p.Say("button.choose", nil))
		blocks = append(blocks, WithButton(p, Row(p, c), c, b, "button.choose_label", id))
	}
	more, hint := len(r.Choices)-len(shown)+r.More, ""
	if more > 0 || r.Partial {
		hint = p.Say("choose.more_hint", words.Vars{"Example": p.Example(cancellation.Request{}, page.AllFlags(r))})
	}
	blocks = append(blocks, block.Small(p.CountAny("count.more_meetings", more), p.Partial(r.Partial)), block.Section(hint))
	return bot.Message{Text: block.Join("\n", title, text, brieflyAll(p, shown)), Blocks: block.Stack(blocks...)}
}

// WithButton returns a row about c with a button, whose label names the meeting to people who
// don't see the row.
func WithButton(p page.Page, text string, c cancellation.Choice, b *slack.ButtonBlockElement, label string, options ...slack.SectionBlockOption) slack.Block {
	b.AccessibilityLabel = block.Plain(p.Say(label, words.Vars{
		"Subject": cmp.Or(block.Plain(c.Subject, 30), p.Say("list.no_subject", nil)), "Number": block.Plain(c.Number, 20),
	}), block.MaxLabel)
	return block.Row(text, b, options...)
}
