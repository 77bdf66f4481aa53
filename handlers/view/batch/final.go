package batch

import (
	"slices"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// final draws the card when all items are final: what was cancelled, what was not and why, and
// what is not known yet.
func final(p page.Page, r cancellation.Request) bot.Message {
	return ended(p, r, "", outcome.CheckAgain(p, r))
}

// Asker tells the asker, and the person who answered, in a direct message how all items
// ended, if the card and its thread can't be reached any more.
func Asker(p page.Page, r cancellation.Request, link string) bot.Message {
	told := ownersTold(p, r.Batch)
	note := block.Section(block.Flow(told, p.Say("notice.asker", nil)), block.Link(link, p.Say("notice.thread", nil)))
	return ended(p, r, block.Join("\n", told, p.Brief(r)), note)
}

// ended draws a message that says how each item ended. fallback is added to the notification's
// text only; last comes at the end of the blocks.
func ended(p page.Page, r cancellation.Request, fallback string, last slack.Block) bot.Message {
	title := outcome.Title(p, r)
	blocks := block.Stack(block.Header(title), block.Section(outcome.Happened(p, r)))
	blocks = append(blocks, outcomes(p, r)...)
	blocks = append(blocks, p.Reason(r), last, outcome.SmallPrint(p, r))
	return bot.Message{Text: block.Join("\n", title, outcome.Happened(p.ForFallback(), r), fallback), Blocks: block.Stack(blocks...)}
}

// outcomes lists how each item ended, and what is left to ask for.
func outcomes(p page.Page, r cancellation.Request) []slack.Block {
	if r.State != cancellation.Done {
		return nil
	}
	return slices.Concat(
		group(p, r.Batch, "label_gone", "", removedLine, isRemoved),
		unchanged(p, r),
		group(p, r.Batch, "label_unknown", "", plainLine, isUnknown),
		block.Stack(block.Section(remaining(p, r.Batch, "many.remain"))),
	)
}

// Reply says in the card's thread what happened, and who was told.
func Reply(p page.Page, r cancellation.Request) bot.Message {
	told := ownersTold(p, r.Batch)
	blocks := block.Stack(block.Section(outcome.Happened(p, r)))
	blocks = append(blocks, unchanged(p, r)...)
	blocks = append(blocks, group(p, r.Batch, "label_unknown", "", plainLine, isUnknown)...)
	invited := outcome.ToldInvited(p, r)
	blocks = append(blocks, p.Reason(r), block.Section(told, invited), outcome.SmallPrint(p, r))
	return bot.Message{Text: block.Join("\n", outcome.Happened(p.ForFallback(), r), told, invited, p.Brief(r)), Blocks: block.Stack(blocks...)}
}

// ownersTold says how many owners were told, and why the others were not.
func ownersTold(p page.Page, b *cancellation.Batch) string {
	all := tally(b)
	var texts []string
	add := func(key string, result cancellation.NoticeResult, v words.Vars) {
		if n := all.count[result]; n > 0 {
			texts = append(texts, p.Count("many."+key, n, v))
		}
	}
	add("told", cancellation.NoticeSent, nil)
	if len(all.lost) == all.count[cancellation.NoticeNotFound] && !p.Bare {
		add("told_not_found", cancellation.NoticeNotFound, words.Vars{"Names": p.Several("more_people", all.lost)})
	} else {
		add("told_not_found_bare", cancellation.NoticeNotFound, nil)
	}
	add("told_refused", cancellation.NoticeRefused, nil)
	add("told_delayed", cancellation.NoticeDelayed, nil)
	if all.unnamed {
		texts = append(texts, p.Say("many.told_unnamed", nil))
	}
	if len(texts) == 0 && all.count[cancellation.NoticeOwnAction] > 0 {
		return p.Say("owner.own_action", nil)
	}
	return block.Flow(texts...)
}

// notices counts the results of the messages to owners.
type notices struct {
	count   map[cancellation.NoticeResult]int
	lost    []string // names of those who were not found
	unnamed bool     // the service doesn't name some, so they can't be counted
}

// tally counts each person once, even if they have several accounts.
func tally(b *cancellation.Batch) notices {
	all, seen := notices{count: map[cancellation.NoticeResult]int{}}, map[string]bool{}
	for _, o := range b.Owners {
		if !b.MustKnow(o) || o.User != "" && seen[o.User] {
			continue
		}
		seen[o.User] = true
		result := o.Result
		if o.Round < b.Round && result != cancellation.NoticeSent {
			result = cancellation.NoticeDelayed
		}
		if result == cancellation.NoticeNotFound && o.UUID == "" {
			all.unnamed = true
			continue
		}
		all.count[result]++
		if result == cancellation.NoticeNotFound && o.Name != "" {
			all.lost = append(all.lost, block.Escape(o.Name, maxLineName))
		}
	}
	return all
}
