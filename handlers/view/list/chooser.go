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

// Chooser offers the first of the choices of r in their order, each with a button:
// several meetings behind one room number, or the picker.
func Chooser(p page.Page, r cancellation.Request) bot.Message {
	title := p.Say("choose.title_picker", nil)
	if r.Number != "" {
		title = p.Say("choose.title_room", words.Vars{"Number": block.Grouped(r.Number)})
	}
	text := p.Count("choose.text", len(r.Choices)+r.More, nil)
	blocks := block.Stack(block.Header(title), block.Section(text))
	shown := r.Choices[:min(MaxChoices, len(r.Choices))]
	for i := range shown {
		blocks = append(blocks, choice(p, r, i))
	}
	more, hint := len(r.Choices)-len(shown)+r.More, ""
	if more > 0 || r.Partial {
		hint = p.Say("choose.more_hint", words.Vars{"Example": p.Example(cancellation.Request{}, "")})
	}
	blocks = append(blocks, block.Small(More(p, more), p.Partial(r.Partial), hint))
	return bot.Message{Text: block.Join("\n", title, text, brieflyAll(p, shown)), Blocks: block.Stack(blocks...)}
}

// choice is one row with its button. The block's id says which row it is: the action
// is the same for all, and the value is the request.
func choice(p page.Page, r cancellation.Request, i int) slack.Block {
	c := r.Choices[i]
	b := block.Button(r.ID, action.Choose, p.Say("button.choose", nil))
	label := words.Vars{"Subject": block.Plain(cmp.Or(c.Subject, p.Say("list.no_subject", nil)), 30), "Number": block.Plain(c.Number, 20)}
	b.AccessibilityLabel = block.Plain(p.Say("button.choose_label", label), block.MaxLabel)
	return slack.NewSectionBlock(block.Marked(Row(p, c)), nil, slack.NewAccessory(b), slack.SectionBlockOptionBlockID(action.ChoiceBlock(r.ID, i)))
}
