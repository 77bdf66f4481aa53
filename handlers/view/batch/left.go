package batch

import (
	"slices"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// leftOut lists what can't be cancelled, and why.
func leftOut(p page.Page, b *cancellation.Batch) slack.Block {
	if len(b.LeftOut) == 0 {
		return nil
	}
	lines := []string{"*" + p.Count("many.left_out", len(b.LeftOut), nil) + "*"}
	for _, l := range b.LeftOut[:min(shownLeft, len(b.LeftOut))] {
		name := block.Grouped(l.Number)
		if subject := block.Escape(l.Subject, maxLine); subject != "" && !p.Bare {
			name = subject + " (" + name + ")"
		}
		when := ""
		if !l.Start.IsZero() {
			when = p.Moment("short", l.Start)
		}
		lines = append(lines, "• "+block.Join(" · ", name, when, leftWhy(p, l.Why)))
	}
	return block.Section(append(lines, p.CountAny("many.left_more", len(b.LeftOut)-shownLeft))...)
}

func leftWhy(p page.Page, why string) string {
	switch why {
	case answer.LeftNotFound, answer.LeftUnread, answer.LeftRoom, answer.LeftSeries,
		answer.LeftUnlisted, answer.LeftWebinar, answer.LeftEnded, answer.LeftElsewhere, answer.LeftKindUnknown, answer.LeftNoStart, answer.LeftListClosed,
		cancellation.LeftOtherCard, string(answer.LeadTime), string(answer.StartUnknown):
		return p.Say("left."+why, nil)
	}
	return p.Say("left.not_allowed", nil)
}

// moreNote says how many meetings did not fit, and how to ask for them.
func moreNote(p page.Page, b *cancellation.Batch) slack.Block {
	return block.Section(remaining(p, b, "many.more"), p.Partial(b.Partial))
}

// remaining says how many meetings on these days are left for another card, and how to ask for
// them.
func remaining(p page.Page, b *cancellation.Batch, key string) string {
	if b.More == 0 {
		return ""
	}
	return p.Count(key, b.More, words.Vars{"Example": p.ToType(b.MoreLine)})
}

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
