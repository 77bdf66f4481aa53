package batch

import (
	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Portions gives the commands to copy if not all meetings fit on one card: all of
// them, with a limited number per line.
func Portions(p page.Page, all, most int, lines []string) bot.Message {
	shown, more := p.ToCopy(lines)
	m := portions(p, all, most, shown)
	if more > 0 {
		m.Blocks = append(m.Blocks, block.Small(p.Count("many.portions_more", more, nil)))
	}
	return m
}

// portions are lines that can be copied as they are.
func portions(p page.Page, all, most int, shown []string) bot.Message {
	text := p.Count("many.portions", all, words.Vars{"Most": most})
	if most <= 1 {
		text = p.Say("many.portions_one", nil)
	}
	m := bot.Message{Text: text, Blocks: block.Stack(block.Section(text))}
	for _, line := range shown {
		m.Blocks = append(m.Blocks, block.Section("```"+line+"```"))
	}
	if len(shown) > 0 {
		m.Text = block.Flow(m.Text, "`"+shown[0]+"`")
	}
	return m
}

// OneByOne gives the commands for the meetings of b, one line each, and says how many
// there are besides, and which can't be cancelled.
func OneByOne(p page.Page, b cancellation.Batch, lines []string, besides int) bot.Message {
	shown, more := p.ToCopy(lines)
	m := portions(p, len(lines), 1, shown)
	if more += besides; more > 0 {
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
