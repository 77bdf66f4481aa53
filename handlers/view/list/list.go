package list

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
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
	return "*" + Subject(p, c) + "*\n" + block.Join(" · ", p.Moment("short", c.Start), block.Grouped(c.Number),
		p.SayIf(c.Running, "list.running", nil), p.SayIf(c.Recurring, "list.recurring", nil),
		p.SayIf(c.Owner != "", "list.owner", words.Vars{"Owner": block.Escape(c.Owner, block.MaxName)}))
}

// Subject names a meeting in a list, even if it has no subject.
func Subject(p page.Page, c cancellation.Choice) string {
	return cmp.Or(block.Escape(c.Subject, block.MaxSubject), p.Say("list.no_subject", nil))
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

// History shows past requests in the given order, at most MaxChoices of them and as many as
// fit in one message: cancellations, and requests that led to none.
func History(p page.Page, rows []cancellation.Request) bot.Message {
	rows = rows[:min(MaxChoices, len(rows))]
	blocks := block.Stack(block.Header(p.Say("history.title", nil)))
	var brief []string
	shown, left := 0, maxHistory
	for i, r := range rows {
		when := r.ClosedAt
		if when.IsZero() {
			when = r.CreatedAt
		}
		row := block.Join("\n", outcome.Happened(p, r), outcome.Because(p, r), batch.PartsBriefly(p, r, max(3, shownParts/len(rows))),
			block.Join(" · ", p.Moment("short", when), p.Brief(r)))
		if left -= utf8.RuneCountInString(row); left < 0 {
			break
		}
		blocks, shown = append(blocks, block.Section(row)), shown+1
		if i < page.ShownBrief {
			brief = append(brief, outcome.Happened(p.ForFallback(), r))
		}
	}
	text := p.Count("history.text", shown, nil)
	return bot.Message{Text: block.Join("\n", text, strings.Join(brief, "\n")), Blocks: blocks}
}

// shownParts is how many parts a history shows in total.
const shownParts = 40

// maxHistory is how many characters all rows may have together: Slack allows 12,000 in a
// message.
const maxHistory = 11_500
