package batch

import (
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Portions gives the commands to copy if the meetings don't fit on one card: all of them, with
// a limited number per line.
func Portions(p page.Page, all, most int, lines []string) bot.Message {
	m, more := portions(p, all, most, lines)
	m.Blocks = block.Stack(append(m.Blocks, block.Small(p.CountAny("many.portions_more", more)))...)
	return m
}

// portions returns lines to copy as they are, and how many did not fit.
func portions(p page.Page, all, most int, lines []string) (m bot.Message, more int) {
	text := p.Count("many.portions", all, words.Vars{"Most": most})
	if most <= 1 {
		text = p.Say("many.portions_one", nil)
	}
	first, blocks, more := page.ToCopy("", lines)
	return bot.Message{Text: block.Flow(text, first), Blocks: slices.Concat(block.Stack(block.Section(text)), blocks)}, more
}

// OneByOne gives the commands for the meetings of b, one line each. It says how many more
// there are, and which can't be cancelled.
func OneByOne(p page.Page, b cancellation.Batch, lines []string, others int) bot.Message {
	m, more := portions(p, len(lines), 1, lines)
	m.Blocks = block.Stack(append(m.Blocks, block.Small(p.CountAny("many.left_more", more+others)), leftOut(p, &b), block.Section(p.Partial(b.Partial)))...)
	return m
}

// NothingOffered says that none of the requested meetings can be cancelled, and why.
func NothingOffered(p page.Page, b cancellation.Batch) bot.Message {
	text := p.Say("many.nothing", nil)
	days := words.Vars{"Days": p.Days(b.Days), "Whose": whose(&b)}
	switch {
	case b.Days == "" || len(b.LeftOut) > 0 || b.More > 0:
	case b.Whose == "" || days["Whose"] == "":
		text = p.Say("many.nothing_days_own", days)
	default:
		text = p.Say("many.nothing_days", days)
	}
	return bot.Message{Text: text, Blocks: block.Stack(block.Section(text), leftOut(p, &b), moreNote(p, &b))}
}
