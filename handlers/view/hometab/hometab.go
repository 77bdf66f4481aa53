package hometab

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// How much Home shows. Slack allows a hundred blocks.
const (
	maxWaiting     = 10
	MaxMeetings    = 40
	MaxCancelled   = 5
	MaxDelegations = 10 // that a person may give; all are shown

	shownSubjects = 3 // of a card about several meetings
)

// Facts are what a person's Home shows. What doesn't fit is left out and counted.
type Facts struct {
	Now     time.Time
	Refusal *answer.Answer // why this person may not use the bot; if set, Home shows nothing else

	Waiting        []cancellation.Request // questions that this person may answer
	WaitingPartial bool                   // some could not be checked

	Meetings    []Meeting // running ones first
	Partial     bool      // some could not be read
	FailedUntil time.Time // until when the meeting service asked the bot to wait; zero if it did not
	Failed      string    // class of the error if none could be read
	Channels    []string  // where the command works; empty or "*" means everywhere. If limited, no meeting in Home has a button

	Delegations []cancellation.Delegation // delegations that this person has given
	MayDelegate bool                      // this person may delegate

	Cancelled []cancellation.Request // cancellations of their meetings, latest first
	Kept      time.Duration          // how far back Cancelled goes, if KEEP makes that less than usual; else zero
}

// A Meeting is a row of Home, with the value of its button.
type Meeting struct {
	ID cancellation.ID
	cancellation.Choice
}

// Draw draws one person's tab: what is waiting for them, their meetings, who may cancel those,
// and what was cancelled recently.
func Draw(p page.Page, f Facts) bot.Home {
	if f.Refusal != nil {
		return tab(answer.Draw(p, *f.Refusal).Blocks)
	}
	return tab(slices.Concat(waiting(p, f), meetings(p, f), delegations(p, f), cancelled(p, f),
		block.Stack(block.Small(p.Say("home.as_of", words.Vars{"When": p.Moment("short", f.Now)})))))
}

// A Fault is why a Home can't be drawn.
type Fault string

// Why a Home can't be drawn.
const (
	NotRead       Fault = "failed_not_read"       // its facts could not be read
	UnknownPerson Fault = "failed_unknown_person" // Slack doesn't tell the bot who they are
	Slack         Fault = "failed_slack"          // Slack didn't answer, or refused
)

// Failed draws the tab of a person whose Home can't be drawn.
func Failed(p page.Page, why Fault) bot.Home {
	return tab(block.Stack(block.Section(block.Flow(p.Say("home.failed", nil), p.Say("home."+string(why), nil)))))
}

func tab(blocks []slack.Block) bot.Home {
	return bot.Home{HomeTabViewRequest: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, CallbackID: "home", Blocks: slack.Blocks{BlockSet: blocks},
	}}
}

func waiting(p page.Page, f Facts) []slack.Block {
	blocks := block.Stack(block.Header(p.Say("home.waiting", nil)))
	shown := f.Waiting[:min(maxWaiting, len(f.Waiting))]
	if len(shown) == 0 {
		blocks = append(blocks, block.Section(p.Say("home.waiting_none", nil)))
	}
	for _, r := range shown {
		by := p.Say("home.asked_by", words.Vars{"Who": p.Who(r.Asker), "When": p.Moment("short", r.ExpiresAt)})
		if r.Batch != nil {
			blocks = append(blocks, several(p, r, by))
			continue
		}
		c := choiceOf(r)
		show := block.Button(r.ID, action.HomeCard, p.Say("home.show", nil))
		blocks = append(blocks, list.WithButton(p, block.Join("\n", list.Row(p, c), by), c, show, "home.show_label"))
	}
	partial := p.SayIf(f.WaitingPartial, "home.waiting_partial", nil)
	return block.Stack(append(blocks, block.Small(p.CountAny("count.more", len(f.Waiting)-len(shown)), partial))...)
}

// several returns the row for a card about several meetings: how many are ticked, or how many
// there are if none is ticked, and the first of them by name.
func several(p page.Page, r cancellation.Request, by string) slack.Block {
	items := r.Batch.Ticked()
	if len(items) == 0 {
		items = r.Batch.All()
	}
	var names []string
	for _, i := range items {
		if name := list.Subject(p, choiceOf(cancellation.Request{Meeting: r.Batch.Meetings[r.Batch.Items[i].Meeting]})); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	subjects := names[:min(shownSubjects, len(names))]
	meetings := p.Count("home.several", len(items), nil)
	b := block.Button(r.ID, action.HomeCard, p.Say("home.show", nil))
	b.AccessibilityLabel = block.Plain(p.Say("home.show_label_several", words.Vars{"Meetings": meetings}), block.MaxLabel)
	named := block.Join(p.Say("separator", nil), append(subjects, p.CountAny("count.more", len(names)-len(subjects)))...)
	return block.Row(block.Join("\n", "*"+meetings+"*", named, by), b)
}

// choiceOf returns the meeting of r as a choice.
func choiceOf(r cancellation.Request) cancellation.Choice {
	c := r.Meeting.Choice()
	c.Number = page.NumberOf(r)
	return c
}

func meetings(p page.Page, f Facts) []slack.Block {
	blocks := block.Stack(block.Header(p.Say("home.meetings", nil)))
	shown := f.Meetings[:min(MaxMeetings, len(f.Meetings))]
	switch {
	case f.Failed != "":
		return append(blocks, block.Section(block.Flow(p.Say("home.meetings_failed", nil), outcome.ClassUntil(p, f.Failed, cancellation.Request{}, f.FailedUntil))))
	case len(shown) == 0:
		blocks = append(blocks, block.Section(p.Say("home.meetings_none", nil)))
	}
	where := help.Where(p, help.Facts{Channels: f.Channels})
	for _, m := range shown {
		c := m.Choice
		c.Owner = "" // the reader is the owner
		if where != "" {
			blocks = append(blocks, block.Section(list.Row(p, c)))
			continue
		}
		ask := block.Button(m.ID, action.HomeMeeting, p.Say("home.cancel", nil))
		blocks = append(blocks, list.WithButton(p, list.Row(p, c), c, ask, "home.cancel_label"))
	}
	hint := p.Say("home.more_hint", words.Vars{"Example": p.Example(cancellation.Request{}, "")})
	return block.Stack(append(blocks, block.Small(p.CountAny("count.more_meetings", len(f.Meetings)-len(shown)), p.Partial(f.Partial), hint, where))...)
}

func delegations(p page.Page, f Facts) []slack.Block {
	if !f.MayDelegate && len(f.Delegations) == 0 {
		return nil
	}
	blocks := block.Stack(block.Header(p.Say("home.lets", nil)))
	if len(f.Delegations) == 0 {
		blocks = append(blocks, block.Section(p.Say("home.lets_none", nil)))
	}
	for _, d := range f.Delegations[:min(MaxDelegations, len(f.Delegations))] {
		text := p.Say("home.lets_row", words.Vars{"Who": p.Who(d.Receiver), "When": p.Moment("long", d.Until)})
		blocks = append(blocks, block.Row(text, block.Button(d.ID, action.DelegateRemove, p.Say("home.remove", nil))))
	}
	if f.MayDelegate {
		blocks = append(blocks, block.Buttons(block.Button("", action.DelegateAdd, p.Say("home.add", nil))))
	}
	return blocks
}

func cancelled(p page.Page, f Facts) []slack.Block {
	blocks := block.Stack(block.Header(p.Say("home.cancelled", nil)))
	switch {
	case len(f.Cancelled) > 0:
	case f.Kept > 0:
		blocks = append(blocks, block.Section(p.Say("home.cancelled_none_kept", words.Vars{"Span": p.Span(f.Kept)})))
	default:
		blocks = append(blocks, block.Section(p.Say("home.cancelled_none", nil)))
	}
	for _, r := range f.Cancelled[:min(MaxCancelled, len(f.Cancelled))] {
		blocks = append(blocks, block.Section(outcome.Happened(p, r), block.Join(" · ", p.Moment("short", r.ClosedAt), p.Brief(r))))
	}
	return blocks
}
