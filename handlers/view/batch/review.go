package batch

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// rateLimitedFrom is the duration from which the service's rate limit is named as the reason.
const rateLimitedFrom = 10 * time.Second

// secondNote says which of these items a second person has to confirm.
func secondNote(p page.Page, r cancellation.Request, items []int) string {
	of := r
	of.Batch = r.Batch.WithTicks(items)
	of.ConfirmedAt = r.ExpiresAt // the latest time: by then the first date of a series may be running
	asker := words.Vars{"Who": p.Who(r.Asker)}
	for _, part := range of.Parts() {
		switch {
		case p.Second == cancellation.SecondAlways, p.Second.Needs(part.Ending(), cancellation.MayBeWholeSeries(part)) && r.Batch.Review:
			return p.Say("ask.second_always", asker)
		case p.Second == cancellation.SecondEnd && part.Ending():
			return p.Say("ask.second_end", asker)
		case p.Second == cancellation.SecondSeries && cancellation.MayBeWholeSeries(part):
			return p.Say("ask.second_series", asker)
		}
	}
	return p.SayIf(p.Second == cancellation.SecondMany && len(items) > 1, "many.second_many", asker)
}

// reviewPage draws the second page: what will be cancelled, and who will be told.
func reviewPage(p page.Page, r cancellation.Request) bot.Message {
	b := r.Batch
	ticked := b.Ticked()
	ending := len(b.Where(func(it cancellation.Item) bool { return it.Ticked && it.Running }))
	title := p.Count("many.review_title", len(ticked), nil)
	if ending > 0 {
		title = p.Count("many.review_title_end", len(ticked), nil)
	}
	stay := p.CountAny("many.stay", len(b.Items)-len(ticked))
	takes := p.Say("many.takes_unhurried", words.Vars{"Length": p.Length(b.Takes)})
	if b.Takes >= rateLimitedFrom {
		takes = p.Say("many.takes", words.Vars{"Length": p.Length(b.Takes)})
	}
	invited := withInvitedTotal(r)
	blocks := block.Stack(block.Header(title))
	blocks = append(blocks, lines(p, b, ticked, itemLine)...)
	blocks = append(blocks,
		block.Section(aboutUnknown(p, b.WithTicksOnly(), r.End), aboutSeries(p, b.WithTicksOnly()),
			block.Flow(p.Count("many.final", len(ticked), nil), stay), ownersToTell(p, b), card.TellNote(p, invited.Meeting), takes), p.Reason(r),
		card.TellTick(p, invited),
		slack.NewActionBlock(action.PageBlock(r.ID, r.Batch.Revision, "answer"),
			block.Danger(r.ID, action.CancelMany, cancelButton(p, len(ticked), ending)),
			block.Button(r.ID, action.Back, p.Say("many.button_back", nil)), block.Button(r.ID, action.Keep, p.Say("many.button_keep", nil)),
		), block.Small(p.AskedBy(r), card.Expires(p, r), secondNote(p, r, ticked)))
	fallback := p.ForFallback()
	return bot.Message{Text: block.Join("\n", title, linesBriefly(fallback, b, ticked, willEnd), ownersToTell(p, b)), Blocks: block.Stack(blocks...)}
}

// withInvitedTotal returns r with the numbers of people invited to the ticked items added up,
// as far as the service gives them.
func withInvitedTotal(r cancellation.Request) cancellation.Request {
	r.Meeting = cancellation.Meeting{}
	for i, m := range r.Batch.Meetings {
		ticked := slices.ContainsFunc(r.Batch.Items, func(it cancellation.Item) bool { return it.Ticked && it.Meeting == i })
		if ticked && m.InvitedKnown {
			r.Meeting.Invited, r.Meeting.InvitedKnown = r.Meeting.Invited+m.Invited, true
		}
	}
	return r
}

// cancelButton returns the button's text: how many meetings are cancelled, and how many of
// them are ended.
func cancelButton(p page.Page, all, ending int) string {
	switch ending {
	case 0:
		return p.Count("many.button_cancel", all, nil)
	case all:
		return p.Count("many.button_end", all, nil)
	}
	return p.Say("many.button_both", words.Vars{"Cancel": all - ending, "End": ending})
}

// ownersToTell says how many owners of ticked items will be told.
func ownersToTell(p page.Page, b *cancellation.Batch) string {
	told, lost := 0, 0
	for _, o := range b.Owners {
		switch o.Result {
		case cancellation.NoticeNotFound:
			lost++
		case cancellation.NoticeOwnAction:
		default:
			told++
		}
	}
	text := p.Say("many.owners_none", nil)
	if told > 0 {
		text = p.Count("many.owners", told, nil)
	}
	return block.Flow(text, p.CountAny("many.owners_lost", lost))
}
