package view

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/internal/cancellation"
)

// A question is what a card asks: its title, what a yes leads to, and how to answer.
type question struct {
	title       string // key
	consequence string
	ticks       []slack.Block // empty if there is nothing to choose
	row         []slack.BlockElement
}

// question finds what to ask about r.
func (p page) question(r cancellation.Request, now time.Time) question {
	var q question
	keep := "button.keep"
	switch {
	case !r.Meeting.Recurring && r.Meeting.Running:
		q, keep = p.questionRunning(r), "button.keep_running"
	case !r.Meeting.Recurring:
		q = p.questionPlanned(r)
	case r.Scope == cancellation.Undecided:
		q = p.questionRecurring(r, now)
	default:
		q = p.questionScoped(r, now)
	}
	if r.IsQuestion() { // the reason is the asker's
		q.row = append(q.row, button(r.ID, ActionKeep, p.say(keep, nil)), button(r.ID, ActionMute, p.say("button.mute", nil)))
		return q
	}
	addReason := "button.reason"
	if r.Reason != "" {
		addReason = "button.reason_change"
	}
	q.row = append(q.row, button(r.ID, ActionKeep, p.say(keep, nil)), button(r.ID, ActionAddReason, p.say(addReason, nil)))
	return q
}

func (p page) questionPlanned(r cancellation.Request) question {
	q := question{title: "ask.title_cancel", consequence: join("\n", p.notStarted(r), p.say("ask.planned", nil))}
	q.row = append(q.row, danger(r.ID, ActionCancel, p.say("button.cancel", nil)))
	return q
}

// notStarted says what --end, or its absence, means for a meeting that is not running
// as far as the service says.
func (p page) notStarted(r cancellation.Request) string {
	switch {
	case !r.Meeting.StateKnown && r.End:
		return p.say("ask.unknown_end", nil)
	case !r.Meeting.StateKnown:
		return p.say("ask.unknown", nil)
	case r.End && !r.Meeting.Running:
		return p.say("ask.not_started", nil)
	}
	return ""
}

// questionRunning never offers a plain cancellation: the person who presses must know
// that people are in the meeting.
func (p page) questionRunning(r cancellation.Request) question {
	end := p.say("button.end", nil)
	q := question{title: "ask.title_started", consequence: p.say("ask.running", vars{"Button": end})}
	if r.End {
		q = question{title: "ask.title_end", consequence: p.say("ask.end", nil)}
	}
	q.row = append(q.row, danger(r.ID, ActionEnd, end))
	return q
}

// questionRecurring asks which dates, with nothing ticked. While a date is running,
// the buttons that would end it say so, with or without --end.
func (p page) questionRecurring(r cancellation.Request, now time.Time) question {
	running := r.Meeting.RunningDate(now)
	q := question{title: "ask.title_recurring", ticks: p.ticks(r, running)}
	dates, series, first := "button.dates", "button.series", "ask.recurring"
	if running != "" {
		dates = "button.dates_end"
	}
	if r.Meeting.Running {
		series = "button.series_end"
	}
	if len(q.ticks) == 0 {
		q.title, first = "ask.title_series", "ask.recurring_unlisted"
	} else {
		q.row = append(q.row, danger(r.ID, ActionCancelOccurrences, p.say(dates, nil)))
	}
	if len(r.Chosen) > 0 && len(q.ticks) > 0 {
		first = "watch.recurring_ticked"
	}
	q.consequence = p.say(first, nil)
	button := vars{"Button": p.say(series, nil)}
	switch {
	case running != "":
		q.consequence = join("\n", q.consequence, p.say("ask.date_running", button))
	case r.Meeting.Running:
		q.consequence = join("\n", q.consequence, p.say("ask.date_running_other", button))
	default:
		q.consequence = join("\n", p.notStarted(r), q.consequence)
	}
	q.row = append(q.row, danger(r.ID, ActionCancelSeries, p.say(series, nil)))
	return q
}

// questionScoped asks about the scope that the command has already chosen.
func (p page) questionScoped(r cancellation.Request, now time.Time) question {
	q := question{title: "ask.title_series", consequence: p.say("ask.series_all", nil)}
	if n := len(r.Meeting.Occurrences); n > 0 {
		q.consequence = p.count("ask.series", n, nil)
	}
	verb, label, end := ActionCancelSeries, p.say("button.series", nil), p.say("button.series_end", nil)
	running := r.Meeting.Running
	if r.Scope == cancellation.Occurrence {
		n := len(dates(r))
		verb, running = ActionCancelOccurrences, slices.Contains(r.Chosen, r.Meeting.RunningDate(now))
		q = question{title: "ask.title_dates", consequence: p.count("ask.dates_all", n, nil)}
		if !r.Meeting.Remaining(r.Chosen) {
			q.consequence = p.count("ask.dates", n, nil)
			label, end = p.count("button.dates_typed", n, nil), p.say("button.end", nil)
		}
	}
	if running {
		label = end
		if !r.End {
			verb = ActionEnd
		}
		q.consequence = join("\n", q.consequence, p.say("ask.date_running_stops", vars{"Button": end}))
	} else {
		q.consequence = join("\n", p.notStarted(r), q.consequence)
	}
	q.row = append(q.row, danger(r.ID, verb, label))
	return q
}
