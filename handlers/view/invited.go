package view

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// The box that decides whether invited people are told. It counts with the button
// pressed afterwards.
const (
	InputTell = "tell_invited"
	tellYes   = "yes"
)

// TellTicked reads from the values that come with a click, by action_id, whether
// invited people should be told.
func TellTicked(selected map[string][]string) bool {
	return slices.Contains(selected[InputTell], tellYes)
}

// tickBlock is what the block_id of a row of boxes begins with.
const tickBlock = "ticks:"

// tickID is the id of a row of boxes. It ends with the request's id, as that of a row
// on a page does, because a box has no value to carry it.
func tickID(of cancellation.ID, input string) string { return tickBlock + input + ":" + string(of) }

// tickRow is a row of boxes for r.
func tickRow(r cancellation.Request, group *slack.CheckboxGroupsBlockElement) slack.Block {
	return slack.NewActionBlock(tickID(r.ID, group.ActionID), group)
}

// TickedRequest is the request whose boxes a block_id belongs to; empty if it belongs
// to none.
func TickedRequest(blockID string) cancellation.ID {
	if strings.HasPrefix(blockID, tickBlock) || RevisionOf(blockID) >= 0 {
		return cancellation.ID(blockID[strings.LastIndexByte(blockID, ':')+1:])
	}
	return ""
}

// tellTick offers to tell the invited people, if there are any.
func (p page) tellTick(r cancellation.Request) slack.Block {
	if p.tell != cancellation.TellAsk || !r.Meeting.InvitedKnown || r.Meeting.Invited <= 0 {
		return nil
	}
	group := slack.NewCheckboxGroupsBlockElement(InputTell)
	option := slack.NewOptionBlockObject(tellYes, unmarked(p.say("invited.tick", nil), maxLabel), nil)
	group.Options = append(group.Options, option)
	if r.Telling.Wanted {
		group.InitialOptions = append(group.InitialOptions, option)
	}
	return tickRow(r, group)
}

// tellNote says that invited people are told in any case.
func (p page) tellNote(m cancellation.Meeting) string {
	if p.tell != cancellation.TellAlways || m.InvitedKnown && m.Invited <= 0 {
		return ""
	}
	return p.say("invited.always", nil)
}

// toldInvited says how many invited people were told; empty until that is known.
func (p page) toldInvited(r cancellation.Request) string {
	if r.State != cancellation.Done || !r.Outcome.Removed() {
		return ""
	}
	switch t := r.Telling; t.Result {
	case cancellation.TellDone:
		return p.count("invited.told", t.People, vars{"Told": t.Told})
	case cancellation.TellUnread:
		return p.say("invited.unread", nil)
	}
	return ""
}

// manyInvitedNotice tells an invited person, in their language, which of a card's
// meetings that they were invited to won't take place.
func (p page) manyInvitedNotice(r cancellation.Request, parts []cancellation.ID) bot.Message {
	var items []int
	for i, it := range r.Batch.Items {
		if slices.Contains(parts, it.Part) {
			items = append(items, i)
		}
	}
	title := p.count("invited.several_title", len(items), nil)
	text := func(p page) string { return p.say("invited.several", vars{"Who": p.who(r.ConfirmedBy)}) }
	blocks := append(stack(header(title), section(text(p))), p.lines(r.Batch, items, p.removed)...)
	aloud := p.spoken()
	return bot.Message{
		Text:   join("\n", title, text(aloud), aloud.linesBriefly(r.Batch, items), p.brief(r)),
		Blocks: stack(append(blocks, p.reason(r), small(p.say("invited.because", nil)))...),
	}
}

// invitedNotice tells an invited person, in their language, that the meeting, or
// dates of it, won't take place: what, when it would have been, who, why.
func (p page) invitedNotice(r cancellation.Request) bot.Message {
	title := p.say("invited."+noticeKey(r)+"_title", nil)
	aloud := p.spoken()
	return bot.Message{
		Text:   join("\n", title, aloud.happened(r), aloud.planned(r), p.brief(r)),
		Blocks: stack(header(title), section(p.happened(r), p.planned(r)), p.reason(r), small(p.say("invited.because", nil))),
	}
}
