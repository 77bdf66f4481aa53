package card

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// A question is what a card asks: its title, what confirming leads to, and how to answer.
type question struct {
	title       string // key
	consequence string
	ticks       []slack.Block // empty if there is nothing to choose
	row         []slack.BlockElement
}

// ask returns the question to ask about r.
func ask(p page.Page, r cancellation.Request, now time.Time) question {
	var q question
	keep := "button.keep"
	switch {
	case !r.Meeting.Recurring && r.Meeting.Running:
		q, keep = questionRunning(p, r), "button.keep_running"
	case !r.Meeting.Recurring:
		q = questionPlanned(p, r)
	case r.Scope == cancellation.Undecided:
		q = questionRecurring(p, r, now)
	default:
		q = questionScoped(p, r, now)
	}
	last := AddReason(p, r)
	if r.IsQuestion() { // the reason is the asker's
		last = block.Button(r.ID, action.Mute, p.Say("button.mute", nil))
	}
	q.row = append(q.row, block.Button(r.ID, action.Keep, p.Say(keep, nil)), last)
	return q
}

// AddReason returns the button that opens the modal to give a reason or change it.
func AddReason(p page.Page, r cancellation.Request) slack.BlockElement {
	key := "button.reason"
	if r.Reason != "" {
		key = "button.reason_change"
	}
	return block.Button(r.ID, action.AddReason, p.Say(key, nil))
}

func questionPlanned(p page.Page, r cancellation.Request) question {
	q := question{title: "ask.title_cancel", consequence: block.Join("\n", notStarted(p, r), p.Say("ask.planned", nil))}
	q.row = append(q.row, block.Danger(r.ID, action.Cancel, p.Say("button.cancel", nil)))
	return q
}

// notStarted says what --end, or its absence, means for a meeting that is not running
// as far as the service says.
func notStarted(p page.Page, r cancellation.Request) string {
	switch {
	case !r.Meeting.StateKnown && r.End:
		return p.Say("ask.unknown_end", nil)
	case !r.Meeting.StateKnown:
		return p.Say("ask.unknown", nil)
	}
	return p.SayIf(r.End && !r.Meeting.Running, "ask.not_started", nil)
}

// questionRunning never offers a plain cancellation: the person who presses must know
// that people are in the meeting.
func questionRunning(p page.Page, r cancellation.Request) question {
	end := p.Say("button.end", nil)
	q := question{title: "ask.title_started", consequence: p.Say("ask.running", words.Vars{"Button": end})}
	if r.End {
		q = question{title: "ask.title_end", consequence: p.Say("ask.end", nil)}
	}
	q.row = append(q.row, block.Danger(r.ID, action.End, end))
	return q
}

// questionRecurring asks which dates, with nothing ticked. While a date is running,
// the buttons that would end it say so, with or without --end.
func questionRecurring(p page.Page, r cancellation.Request, now time.Time) question {
	running := r.Meeting.RunningDate(now)
	boxes, ticked := ticks(p, r, running)
	q := question{title: "ask.title_recurring", ticks: boxes}
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
		q.row = append(q.row, block.Danger(r.ID, action.CancelOccurrences, p.Say(dates, nil)))
	}
	q.consequence = p.Say(first, nil)
	if ticked > 0 {
		q.consequence = p.Count("watch.recurring_ticked", ticked, nil)
	}
	button := words.Vars{"Button": p.Say(series, nil)}
	switch {
	case running != "":
		q.consequence = block.Join("\n", q.consequence, p.Say("ask.date_running", button))
	case r.Meeting.Running && len(q.ticks) == 0:
		q.consequence = block.Join("\n", q.consequence, p.Say("ask.date_running_stops", button))
	case r.Meeting.Running:
		q.consequence = block.Join("\n", q.consequence, p.Say("ask.date_running_other", button))
	default:
		q.consequence = block.Join("\n", notStarted(p, r), q.consequence)
	}
	q.row = append(q.row, block.Danger(r.ID, action.CancelSeries, p.Say(series, nil)))
	return q
}

// questionScoped asks about the scope that the command has already set.
func questionScoped(p page.Page, r cancellation.Request, now time.Time) question {
	q := question{title: "ask.title_series", consequence: p.Say("ask.series_all", nil)}
	if n := len(r.Meeting.Occurrences); n > 0 && !r.Meeting.MoreDates {
		q.consequence = p.Count("ask.series", n, nil)
	}
	verb, label, end := action.CancelSeries, p.Say("button.series", nil), p.Say("button.series_end", nil)
	running := r.Meeting.Running
	if r.Scope == cancellation.Occurrence {
		n := len(cancellation.Dates(r))
		verb, running = action.CancelOccurrences, slices.Contains(r.Chosen, r.Meeting.RunningDate(now))
		q = question{title: "ask.title_dates", consequence: p.Count("ask.dates_all", n, nil)}
		if n == 1 {
			q.title = "ask.title_date"
		}
		if !r.Meeting.Remaining(r.Chosen) || r.Meeting.EarlierRuns(now) {
			q.consequence = p.Count("ask.dates", n, nil)
			label, end = p.Count("button.dates_typed", n, nil), p.Say("button.end", nil)
		}
	}
	if running {
		label = end
		if !r.End {
			verb = action.End
		}
		q.consequence = block.Join("\n", q.consequence, p.Say("ask.date_running_stops", words.Vars{"Button": end}))
	} else {
		q.consequence = block.Join("\n", notStarted(p, r), q.consequence)
	}
	q.row = append(q.row, block.Danger(r.ID, verb, label))
	return q
}
