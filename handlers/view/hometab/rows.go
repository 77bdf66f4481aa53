package hometab

import (
	"slices"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

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
	where := help.MayWhere(p, help.Facts{Channels: f.Channels})
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
