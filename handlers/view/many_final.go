package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// severalUndoable counts down once for all meetings.
func (p page) severalUndoable(r cancellation.Request, now time.Time) bot.Message {
	undo, title := p.say("button.undo", nil), p.say("undo.title", nil)
	if !now.Before(r.UndoUntil) {
		return p.severalWorking(r, now)
	}
	text := func(p page) string {
		return p.count("many.undo", len(r.Batch.Ticked()), vars{
			"Who": p.who(r.ConfirmedBy), "Button": undo, "Left": p.length(r.UndoUntil.Sub(now)), "When": p.moment("clock", r.UndoUntil),
		})
	}
	blocks := append(stack(header(title), section(text(p))), p.lines(r.Batch, r.Batch.Ticked(), p.line)...)
	blocks = append(blocks, p.reason(r), buttons(button(r.ID, ActionUndo, undo)), small(p.askedBy(r)))
	return bot.Message{Text: join("\n", title, text(p.spoken())), Blocks: stack(blocks...)}
}

// severalWorking shows the progress, and offers to stop while the service makes some
// of them wait.
func (p page) severalWorking(r cancellation.Request, now time.Time) bot.Message {
	t, title := r.Batch.Tally(), p.say("working.title", nil)
	items := r.Batch.Ticked()
	counted := p.say("many.progress", vars{"Final": t.Final, "All": max(t.All, len(items))})
	text, row := p.say("many.working", vars{"Who": p.who(r.ConfirmedBy)}), slack.Block(nil)
	if now.Before(t.Wait) {
		stop := p.say("button.stop", nil)
		text = p.say("many.waiting", vars{"When": p.moment("short", t.Wait), "Button": stop})
		row = buttons(button(r.ID, ActionStop, stop))
	}
	blocks := append(stack(header(title), section("*"+counted+"*", text)), p.lines(r.Batch, items, p.progress)...)
	blocks = append(blocks, p.reason(r), row, small(p.askedBy(r)))
	return bot.Message{Text: join("\n", title, counted), Blocks: stack(blocks...)}
}

// severalFinal is the card when all are over: what was cancelled, what was not and
// why, and what is not known yet.
func (p page) severalFinal(r cancellation.Request) bot.Message {
	title := p.title(r)
	blocks := stack(header(title), section(p.happened(r)))
	blocks = append(blocks, p.outcomes(r)...)
	blocks = append(blocks, p.reason(r), p.checkAgain(r), p.smallPrint(r))
	return bot.Message{Text: join("\n", title, p.spoken().happened(r)), Blocks: stack(blocks...)}
}

// outcomes are the lines that say how each ended.
func (p page) outcomes(r cancellation.Request) []slack.Block {
	if r.State != cancellation.Done {
		return nil
	}
	return slices.Concat(
		p.group(r.Batch, "label_gone", "", p.removed, isRemoved),
		p.unchanged(r.Batch),
		p.group(r.Batch, "label_unknown", "", p.plainLine, isUnknown),
	)
}

// severalTitle is the overall outcome in a few words.
func (p page) severalTitle(r cancellation.Request) string {
	t := r.Batch.Tally()
	if elsewhere(r) {
		return p.say("done.elsewhere_title", nil)
	}
	switch r.State {
	case cancellation.Declined:
		return p.say("many.kept_title", nil)
	case cancellation.Expired:
		return p.say("done.expired_title", nil)
	case cancellation.Superseded:
		return p.say("done.superseded_title", nil)
	case cancellation.Received, cancellation.Asked:
		return p.say("many.title", nil)
	case cancellation.Confirmed, cancellation.Calling:
		return p.say("working.title", nil)
	case cancellation.Done:
	}
	switch {
	case t.Cancelled == 0 && t.Unknown > 0:
		return p.say("done.unknown_title", nil)
	case t.Cancelled == 0:
		return p.say("many.none_title", nil)
	case t.Cancelled < t.All:
		return p.say("many.part_title", vars{"Cancelled": t.Cancelled, "All": t.All})
	case t.Ended == t.All:
		return p.count("many.ended_title", t.All, nil)
	}
	return p.count("many.done_title", t.All, nil)
}

// severalHappened gives the overall outcome in numbers.
func (p page) severalHappened(r cancellation.Request) string {
	if elsewhere(r) {
		return p.say("many.elsewhere", nil)
	}
	switch r.State {
	case cancellation.Declined:
		return p.say("many."+declinedKey(r), vars{"Who": p.who(r.ClosedBy)})
	case cancellation.Expired:
		return p.say("many.expired", vars{"Example": p.example(r, "")})
	case cancellation.Superseded:
		return p.say("many.superseded", nil)
	case cancellation.Received, cancellation.Asked:
		return p.say("many.open", nil)
	case cancellation.Confirmed, cancellation.Calling:
		return p.say("many.working", vars{"Who": p.who(r.ConfirmedBy)})
	case cancellation.Done:
	}
	t := r.Batch.Tally()
	v := vars{"Who": p.who(r.ConfirmedBy), "Cancelled": t.Cancelled, "All": t.All}
	first := p.say("many.part", v)
	switch {
	case t.Cancelled == 0 && t.Unknown > 0:
		first = p.say("many.none_yet", v)
	case t.Cancelled == 0:
		first = p.say("many.none", v)
	case t.Cancelled == t.All:
		first = p.count("many.done", t.All, v)
	}
	texts := []string{first}
	for _, part := range []struct {
		key string
		n   int
	}{{"were_ended", t.Ended}, {"were_gone", t.Gone}, {"were_failed", t.Failed}, {"were_stopped", t.Stopped}, {"are_unknown", t.Unknown}} {
		if part.n > 0 {
			texts = append(texts, p.count("many."+part.key, part.n, nil))
		}
	}
	return flow(texts...)
}

// severalReply says in the card's thread what happened, and who was told.
func (p page) severalReply(r cancellation.Request) bot.Message {
	told := p.ownersTold(r.Batch)
	blocks := stack(section(p.happened(r)))
	blocks = append(blocks, p.unchanged(r.Batch)...)
	blocks = append(blocks, p.group(r.Batch, "label_unknown", "", p.plainLine, isUnknown)...)
	invited := p.toldInvited(r)
	blocks = append(blocks, p.reason(r), sectionOf(join("\n", told, invited)), p.smallPrint(r))
	return bot.Message{Text: join("\n", p.spoken().happened(r), told, invited, p.brief(r)), Blocks: stack(blocks...)}
}

func sectionOf(text string) slack.Block {
	if text == "" {
		return nil
	}
	return section(text)
}

// ownersTold says how many owners were told, and why others were not.
func (p page) ownersTold(b *cancellation.Batch) string {
	count, lost, seen := map[cancellation.NoticeResult]int{}, []string(nil), map[string]bool{}
	for _, o := range b.Owners {
		if !b.Removed(o.UUID) || o.User != "" && seen[o.User] { // somebody may have several accounts
			continue
		}
		seen[o.User] = true
		result := o.Result
		if o.Round < b.Round && result != cancellation.NoticeSent {
			result = cancellation.NoticeDelayed
		}
		if count[result]++; result == cancellation.NoticeNotFound && o.Name != "" {
			lost = append(lost, foreign(o.Name, maxLineName))
		}
	}
	var texts []string
	add := func(key string, result cancellation.NoticeResult, v vars) {
		if n := count[result]; n > 0 {
			texts = append(texts, p.count("many."+key, n, v))
		}
	}
	add("told", cancellation.NoticeSent, nil)
	if len(lost) == count[cancellation.NoticeNotFound] && !p.bare {
		add("told_not_found", cancellation.NoticeNotFound, vars{"Names": p.several(lost)})
	} else {
		add("told_not_found_bare", cancellation.NoticeNotFound, nil)
	}
	add("told_refused", cancellation.NoticeRefused, nil)
	add("told_delayed", cancellation.NoticeDelayed, nil)
	if len(texts) == 0 && count[cancellation.NoticeOwnAction] > 0 {
		return p.say("owner.own_action", nil)
	}
	return flow(texts...)
}

// manyOwnerNotice tells a person, in their language, which meetings of their accounts, at
// least one, were cancelled or ended, with what is needed to book them again.
func (p page) manyOwnerNotice(r cancellation.Request, accounts []cancellation.Owner, url string) bot.Message {
	b := r.Batch
	theirs := func(what func(cancellation.Item) bool) (items []int) {
		for i, it := range b.Items {
			if it.Part != "" && what(it) && slices.ContainsFunc(accounts, func(o cancellation.Owner) bool { return o.UUID == b.Meetings[it.Meeting].OwnerUUID }) {
				items = append(items, i)
			}
		}
		return items
	}
	gone := theirs(func(it cancellation.Item) bool { return it.Outcome.Removed() })
	unsure := theirs(isUnknown)
	title := p.count("many.notice_title", len(gone), nil)
	r.Delegation = accounts[0].By
	text := func(p page) string { return p.count("many.notice", len(gone), vars{"Who": p.confirmer(r)}) }
	blocks := append(stack(header(title), section(text(p))), p.lines(b, gone, p.bookable)...)
	if len(unsure) > 0 {
		blocks = append(blocks, section(p.say("many.notice_unknown", nil)))
		blocks = append(blocks, p.lines(b, unsure, p.bookable)...)
	}
	thread := link(url, p.say("notice.thread", nil))
	if !strings.HasPrefix(thread, "<") {
		thread = ""
	}
	blocks = append(blocks, p.reason(r), sectionOf(thread), p.smallPrint(r))
	aloud := p.spoken()
	return bot.Message{
		Text:   join("\n", title, text(aloud), aloud.linesBriefly(b, gone), p.brief(r)),
		Blocks: stack(blocks...),
	}
}

// bookable is an item with what is needed to book it again.
func (p page) bookable(b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	length, invited, ended := "", "", ""
	if it.Date.ID != "" && it.Date.End.After(it.Date.Start) {
		length = p.length(it.Date.End.Sub(it.Date.Start))
	} else if m.Length() > 0 {
		length = p.length(m.Length())
	}
	if m.InvitedKnown && m.Invited > 0 {
		invited = p.say("label.invited", nil) + p.say("label.colon", nil) + strconv.Itoa(m.Invited)
	}
	if it.Outcome == cancellation.Ended {
		ended = p.say("many.is_ended", nil)
	}
	return join(" · ", p.named(b, it), length, p.number(m), invited, ended)
}
