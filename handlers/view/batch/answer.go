package batch

import (
	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// MaxPortions is how many lines to copy an answer has, one block each.
const MaxPortions = 20

// Portions gives the commands to copy if not all meetings fit on one card: all of
// them, with a limited number per line.
func Portions(p page.Page, all, most int, lines []string) bot.Message {
	text := p.Count("many.portions", all, words.Vars{"Most": most})
	if most <= 1 {
		text = p.Say("many.portions_one", nil)
	}
	m := bot.Message{Text: text, Blocks: block.Stack(block.Section(text))}
	shown := lines[:min(MaxPortions, len(lines))]
	for _, line := range shown {
		m.Blocks = append(m.Blocks, block.Section("```"+block.Verbatim(line, maxPortion)+"```"))
	}
	if len(shown) > 0 {
		m.Text = block.Flow(m.Text, "`"+block.Verbatim(shown[0], maxPortion)+"`")
	}
	if more := len(lines) - len(shown); more > 0 {
		m.Blocks = append(m.Blocks, block.Small(p.Count("many.portions_more", more, nil)))
	}
	return m
}

// OneByOne gives the commands for the meetings of b, one line each, and says how many
// there are besides, and which can't be cancelled.
func OneByOne(p page.Page, b cancellation.Batch, lines []string, besides int) bot.Message {
	m := Portions(p, len(lines), 1, lines[:min(MaxPortions, len(lines))])
	if more := besides + max(0, len(lines)-MaxPortions); more > 0 {
		m.Blocks = append(m.Blocks, block.Small(p.Count("many.left_more", more, nil)))
	}
	if left := leftOut(p, &b); left != nil {
		m.Blocks = append(m.Blocks, left)
	}
	if note := p.Partial(b.Partial); note != "" {
		m.Blocks = append(m.Blocks, block.Section(note))
	}
	return m
}

// maxPortion is the longest line to copy: twenty numbers and a long reason.
const maxPortion = 1000

// NothingOffered says that nothing that was asked for can be cancelled, and why.
func NothingOffered(p page.Page, b cancellation.Batch) bot.Message {
	text := p.Say("many.nothing", nil)
	days := words.Vars{"Days": block.Foreign(b.Days, block.MaxNumber), "Whose": whose(p, &b)}
	switch {
	case b.Days == "" || len(b.LeftOut) > 0 || b.More > 0:
	case b.Whose == "" || days["Whose"] == "":
		text = p.Say("many.nothing_days_own", days)
	default:
		text = p.Say("many.nothing_days", days)
	}
	return bot.Message{Text: text, Blocks: block.Stack(block.Section(text), leftOut(p, &b), moreNote(p, &b))}
}
