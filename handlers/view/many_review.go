package view

import (
	"slices"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// severalSecond says when somebody else has to confirm these items.
func (p page) severalSecond(r cancellation.Request, items []int) string {
	of := r
	of.Batch = r.Batch.WithTicks(items, false)
	of.ConfirmedAt = r.ExpiresAt // at the latest: by then the first date of a series may run
	asker := vars{"Who": p.who(r.Asker)}
	for _, part := range of.Parts() {
		switch {
		case p.second == cancellation.SecondAlways, p.second.Needs(part.Ending(), part.WholeSeries()) && r.Batch.Review:
			return p.say("ask.second_always", asker)
		case p.second == cancellation.SecondEnd && part.Ending():
			return p.say("ask.second_end", asker)
		case p.second == cancellation.SecondSeries && part.WholeSeries():
			return p.say("ask.second_series", asker)
		}
	}
	if p.second == cancellation.SecondMany && len(items) > 1 {
		return p.say("many.second_many", asker)
	}
	return ""
}

// reviewed is the second page: what will be cancelled, and who will be told.
func (p page) reviewed(r cancellation.Request) bot.Message {
	b := r.Batch
	ticked := b.Ticked()
	ending := b.Ending()
	title := p.count("many.review_title", len(ticked), nil)
	if ending > 0 {
		title = p.say("many.review_title_end", nil)
	}
	stay := ""
	if n := len(b.Items) - len(ticked); n > 0 {
		stay = p.count("many.stay", n, nil)
	}
	takes := p.say("many.takes", vars{"Length": p.length(b.Takes)})
	blocks := stack(header(title))
	blocks = append(blocks, p.lines(b, ticked, p.line)...)
	blocks = append(blocks, section(p.aboutUnknown(b.WithTicksOnly(), r.End), p.aboutSeries(b.WithTicksOnly()), flow(p.say("many.final", nil), stay), p.ownersToTell(b), p.invitedMany(b), takes), p.reason(r),
		p.tellTick(invitedAny(r)),
		slack.NewActionBlock(pageID(r.ID, r.Batch.Revision, "answer"),
			danger(r.ID, ActionCancelMany, p.cancelButton(len(ticked), ending)),
			button(r.ID, ActionBack, p.say("many.button_back", nil)), button(r.ID, ActionKeep, p.say("many.button_keep", nil)),
		), small(p.askedBy(r), p.expires(r), p.severalSecond(r, ticked)))
	aloud := p.spoken()
	return bot.Message{Text: join("\n", title, aloud.linesBriefly(b, ticked), p.ownersToTell(b)), Blocks: stack(blocks...)}
}

// invitedAny is r with the numbers of people invited to the ticked items added up, as
// far as the service gives them.
func invitedAny(r cancellation.Request) cancellation.Request {
	r.Meeting = cancellation.Meeting{}
	for i, m := range r.Batch.Meetings {
		ticked := slices.ContainsFunc(r.Batch.Items, func(it cancellation.Item) bool { return it.Ticked && it.Meeting == i })
		if ticked && m.InvitedKnown {
			r.Meeting.Invited, r.Meeting.InvitedKnown = r.Meeting.Invited+m.Invited, true
		}
	}
	return r
}

// invitedMany says that invited people are told, if no box decides it.
func (p page) invitedMany(b *cancellation.Batch) string {
	return p.tellNote(invitedAny(cancellation.Request{Batch: b}).Meeting)
}

// cancelButton says how many meetings are cancelled, and how many of them are ended.
func (p page) cancelButton(all, ending int) string {
	switch ending {
	case 0:
		return p.count("many.button_cancel", all, nil)
	case all:
		return p.count("many.button_end", all, nil)
	}
	return p.say("many.button_both", vars{"Cancel": all - ending, "End": ending})
}

// ownersToTell says how many owners of ticked items will be told.
func (p page) ownersToTell(b *cancellation.Batch) string {
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
	text := p.say("many.owners_none", nil)
	if told > 0 {
		text = p.count("many.owners", told, nil)
	}
	if lost > 0 {
		return flow(text, p.count("many.owners_lost", lost, nil))
	}
	return text
}
