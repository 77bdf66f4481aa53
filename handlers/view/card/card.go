package card

import (
	"cmp"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Draw draws the card of r as of now. Each state is drawn whole, so a card has buttons only if
// its state has them. A request that supersedes another says why it asks again.
func Draw(p page.Page, r cancellation.Request, now time.Time) bot.Message {
	switch r.State {
	case cancellation.Asked:
		return asked(p, r, now)
	case cancellation.Confirmed, cancellation.Calling:
		switch {
		case cancellation.CanUndo(r, now):
			return undoable(p, r, now)
		case now.Before(r.WaitUntil):
			return waiting(p, r)
		}
		return working(p, r)
	case cancellation.Received, cancellation.Done, cancellation.Declined, cancellation.Expired, cancellation.Superseded: // Received has no card yet
	}
	return final(p, r)
}

// asked draws the question. If no date has a known time, readers couldn't tell them apart, or
// tell which are over, so the card treats them as not listed.
func asked(p page.Page, r cancellation.Request, now time.Time) bot.Message {
	if r.Scope != cancellation.Occurrence && r.Meeting.HasNoTimes() {
		r.Meeting.Occurrences = nil
	}
	q := ask(p, r, now)
	consequence := block.Join("\n", WhyAskAgain(p, r), q.consequence)
	blocks := block.Stack(block.Header(p.Say(q.title, nil)), whoAsks(p, r))
	blocks = append(blocks, facts(p, r)...)
	blocks = append(blocks, block.Section(consequence, invited(p, r.Meeting), TellNote(p, r.Meeting)), p.Reason(r))
	blocks = append(blocks, q.ticks...)
	blocks = append(blocks, TellTick(p, r))
	blocks = append(blocks, block.Buttons(q.row...), block.Small(askedBy(p, r), Expires(p, r), secondNote(p, r, now)))
	fallback := p.ForFallback()
	text := p.Say("ask.text", words.Vars{
		"Who": p.Who(r.Asker), "What": fallback.What(r), "When": when(fallback, r), "Consequence": block.Join("\n", consequence, invited(p, r.Meeting)),
	})
	return bot.Message{Text: p.Say(q.title, nil) + "\n" + text, Blocks: block.Stack(blocks...)}
}

// whoAsks says on the owner's card who is asking, and where, if the conversation has a name;
// nil on any other card.
func whoAsks(p page.Page, r cancellation.Request) slack.Block {
	if !r.IsQuestion() {
		return nil
	}
	return block.Section(p.Say("askowner.asks", words.Vars{"Who": p.Who(r.Asker)}),
		p.SayIf(block.IsID(r.Channel, "CG"), "askowner.asked_in", words.Vars{"Channel": block.Mention(r.Channel)}))
}

// askedBy says who asked, unless the card has already said so above.
func askedBy(p page.Page, r cancellation.Request) string {
	if r.IsQuestion() {
		return ""
	}
	return p.AskedBy(r)
}

// when says when the meeting starts: the meeting itself, the next date of a series, or the
// chosen dates.
func when(p page.Page, r cancellation.Request) string {
	if chosen := cancellation.Dates(r); r.Scope == cancellation.Occurrence && len(chosen) > 0 {
		return p.DateLine(chosen, page.ShownBrief)
	}
	return p.Moment("long", r.Meeting.Next())
}

// invited says how many people are invited, and whether the meeting service notifies
// them, if the service says so.
func invited(p page.Page, m cancellation.Meeting) string {
	if !m.InvitedKnown || m.Invited <= 0 {
		return ""
	}
	switch m.Notifies {
	case "yes":
		return p.Count("ask.invited_notified", m.Invited, nil)
	case "no":
		return p.Count("ask.invited_not_notified", m.Invited, nil)
	}
	return p.Count("ask.invited", m.Invited, nil)
}

// Expires says until when the card can be answered.
func Expires(p page.Page, r cancellation.Request) string {
	return p.SayIf(!r.ExpiresAt.IsZero(), "ask.expires", words.Vars{"When": p.Moment("short", r.ExpiresAt)})
}

// WhyAskAgain says why a question is asked again; empty the first time.
func WhyAskAgain(p page.Page, r cancellation.Request) string {
	key := map[cancellation.AskAgain]string{
		cancellation.AskAgainChanged: "ask.changed", cancellation.AskAgainStale: "ask.stale", cancellation.AskAgainUnlisted: "ask.unlisted",
		cancellation.AskAgainStarted: "watch.started", cancellation.AskAgainMoved: "watch.moved", cancellation.AskAgainEdited: "watch.edited",
	}[r.AskAgain]
	if r.Supersedes != "" {
		key = cmp.Or(key, "ask.changed")
	}
	return p.SayIf(key != "", key, nil)
}

// secondNote says who may confirm if the asker may not. While it is undecided how
// much of a series is meant, it says what needs a second person.
func secondNote(p page.Page, r cancellation.Request, now time.Time) string {
	asker := words.Vars{"Who": p.Who(r.Asker)}
	if r.IsQuestion() {
		return "" // the owner is a second person anyway
	}
	if r.Meeting.Recurring && r.Scope == cancellation.Undecided {
		switch {
		case p.Second.Needs(false, false):
			return p.Say("ask.second_always", asker)
		case p.Second.Needs(false, true):
			return p.Say("ask.second_series", asker)
		}
		return p.SayIf(r.Meeting.Running && p.Second.Needs(true, false), "ask.second_end", asker)
	}
	then := r.Decided(cancellation.Decision{Scope: r.Scope, Chosen: r.Chosen, End: r.Meeting.Running}, now)
	return p.SayIf(p.Second.Needs(then.Ending(), cancellation.MayBeWholeSeries(then)), "ask.second_always", asker)
}

// underway draws a card between the question and its end. It writes the text twice: for the
// card and for a notification.
func underway(p page.Page, r cancellation.Request, title string, row slack.Block, text func(page.Page) string) bot.Message {
	blocks := block.Stack(block.Header(p.Say(title, nil)))
	blocks = append(blocks, facts(p, r)...)
	blocks = append(blocks, block.Section(text(p)), p.Reason(r), row, block.Small(p.AskedBy(r)))
	return bot.Message{Text: block.Join("\n", p.Say(title, nil), text(p.ForFallback())), Blocks: block.Stack(blocks...)}
}

// undoable draws the countdown to the call, with the Undo button.
func undoable(p page.Page, r cancellation.Request, now time.Time) bot.Message {
	undo := p.Say("button.undo", nil)
	return underway(p, r, "undo.title", block.Buttons(block.Button(r.ID, action.Undo, undo)), func(p page.Page) string {
		return outcome.Consequence(p, "undo.text", r, words.Vars{
			"Who": p.Who(r.ConfirmedBy), "What": p.What(r), "Button": undo,
			"Left": p.Length(r.UndoUntil.Sub(now)), "When": p.Moment("clock", r.UndoUntil),
		})
	})
}

// waiting draws what the call is waiting for and until when, with a button to stop.
func waiting(p page.Page, r cancellation.Request) bot.Message {
	key := "waiting.text"
	if r.Why == "locked" {
		key = "waiting.locked"
	}
	stop := p.Say("button.stop", nil)
	return underway(p, r, "waiting.title", block.Buttons(block.Button(r.ID, action.Stop, stop)), func(p page.Page) string {
		v := words.Vars{"Who": p.Who(r.ConfirmedBy), "What": p.What(r), "When": p.Moment("short", r.WaitUntil), "Button": stop}
		switch {
		case r.Unanswered > 0:
			return p.Say("waiting.text_unanswered", v)
		case r.Why == cancellation.WhyInDoubt:
			return p.Say("waiting.text_doubt", v)
		}
		return outcome.Consequence(p, key, r, v)
	})
}

// working draws who confirmed, and that the work is in progress.
func working(p page.Page, r cancellation.Request) bot.Message {
	return underway(p, r, "working.title", nil, func(p page.Page) string {
		return outcome.Consequence(p, "working.text", r, words.Vars{"Who": p.Who(r.ConfirmedBy), "What": p.What(r)})
	})
}

// final draws the card when nothing can be decided any more. Only an unknown outcome has a
// button, which checks and changes nothing.
func final(p page.Page, r cancellation.Request) bot.Message {
	blocks := block.Stack(block.Header(outcome.Title(p, r)))
	blocks = append(blocks, facts(p, r)...)
	blocks = append(blocks,
		block.Section(outcome.Happened(p, r), outcome.Because(p, r), muted(p, r)), p.Reason(r),
		outcome.CheckAgain(p, r), delegateButton(p, r), outcome.SmallPrint(p, r))
	return bot.Message{
		Text:   block.Join("\n", outcome.Happened(p.ForFallback(), r), outcome.Because(p, r)),
		Blocks: block.Stack(blocks...),
	}
}

// delegateButton returns the button that lets the owner, once they have decided, delegate to
// the asker.
func delegateButton(p page.Page, r cancellation.Request) slack.Block {
	if r.OfferDelegationTo == "" || !r.State.Final() {
		return nil
	}
	return block.Buttons(block.Button(r.ID, action.Delegate, p.Say("delegation.button", words.Vars{"Name": block.Plain(r.OfferDelegationTo, maxButtonName)})))
}

const maxButtonName = 30 // of a person's name on a button, so that the words after it stay visible

// muted says until when the owner won't be asked again; empty if they didn't choose that.
func muted(p page.Page, r cancellation.Request) string {
	return p.SayIf(!r.MutedUntil.IsZero(), "askowner.muted", words.Vars{"Who": p.Who(r.Asker), "When": p.Moment("short", r.MutedUntil)})
}
