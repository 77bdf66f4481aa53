package view

import (
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// drawCard is the whole card of r at the time now. It is drawn whole for every state, so
// that a card has buttons only if its state has them. A request that supersedes
// another says why it asks again.
func (p page) drawCard(r cancellation.Request, now time.Time) bot.Message {
	switch r.State {
	case cancellation.Received:
		text := p.say("received.text", vars{"What": p.discreet().what(r)})
		return bot.Message{Text: text, Blocks: stack(section(text))}
	case cancellation.Asked:
		return p.asked(r, now)
	case cancellation.Confirmed, cancellation.Calling:
		switch {
		case r.State == cancellation.Confirmed && now.Before(r.UndoUntil):
			return p.undoable(r, now)
		case now.Before(r.WaitUntil):
			return p.waiting(r)
		}
		return p.working(r)
	case cancellation.Done, cancellation.Declined, cancellation.Expired, cancellation.Superseded:
	}
	return p.final(r)
}

// asked is the question.
func (p page) asked(r cancellation.Request, now time.Time) bot.Message {
	q := p.question(r, now)
	consequence := join("\n", p.anew(r), q.consequence)
	blocks := stack(header(p.say(q.title, nil)), p.asks(r))
	blocks = append(blocks, p.facts(r)...)
	blocks = append(blocks, section(consequence, p.invited(r.Meeting), p.tellNote(r.Meeting)), p.reason(r))
	blocks = append(blocks, q.ticks...)
	blocks = append(blocks, p.tellTick(r))
	blocks = append(blocks, buttons(q.row...), small(p.askedByOther(r), p.expires(r), p.secondNote(r, now)))
	aloud := p.spoken()
	text := p.say("ask.text", vars{
		"Who": p.who(r.Asker), "What": aloud.what(r), "When": aloud.when(r), "Consequence": join("\n", consequence, p.invited(r.Meeting)),
	})
	return bot.Message{Text: p.say(q.title, nil) + "\n" + text, Blocks: stack(blocks...)}
}

// when is when what is asked about starts: the meeting, or the chosen dates.
func (p page) when(r cancellation.Request) string {
	if chosen := dates(r); r.Scope == cancellation.Occurrence && len(chosen) > 0 {
		return p.dateLine(chosen, shownBrief)
	}
	return p.moment("long", r.Meeting.Start)
}

// anew says why a question is asked again; empty the first time.
func (p page) anew(r cancellation.Request) string {
	switch {
	case r.Anew == cancellation.AnewStale:
		return p.say("ask.stale", nil)
	case r.Anew == cancellation.AnewStarted:
		return p.say("watch.started", nil)
	case r.Anew == cancellation.AnewMoved:
		return p.say("watch.moved", nil)
	case r.Anew == cancellation.AnewEdited:
		return p.say("watch.edited", nil)
	case r.Anew == cancellation.AnewChanged, r.Supersedes != "":
		return p.say("ask.changed", nil)
	}
	return ""
}

// invited says how many people are invited, and whether the meeting service notifies
// them, if the service says so.
func (p page) invited(m cancellation.Meeting) string {
	if !m.InvitedKnown || m.Invited <= 0 {
		return ""
	}
	switch m.Notifies {
	case "yes":
		return p.count("ask.invited_notified", m.Invited, nil)
	case "no":
		return p.count("ask.invited_not_notified", m.Invited, nil)
	}
	return p.count("ask.invited", m.Invited, nil)
}

func (p page) expires(r cancellation.Request) string {
	if r.ExpiresAt.IsZero() {
		return ""
	}
	return p.say("ask.expires", vars{"When": p.moment("short", r.ExpiresAt)})
}

// secondNote says who may confirm if the asker may not. While it is undecided how
// much of a series is meant, it says what needs a second person.
func (p page) secondNote(r cancellation.Request, now time.Time) string {
	asker := vars{"Who": p.who(r.Asker)}
	if r.IsQuestion() {
		return "" // the person asked is somebody else anyway
	}
	if r.Meeting.Recurring && r.Scope == cancellation.Undecided {
		switch {
		case p.second.Needs(false, false):
			return p.say("ask.second_always", asker)
		case p.second.Needs(false, true):
			return p.say("ask.second_series", asker)
		case r.Meeting.Running && p.second.Needs(true, false):
			return p.say("ask.second_end", asker)
		}
		return ""
	}
	then := r.Decided(cancellation.Decision{Scope: r.Scope, Chosen: r.Chosen, End: r.Meeting.Running}, now)
	if p.second.Needs(then.Ending(), then.Scope == cancellation.Series) {
		return p.say("ask.second_always", asker)
	}
	return ""
}

// undoable counts down to the call.
func (p page) undoable(r cancellation.Request, now time.Time) bot.Message {
	undo, key := p.say("button.undo", nil), "undo.text"
	if r.Scope == cancellation.Occurrence {
		key = "undo.text_dates"
	}
	return p.underway(r, "undo.title", buttons(button(r.ID, ActionUndo, undo)), func(p page) string {
		return p.say(key, vars{
			"Who": p.who(r.ConfirmedBy), "What": p.what(r), "Button": undo,
			"Left": p.length(r.UndoUntil.Sub(now)), "When": p.moment("clock", r.UndoUntil),
		})
	})
}

// waiting says what the call is waiting for and until when, and offers to stop.
func (p page) waiting(r cancellation.Request) bot.Message {
	key := "waiting.text"
	switch {
	case r.Unanswered > 0:
		key = "waiting.text_unanswered"
	case r.Scope == cancellation.Occurrence:
		key = "waiting.text_dates"
	}
	stop := p.say("button.stop", nil)
	return p.underway(r, "waiting.title", buttons(button(r.ID, ActionStop, stop)), func(p page) string {
		return p.say(key, vars{
			"Who": p.who(r.ConfirmedBy), "What": p.what(r), "When": p.moment("short", r.WaitUntil), "Button": stop,
		})
	})
}

// working says who pressed, and that the work is in progress.
func (p page) working(r cancellation.Request) bot.Message {
	key := "working.text"
	switch {
	case r.Scope == cancellation.Occurrence:
		key = "working.text_dates"
	case r.Ending():
		key = "working.text_end"
	}
	return p.underway(r, "working.title", nil, func(p page) string {
		return p.say(key, vars{"Who": p.who(r.ConfirmedBy), "What": p.what(r)})
	})
}

// underway is a card between the question and its end. The text is written twice: for
// the card and for a notification.
func (p page) underway(r cancellation.Request, title string, row slack.Block, text func(page) string) bot.Message {
	blocks := stack(header(p.say(title, nil)))
	blocks = append(blocks, p.facts(r)...)
	blocks = append(blocks, section(text(p)), p.reason(r), row, small(p.askedBy(r)))
	return bot.Message{Text: join("\n", p.say(title, nil), text(p.spoken())), Blocks: stack(blocks...)}
}

func (p page) askedBy(r cancellation.Request) string {
	if r.Asker == "" {
		return ""
	}
	return p.say("ask.asked_by", vars{"Who": p.who(r.Asker)})
}
