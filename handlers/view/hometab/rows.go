package hometab

import (
	"cmp"
	"slices"
	"strings"

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
	shown := f.Waiting[:min(MaxWaiting, len(f.Waiting))]
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
		blocks = append(blocks, row(p, block.Join("\n", list.Row(p, c), by), action.HomeCard, r.ID, [2]string{"home.show", "home.show_label"}, c))
	}
	var partial string
	if f.WaitingPartial {
		partial = p.Say("home.waiting_partial", nil)
	}
	return block.Stack(append(blocks, block.Small(moreCards(p, len(f.Waiting)-len(shown)), partial))...)
}

// several is the row of a card about several meetings: how many are ticked, or are on
// it while none is, and the first of them by name.
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
	if n := len(names) - shownSubjects; n > 0 {
		names = append(names[:shownSubjects:shownSubjects], moreCards(p, n))
	}
	meetings := p.Count("home.several", len(items), nil)
	b := slack.NewButtonBlockElement(action.HomeCard, string(r.ID), block.Unmarked(p.Say("home.show", nil), block.MaxLabel))
	b.AccessibilityLabel = block.Plain(p.Say("home.show_label_several", words.Vars{"Meetings": meetings}), block.MaxLabel)
	text := block.Join("\n", "*"+meetings+"*", strings.Join(names, p.Say("separator", nil)), by)
	return slack.NewSectionBlock(block.Marked(text), nil, slack.NewAccessory(b))
}

// choiceOf is the meeting of r as a row.
func choiceOf(r cancellation.Request) cancellation.Choice {
	m := r.Meeting
	return cancellation.Choice{
		MeetingID: m.ID, Number: page.NumberOf(r), Subject: m.Subject, Start: m.Start, End: m.End,
		Running: m.Running, Recurring: m.Recurring, Owner: m.OwnerName,
	}
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
		blocks = append(blocks, row(p, list.Row(p, c), action.HomeMeeting, m.ID, [2]string{"home.cancel", "home.cancel_label"}, c))
	}
	hint := p.Say("home.more_hint", words.Vars{"Example": p.Example(cancellation.Request{}, "")})
	return block.Stack(append(blocks, block.Small(list.More(p, len(f.Meetings)-len(shown)), p.Partial(f.Partial), hint, where))...)
}

// row is a row with a button. The first key is the button's label, the second its
// label for screen readers.
func row(p page.Page, text, verb string, value cancellation.ID, keys [2]string, c cancellation.Choice) slack.Block {
	b := slack.NewButtonBlockElement(verb, string(value), block.Unmarked(p.Say(keys[0], nil), block.MaxLabel))
	b.AccessibilityLabel = block.Plain(p.Say(keys[1], words.Vars{
		"Subject": block.Plain(cmp.Or(c.Subject, p.Say("list.no_subject", nil)), 30), "Number": block.Plain(c.Number, 20),
	}), block.MaxLabel)
	return slack.NewSectionBlock(block.Marked(text), nil, slack.NewAccessory(b))
}

func lets(p page.Page, f Facts) []slack.Block {
	if !f.MayLet && len(f.Lets) == 0 {
		return nil
	}
	blocks := block.Stack(block.Header(p.Say("home.lets", nil)))
	if len(f.Lets) == 0 {
		blocks = append(blocks, block.Section(p.Say("home.lets_none", nil)))
	}
	for _, d := range f.Lets[:min(MaxDelegations, len(f.Lets))] {
		text := p.Say("home.lets_row", words.Vars{"Who": p.Who(d.Receiver), "When": p.Moment("long", d.Until)})
		remove := slack.NewButtonBlockElement(action.DelegateRemove, string(d.ID), block.Unmarked(p.Say("home.remove", nil), block.MaxLabel))
		blocks = append(blocks, slack.NewSectionBlock(block.Marked(text), nil, slack.NewAccessory(remove)))
	}
	if f.MayLet {
		blocks = append(blocks, block.Buttons(slack.NewButtonBlockElement(action.DelegateAdd, "", block.Unmarked(p.Say("home.add", nil), block.MaxLabel))))
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

// moreCards says how many more cards there are.
func moreCards(p page.Page, n int) string {
	if n <= 0 {
		return ""
	}
	return p.Count("count.more", n, nil)
}
