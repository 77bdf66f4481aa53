package view

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// MaxChoices is how many rows a list, a chooser or a history shows.
const MaxChoices = 15

// shownBrief is how many rows, dates or lines a notification reads out.
const shownBrief = 5

// drawList shows upcoming and running meetings in the given order. More says how many
// more there are, partial that some could not be read and may be missing.
func (p page) drawList(rows []cancellation.Choice, more int, partial bool) bot.Message {
	rows, more = rows[:min(MaxChoices, len(rows))], more+max(0, len(rows)-MaxChoices)
	title := p.count("list.title", len(rows)+more, nil)
	blocks := stack(header(title))
	for _, c := range rows {
		blocks = append(blocks, section(p.row(c)))
	}
	hint := p.say("list.hint", vars{"Example": p.example(cancellation.Request{Number: firstNumber(rows)}, "")})
	blocks = append(blocks, small(p.more(more), p.partial(partial), hint))
	return bot.Message{Text: join("\n", title, p.brieflyAll(rows)), Blocks: stack(blocks...)}
}

func firstNumber(rows []cancellation.Choice) string {
	if len(rows) == 0 {
		return ""
	}
	return rows[0].Number
}

// drawChooser offers the first of the choices of r in their order, each with a button:
// several meetings behind one room number, or the picker.
func (p page) drawChooser(r cancellation.Request) bot.Message {
	title := p.say("choose.title_picker", nil)
	if r.Number != "" {
		title = p.say("choose.title_room", vars{"Number": grouped(r.Number)})
	}
	text := p.count("choose.text", len(r.Choices)+r.More, nil)
	blocks := stack(header(title), section(text))
	shown := r.Choices[:min(MaxChoices, len(r.Choices))]
	for i := range shown {
		blocks = append(blocks, p.choice(r, i))
	}
	more, hint := len(r.Choices)-len(shown)+r.More, ""
	if more > 0 || r.Partial {
		hint = p.say("choose.more_hint", vars{"Example": p.example(cancellation.Request{}, "")})
	}
	blocks = append(blocks, small(p.more(more), p.partial(r.Partial), hint))
	return bot.Message{Text: join("\n", title, text, p.brieflyAll(shown)), Blocks: stack(blocks...)}
}

// partial says that some meetings could not be read; empty if all could.
func (p page) partial(is bool) string {
	if !is {
		return ""
	}
	return p.say("list.partial", nil)
}

// choice is one row with its button. The block's id says which row it is: the action
// is the same for all, and the value is the request.
func (p page) choice(r cancellation.Request, i int) slack.Block {
	c := r.Choices[i]
	b := button(r.ID, ActionChoose, p.say("button.choose", nil))
	label := vars{"Subject": plain(cmp.Or(c.Subject, p.say("list.no_subject", nil)), 30), "Number": plain(c.Number, 20)}
	b.AccessibilityLabel = plain(p.say("button.choose_label", label), maxLabel)
	return slack.NewSectionBlock(marked(p.row(c)), nil, slack.NewAccessory(b), slack.SectionBlockOptionBlockID(choiceID(r.ID, i)))
}

// choiceID is the id of the block with choice i of a request's chooser.
func choiceID(of cancellation.ID, i int) string {
	return "choice:" + strconv.Itoa(i) + ":" + string(of[:min(8, len(of))])
}

// ChoiceIndex reads which choice of a chooser a click on ActionChoose means, from the
// click's block_id. The index is not checked against any list.
func ChoiceIndex(blockID string) (int, bool) {
	parts := strings.Split(blockID, ":")
	if len(parts) != 3 || parts[0] != "choice" {
		return 0, false
	}
	i, err := strconv.Atoi(parts[1])
	return i, err == nil && i >= 0
}

// row is one meeting in two lines.
func (p page) row(c cancellation.Choice) string {
	return "*" + p.subject(c) + "*\n" + join(" · ", p.moment("short", c.Start), grouped(c.Number), p.traits(c), p.ownedBy(c))
}

func (p page) subject(c cancellation.Choice) string {
	return cmp.Or(foreign(c.Subject, maxSubject), p.say("list.no_subject", nil))
}

func (p page) traits(c cancellation.Choice) string {
	var running, recurring string
	if c.Running {
		running = p.say("list.running", nil)
	}
	if c.Recurring {
		recurring = p.say("list.recurring", nil)
	}
	return join(" · ", running, recurring)
}

func (p page) ownedBy(c cancellation.Choice) string {
	if c.Owner == "" {
		return ""
	}
	return p.say("list.owner", vars{"Owner": foreign(c.Owner, maxName)})
}

func (p page) more(n int) string {
	if n <= 0 {
		return ""
	}
	return p.count("count.more_meetings", n, nil)
}

// brieflyAll lists the first rows for a notification.
func (p page) brieflyAll(rows []cancellation.Choice) string {
	var all []string
	for _, c := range rows[:min(shownBrief, len(rows))] {
		all = append(all, p.subject(c)+" ("+foreign(c.Number, maxNumber)+") "+p.utc(c.Start))
	}
	return strings.Join(all, "; ")
}

// drawHistory shows past requests in the given order, at most MaxChoices of them:
// cancellations, and requests that came to nothing.
func (p page) drawHistory(rows []cancellation.Request) bot.Message {
	rows = rows[:min(MaxChoices, len(rows))]
	text := p.count("history.text", len(rows), nil)
	blocks := stack(header(p.say("history.title", nil)))
	var brief []string
	for i, r := range rows {
		when := r.ClosedAt
		if when.IsZero() {
			when = r.CreatedAt
		}
		blocks = append(blocks, section(p.happened(r), p.because(r), p.partsBriefly(r, max(3, shownParts/len(rows))),
			join(" · ", p.moment("short", when), p.brief(r))))
		if i < shownBrief {
			brief = append(brief, p.spoken().happened(r))
		}
	}
	return bot.Message{Text: join("\n", text, strings.Join(brief, "\n")), Blocks: blocks}
}
