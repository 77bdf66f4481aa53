package batch

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// OwnerNotice tells a person, in their language, which meetings of their accounts were
// cancelled or ended, with what they need to book them again. If a delegate of theirs
// confirmed, it also says what happened to the other meetings.
func OwnerNotice(p page.Page, r cancellation.Request, accounts []cancellation.Owner, url string) bot.Message {
	p = p.ForOwner()
	for _, o := range accounts { // any account will do: the message is about the person
		r.Delegation = cmp.Or(r.Delegation, o.By)
	}
	b, s := r.Batch, shareOf(r, accounts)
	title := ownersTitle(p, r, s)
	text := func(p page.Page) string { return ownersText(p, r, len(s.gone)) }
	blocks := append(block.Stack(block.Header(title), block.Section(text(p))), lines(p, b, s.gone, rebookLine)...)
	if len(s.unsure) > 0 {
		blocks = append(blocks, block.Section(p.Count("many.notice_unknown", len(s.unsure), nil)))
		blocks = append(blocks, lines(p, b, s.unsure, rebookLine)...)
	}
	if s.mixed() {
		blocks = append(blocks, block.Section("*"+p.Say("many.label_left", nil)+"*"))
	}
	blocks = append(blocks, lines(p, b, s.rest, triedLine)...)
	if len(s.doubt) > 0 {
		blocks = append(blocks, block.Section("*"+p.Say("many.label_doubt", nil)+"*"))
		blocks = append(blocks, lines(p, b, s.doubt, plainLine)...)
	}
	blocks = append(blocks, p.Reason(r), block.Section(block.Link(url, p.Say("notice.thread", nil))), outcome.SmallPrint(p, r))
	fallback := p.ForFallback()
	return bot.Message{
		Text:   block.Join("\n", title, text(fallback), briefly(fallback, b, s), p.Brief(r)),
		Blocks: block.Stack(blocks...),
	}
}

// A share is the outcome of one owner's ticked meetings, as positions in the items.
type share struct {
	gone, unsure []int
	rest         []int // not cancelled; empty unless a delegate tried
	doubt        []int // perhaps cancelled from another card; empty unless a delegate tried
}

// mixed reports whether rest needs a heading to set it apart.
func (s share) mixed() bool { return len(s.rest) > 0 && len(s.gone)+len(s.unsure)+len(s.doubt) > 0 }

func shareOf(r cancellation.Request, accounts []cancellation.Owner) (s share) {
	for i, it := range r.Batch.Items {
		owner := r.Batch.Meetings[it.Meeting].OwnerUUID
		theirs := slices.ContainsFunc(accounts, func(o cancellation.Owner) bool { return o.UUID == owner })
		switch {
		case !theirs || !it.Ticked:
		case it.Outcome.Removed():
			s.gone = append(s.gone, i)
		case isUnknown(it):
			s.unsure = append(s.unsure, i)
		case r.Delegation != "" && it.InDoubt():
			s.doubt = append(s.doubt, i)
		case r.Delegation != "":
			s.rest = append(s.rest, i)
		}
	}
	return s
}

// briefly lists for a notification what the blocks list under the same headings.
func briefly(p page.Page, b *cancellation.Batch, s share) string {
	heading := func(key string, shown bool) string {
		return strings.TrimSpace(p.SayIf(shown, "many."+key, nil) + p.SayIf(shown, "label.colon", nil))
	}
	return block.Join("\n", linesBriefly(p, b, s.gone, hasEnded), p.CountAny("many.notice_unknown", len(s.unsure)), linesBriefly(p, b, s.unsure, hasEnded),
		heading("label_left", s.mixed()), linesBriefly(p, b, s.rest, hasEnded), heading("label_doubt", len(s.doubt) > 0), linesBriefly(p, b, s.doubt, hasEnded))
}

// ownersTitle says in a few words what happened to one owner's meetings.
func ownersTitle(p page.Page, r cancellation.Request, s share) string {
	switch {
	case len(s.gone) > 0:
		return p.Count("many.notice_title", len(s.gone), nil)
	case r.State == cancellation.Superseded:
		return p.Say("notice.ask_again_title", nil)
	case r.State == cancellation.Declined:
		return outcome.Title(p, r)
	case len(s.unsure)+len(s.doubt) > 0:
		return p.Say("done.unknown_title", nil)
	}
	return p.Count("many.notice_none_title", len(s.rest), nil)
}

// ownersText says who did it, and that the owner has delegated to them.
func ownersText(p page.Page, r cancellation.Request, gone int) string {
	if gone > 0 {
		return p.Count("many.notice", gone, words.Vars{"Who": outcome.Confirmer(p, r)})
	}
	happened := ""
	if r.State != cancellation.Done { // when done, it would count other owners' meetings too
		happened = outcome.Happened(p, r)
	}
	return block.Flow(happened, p.Say("notice.used", words.Vars{"Who": p.Who(r.ConfirmedBy)}))
}

// triedLine describes an item that was confirmed and not removed.
func triedLine(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	if !it.State.Final() { // the whole request was undone
		return plainLine(p, b, it)
	}
	return plainLine(p, b, it) + p.Say("label.colon", nil) + itemState(p, it)
}

// rebookLine describes an item with what is needed to book it again.
func rebookLine(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	length, invited := "", ""
	if it.Date.ID != "" && it.Date.End.After(it.Date.Start) {
		length = p.Length(it.Date.End.Sub(it.Date.Start))
	} else if m.Length() > 0 {
		length = p.Length(m.Length())
	}
	if m.InvitedKnown && m.Invited > 0 {
		invited = p.Say("label.invited", nil) + p.Say("label.colon", nil) + strconv.Itoa(m.Invited)
	}
	return block.Join(" · ", itemName(p, b, it), length, p.Number(m), invited, p.SayIf(it.Outcome == cancellation.Ended, "many.is_ended", nil))
}

// InvitedNotice tells an invited person, in their language, which of a card's
// meetings that they were invited to won't take place.
func InvitedNotice(p page.Page, r cancellation.Request, parts []cancellation.ID) bot.Message {
	items := r.Batch.Where(func(it cancellation.Item) bool { return slices.Contains(parts, it.Part) })
	title := p.Count("invited.several_title", len(items), nil)
	text := func(p page.Page) string { return p.Say("invited.several", words.Vars{"Who": p.Who(r.ConfirmedBy)}) }
	blocks := append(block.Stack(block.Header(title), block.Section(text(p))), lines(p, r.Batch, items, removedLine)...)
	fallback := p.ForFallback()
	return bot.Message{
		Text:   block.Join("\n", title, text(fallback), linesBriefly(fallback, r.Batch, items, hasEnded), p.Brief(r)),
		Blocks: block.Stack(append(blocks, p.Reason(r), block.Small(p.Say("invited.because", nil)))...),
	}
}
