package handlers

import (
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// Card is the whole card of r as it looks at now. It is drawn anew for every
// state, so that a card has buttons only where its state has them. A request
// that supersedes another says that the meeting has changed.
func (v *Views) Card(r cancellation.Request, now time.Time) bot.Message {
	p := v.channel(r)
	switch r.State {
	case cancellation.Received:
		text := p.say("received.text", vars{"What": p.discreet().what(r)})
		return bot.Message{Text: text, Blocks: stack(section(text))}
	case cancellation.Asked:
		return p.asked(r, now)
	case cancellation.Confirmed:
		if now.Before(r.UndoUntil) {
			return p.undoable(r, now)
		}
		return p.working(r)
	case cancellation.Calling:
		return p.working(r)
	case cancellation.Done, cancellation.Declined, cancellation.Expired, cancellation.Superseded:
	}
	return p.final(r)
}

// asked is the question.
func (p page) asked(r cancellation.Request, now time.Time) bot.Message {
	q := p.question(r, now)
	if r.Supersedes != "" {
		q.consequence = join("\n", p.say("ask.changed", nil), q.consequence)
	}
	blocks := stack(header(p.say(q.title, nil)))
	blocks = append(blocks, p.facts(r)...)
	blocks = append(blocks, section(q.consequence), p.reason(r), q.menu, buttons(q.row...),
		small(p.say("ask.asked_by", vars{"Who": p.who(r.Asker)}), p.standsUntil(r), p.secondNote(r)))
	text := p.say("ask.text", vars{
		"Who": p.who(r.Asker), "What": p.spoken().what(r), "When": p.utc(r.Meeting.Start), "Consequence": q.consequence,
	})
	return bot.Message{Text: p.say(q.title, nil) + "\n" + text, Blocks: stack(blocks...)}
}

func (p page) standsUntil(r cancellation.Request) string {
	if r.ExpiresAt.IsZero() {
		return ""
	}
	return p.say("ask.until", vars{"When": p.moment("short", r.ExpiresAt)})
}

// secondNote says who may confirm, where it is not the asker.
func (p page) secondNote(r cancellation.Request) string {
	asker := vars{"Who": p.who(r.Asker)}
	series := r.Meeting.Recurring && r.Scope != cancellation.Occurrence
	switch {
	case p.second.Needs(r.Meeting.Running, r.Scope == cancellation.Series):
		return p.say("ask.second_always", asker)
	case p.second.Needs(r.Meeting.Running, series):
		return p.say("ask.second_series", asker)
	}
	return ""
}

// A question is what a card asks: its title, what follows from yes, and how to
// answer.
type question struct {
	title       string // key
	consequence string
	menu        slack.Block // nil if there is nothing to choose
	row         []slack.BlockElement
}

// question finds what to ask about r.
func (p page) question(r cancellation.Request, now time.Time) question {
	var q question
	switch {
	case !r.Meeting.Recurring && r.Meeting.Running:
		q = p.questionRunning(r)
	case !r.Meeting.Recurring:
		q = p.questionPlanned(r)
	case r.Scope == cancellation.Undecided:
		q = p.questionRecurring(r)
	default:
		q = p.questionScoped(r, now)
	}
	keep, addReason := "button.keep", "button.reason"
	if r.Meeting.Running {
		keep = "button.keep_running"
	}
	if r.Reason != "" {
		addReason = "button.reason_change"
	}
	q.row = append(q.row, button(r, ActionKeep, p.say(keep, nil)), button(r, ActionAddReason, p.say(addReason, nil)))
	return q
}

func (p page) questionPlanned(r cancellation.Request) question {
	q := question{title: "ask.title_cancel", consequence: join("\n", p.notStarted(r), p.say("ask.planned", nil))}
	q.row = append(q.row, danger(r, ActionCancel, p.say("button.cancel", nil)))
	return q
}

// notStarted says what --end, or its absence, means for a meeting that is not
// running as far as the service says.
func (p page) notStarted(r cancellation.Request) string {
	switch {
	case !r.Meeting.Told && r.End:
		return p.say("ask.untold_end", nil)
	case !r.Meeting.Told:
		return p.say("ask.untold", nil)
	case r.End && !r.Meeting.Running:
		return p.say("ask.not_started", nil)
	}
	return ""
}

// questionRunning never offers a plain cancellation: whoever presses knows that
// people are in the meeting.
func (p page) questionRunning(r cancellation.Request) question {
	end := p.say("button.end", nil)
	q := question{title: "ask.title_started", consequence: p.say("ask.running", vars{"Button": end})}
	if r.End {
		q = question{title: "ask.title_end", consequence: p.say("ask.end", nil)}
	}
	q.row = append(q.row, danger(r, ActionEnd, end))
	return q
}

// questionRecurring asks which dates, with nothing chosen. The whole series is
// not on offer while a date runs that nobody asked to end.
func (p page) questionRecurring(r cancellation.Request) question {
	q := question{title: "ask.title_recurring", consequence: p.say("ask.recurring", nil), menu: p.menu(r)}
	if q.menu != nil {
		q.row = append(q.row, danger(r, ActionCancelOccurrences, p.say("button.dates", nil)))
	}
	if !r.Meeting.Running || r.End {
		q.row = append(q.row, danger(r, ActionCancelSeries, p.say("button.series", nil)))
	}
	switch {
	case r.Meeting.Running && r.End:
		q.consequence = join("\n", q.consequence, p.say("ask.date_running", nil))
	case r.Meeting.Running:
		q.consequence = join("\n", q.consequence, p.say("ask.date_running_kept", vars{"Example": p.example(r, "--end --series")}))
	default:
		q.consequence = join("\n", p.notStarted(r), q.consequence)
	}
	return q
}

// questionScoped asks about the one choice that the command has made.
func (p page) questionScoped(r cancellation.Request, now time.Time) question {
	q := question{title: "ask.title_series", consequence: p.say("ask.series_all", nil)}
	if n := len(r.Meeting.Occurrences); n > 0 {
		q.consequence = p.count("ask.series", n, nil)
	}
	action, text := ActionCancelSeries, "button.series"
	running := r.Meeting.Running
	if r.Scope == cancellation.Occurrence {
		chosen := dates(r)
		q = question{title: "ask.title_dates", consequence: p.count("ask.dates", len(chosen), nil)}
		action, text = ActionCancelOccurrences, "button.dates"
		running = slices.Contains(r.Chosen, r.Meeting.RunningDate(now))
	}
	switch {
	case running && r.End:
		q.consequence = join("\n", q.consequence, p.say("ask.date_running", nil))
	case running:
		action, text = ActionEnd, "button.end"
		q.consequence = join("\n", q.consequence, p.say("ask.date_running_end", vars{"Button": p.say(text, nil)}))
	default:
		q.consequence = join("\n", p.notStarted(r), q.consequence)
	}
	q.row = append(q.row, danger(r, action, p.say(text, nil)))
	return q
}

// menu offers the dates of a series, several at once. Its options are plain
// text, which has no reader's own time zone; their numbers are those of the
// list on the card. It is nil if there are no dates to choose from.
func (p page) menu(r cancellation.Request) slack.Block {
	var options, chosen []*slack.OptionBlockObject
	for i, o := range r.Meeting.Occurrences[:min(maxOptions, len(r.Meeting.Occurrences))] {
		text := strconv.Itoa(i+1) + ". " + p.utc(o.Start)
		option := slack.NewOptionBlockObject(strconv.Itoa(i), unmarked(text, maxLabel), nil)
		options = append(options, option)
		for _, id := range r.Chosen {
			if id == o.ID {
				chosen = append(chosen, option)
			}
		}
	}
	if len(options) == 0 {
		return nil
	}
	menu := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, unmarked(p.say("button.pick", nil), maxHeader), ActionPickOccurrences, options...)
	menu.InitialOptions = chosen
	return slack.NewSectionBlock(marked("*"+p.say("button.pick", nil)+"*"), nil, slack.NewAccessory(menu))
}

// OptionIndex reads which occurrence an option of the menu means, from its
// value. The index is not checked against any list.
func OptionIndex(value string) (int, bool) {
	i, err := strconv.Atoi(value)
	return i, err == nil && i >= 0
}

// undoable counts down to the call.
func (p page) undoable(r cancellation.Request, now time.Time) bot.Message {
	undo, key := p.say("button.undo", nil), "undo.text"
	if r.Scope == cancellation.Occurrence {
		key = "undo.text_dates"
	}
	text := func(p page) string {
		return p.say(key, vars{
			"Who": p.who(r.ConfirmedBy), "What": p.what(r), "Button": undo,
			"Left": p.length(r.UndoUntil.Sub(now)), "When": p.moment("clock", r.UndoUntil),
		})
	}
	blocks := stack(header(p.say("undo.title", nil)))
	blocks = append(blocks, p.facts(r)...)
	blocks = append(blocks, section(text(p)), p.reason(r), buttons(button(r, ActionUndo, undo)), p.askedBy(r))
	return bot.Message{Text: text(p.spoken()), Blocks: stack(blocks...)}
}

// working says who pressed, and that it is being done.
func (p page) working(r cancellation.Request) bot.Message {
	key := "working.text"
	switch {
	case r.Scope == cancellation.Occurrence:
		key = "working.text_dates"
	case r.Ending():
		key = "working.text_end"
	}
	text := func(p page) string {
		return p.say(key, vars{"Who": p.who(r.ConfirmedBy), "What": p.what(r)})
	}
	blocks := stack(header(p.say("working.title", nil)))
	blocks = append(blocks, p.facts(r)...)
	blocks = append(blocks, section(text(p)), p.reason(r), p.askedBy(r))
	return bot.Message{Text: text(p.spoken()), Blocks: stack(blocks...)}
}

func (p page) askedBy(r cancellation.Request) slack.Block {
	if r.Asker == "" {
		return nil
	}
	return small(p.say("ask.asked_by", vars{"Who": p.who(r.Asker)}))
}
