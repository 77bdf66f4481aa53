package view

import (
	"regexp"
	"slices"
	"strings"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// MaxPortions is how many lines to copy an answer has, one block each.
const MaxPortions = 20

// Why a request about several meetings ended before it was asked.
const (
	TooManyNumbers AnswerKind = "too_many_numbers"
	NothingOffered AnswerKind = "nothing_offered"
)

// portions gives the commands to copy if not all meetings fit on one card: all of
// them, with a limited number per line.
func (p page) portions(all, most int, lines []string) bot.Message {
	text := p.count("many.portions", all, vars{"Most": most})
	if most <= 1 {
		text = p.say("many.portions_one", nil)
	}
	m := bot.Message{Text: text, Blocks: stack(section(text))}
	shown := lines[:min(MaxPortions, len(lines))]
	for _, line := range shown {
		m.Blocks = append(m.Blocks, section("```"+verbatim(line, maxPortion)+"```"))
	}
	if len(shown) > 0 {
		m.Text = flow(m.Text, "`"+verbatim(shown[0], maxPortion)+"`")
	}
	if more := len(lines) - len(shown); more > 0 {
		m.Blocks = append(m.Blocks, small(p.count("many.portions_more", more, nil)))
	}
	return m
}

// oneByOne gives the commands for the meetings of b, one line each, and says how many
// there are besides, and which can't be cancelled.
func (p page) oneByOne(b cancellation.Batch, lines []string, besides int) bot.Message {
	m := p.portions(len(lines), 1, lines[:min(MaxPortions, len(lines))])
	if more := besides + max(0, len(lines)-MaxPortions); more > 0 {
		m.Blocks = append(m.Blocks, small(p.count("many.left_more", more, nil)))
	}
	if left := p.leftOut(&b); left != nil {
		m.Blocks = append(m.Blocks, left)
	}
	if note := p.partial(b.Partial); note != "" {
		m.Blocks = append(m.Blocks, section(note))
	}
	return m
}

// maxPortion is the longest line to copy: twenty numbers and a long reason.
const maxPortion = 1000

// nothingOffered says that nothing that was asked for can be cancelled, and why.
func (p page) nothingOffered(b cancellation.Batch) bot.Message {
	text := p.say("many.nothing", nil)
	days := vars{"Days": foreign(b.Days, maxNumber), "Whose": p.whose(&b)}
	switch {
	case b.Days == "" || len(b.LeftOut) > 0 || b.More > 0:
	case b.Whose == "" || days["Whose"] == "":
		text = p.say("many.nothing_days_own", days)
	default:
		text = p.say("many.nothing_days", days)
	}
	return bot.Message{Text: text, Blocks: stack(section(text), p.leftOut(&b), p.moreNote(&b))}
}

// daysUnknown says that the bot can't tell which days are meant, and shows the
// meetings to choose from. More says how many more there are.
func (p page) daysUnknown(days string, rows []cancellation.Choice, more int, partial bool) bot.Message {
	key := "many.days_unknown"
	if len(rows) == 0 {
		key = "many.days_unknown_none"
	}
	text := p.say(key, vars{"Days": foreign(days, maxNumber), "Example": p.example(cancellation.Request{Number: firstNumber(rows)}, "")})
	rows, more = rows[:min(MaxChoices, len(rows))], more+max(0, len(rows)-MaxChoices)
	blocks := stack(section(text))
	for _, c := range rows {
		blocks = append(blocks, section(p.row(c)))
	}
	blocks = append(blocks, small(p.more(more), p.partial(partial)))
	return bot.Message{Text: join("\n", text, p.brieflyAll(rows)), Blocks: stack(blocks...)}
}

// shownMore is how many lines to type are shown for what did not fit.
const shownMore = 10

// toType are lines to type. In them a person is named only to those who may read it.
func (p page) toType(typed string) string {
	all := strings.Split(typed, "\n")
	shown := all[:min(shownMore, len(all))]
	for i, line := range shown {
		if p.bare {
			line = ofSomebody.ReplaceAllString(line, "--of …")
		}
		shown[i] = "`" + verbatim(line, maxField/shownMore) + "`"
	}
	if more := len(all) - shownMore; more > 0 {
		shown = append(slices.Clone(shown), p.count("many.portions_more", more, nil))
	}
	return strings.Join(shown, "\n")
}

// ofSomebody is the person in a line as [command.Command] writes it.
var ofSomebody = regexp.MustCompile(`--of \S+`)
