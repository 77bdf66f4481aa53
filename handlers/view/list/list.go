package list

import (
	"cmp"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// MaxChoices is how many rows a list, a chooser or a history shows.
const MaxChoices = 15

// Meetings shows upcoming and running meetings in the given order. more is how many others
// there are; partial means that some could not be read and may be missing.
func Meetings(p page.Page, rows []cancellation.Choice, more int, partial bool) bot.Message {
	title := p.Count("list.title", len(rows)+more, nil)
	hint := p.Say("list.hint", words.Vars{"Example": p.Example(cancellation.Request{Number: firstNumber(rows)}, "")})
	return below(p, block.Header(title), title, rows, more, partial, hint)
}

// below lists the rows below the first block, and counts those that don't fit.
func below(p page.Page, first slack.Block, text string, rows []cancellation.Choice, more int, partial bool, hint string) bot.Message {
	rows, more = rows[:min(MaxChoices, len(rows))], more+max(0, len(rows)-MaxChoices)
	blocks := block.Stack(first)
	for _, c := range rows {
		blocks = append(blocks, block.Section(Row(p, c)))
	}
	blocks = append(blocks, block.Small(p.CountAny("count.more_meetings", more), p.Partial(partial), hint))
	return bot.Message{Text: block.Join("\n", text, brieflyAll(p, rows)), Blocks: block.Stack(blocks...)}
}

func firstNumber(rows []cancellation.Choice) string {
	if len(rows) == 0 {
		return ""
	}
	return rows[0].Number
}

// Row describes a meeting in two lines.
func Row(p page.Page, c cancellation.Choice) string {
	return "*" + Subject(p, c) + "*\n" + block.Join(" · ", p.Moment("short", c.Start), block.Grouped(c.Number), traits(p, c), ownedBy(p, c))
}

// Subject names a meeting in a list, even if it has no subject.
func Subject(p page.Page, c cancellation.Choice) string {
	return cmp.Or(block.Escape(c.Subject, block.MaxSubject), p.Say("list.no_subject", nil))
}

func traits(p page.Page, c cancellation.Choice) string {
	return block.Join(" · ", p.SayIf(c.Running, "list.running", nil), p.SayIf(c.Recurring, "list.recurring", nil))
}

func ownedBy(p page.Page, c cancellation.Choice) string {
	return p.SayIf(c.Owner != "", "list.owner", words.Vars{"Owner": block.Escape(c.Owner, block.MaxName)})
}

// brieflyAll lists the first rows for a notification.
func brieflyAll(p page.Page, rows []cancellation.Choice) string {
	var all []string
	for _, c := range rows[:min(page.ShownBrief, len(rows))] {
		all = append(all, Subject(p, c)+" ("+block.Escape(c.Number, block.MaxNumber)+") "+p.UTC(c.Start))
	}
	return strings.Join(all, "; ")
}

// DaysUnknown says that the bot can't tell which days are meant, and lists the meetings to
// choose from, with the options that were typed. --of isn't one of them: a number says whose
// meeting it is. more is how many others there are.
func DaysUnknown(p page.Page, typed command.Command, rows []cancellation.Choice, more int, partial bool) bot.Message {
	key := "many.days_unknown"
	if len(rows) == 0 {
		key = "many.days_unknown_none"
	}
	example := command.Command{As: typed.As, Verb: command.Cancel, Number: firstNumber(rows), End: typed.End, Reason: typed.Reason}
	text := p.Say(key, words.Vars{
		"Days": block.Escape(typed.Days.String(), block.MaxNumber), "Example": "`" + block.Verbatim(example.String(), block.MaxReason) + "`",
	})
	return below(p, block.Section(text), text, rows, more, partial, "")
}
