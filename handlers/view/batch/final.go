package batch

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
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
	doubt := group(p, r.Batch, "label_doubt", "", plainLine, cancellation.Item.InDoubt)
	if r.State != cancellation.Done {
		return doubt
	}
	return slices.Concat(
		group(p, r.Batch, "label_gone", "", removedLine, isRemoved),
		unchanged(p, r), doubt,
		group(p, r.Batch, "label_unknown", "", plainLine, isUnknown),
		block.Stack(block.Section(remaining(p, r.Batch, "many.remain"))),
	)
}

// Reply says in the card's thread what happened, and who was told.
func Reply(p page.Page, r cancellation.Request) bot.Message {
	told := ownersTold(p, r.Batch)
	blocks := block.Stack(block.Section(outcome.Happened(p, r)))
	blocks = append(blocks, unchanged(p, r)...)
	blocks = append(blocks, group(p, r.Batch, "label_doubt", "", plainLine, cancellation.Item.InDoubt)...)
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
		texts = append(texts, p.Count("many.told_unnamed", len(b.Ticked()), nil))
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

// unchanged lists the items that were not cancelled, grouped by reason.
func unchanged(p page.Page, r cancellation.Request) (blocks []slack.Block) {
	b := r.Batch
	var reasons []string
	for _, it := range b.Items {
		if why := whyUnchanged(it); it.Part != "" && isUnchanged(it) && !slices.Contains(reasons, why) {
			reasons = append(reasons, why)
		}
	}
	for i, why := range reasons {
		title := "label_left"
		if i > 0 {
			title = ""
		}
		blocks = append(blocks, group(p, b, title, sharedReason(p, r, why), plainLine, unchangedBy(why))...)
	}
	return blocks
}

// unchangedBy selects the items that were not cancelled for this reason.
func unchangedBy(why string) func(cancellation.Item) bool {
	return func(it cancellation.Item) bool { return it.Part != "" && isUnchanged(it) && whyUnchanged(it) == why }
}

// whyUnchanged returns the class of the reason why an item was not cancelled.
func whyUnchanged(it cancellation.Item) string {
	if it.State == cancellation.Declined {
		return "stopped"
	}
	return outcome.ClassKey(it.Why)
}

// sharedReason states the reason of these items, and what to type for all of them.
func sharedReason(p page.Page, r cancellation.Request, why string) string {
	var typed []string
	for _, c := range askAgain(cmp.Or(r.As, p.Command), r.Batch, why) {
		typed = append(typed, c.String())
	}
	return outcome.Class(p, why, cancellation.Request{Batch: &cancellation.Batch{Line: strings.Join(typed, "\n")}})
}

// askAgain returns commands for the items that were not cancelled for this reason: one for all
// single meetings, and one for each series, whose card asks for the dates.
func askAgain(as string, b *cancellation.Batch, why string) []command.Command {
	single, series := command.Command{Verb: command.CancelMany, As: as, End: why == "started"}, []command.Command(nil)
	for n, m := range b.Meetings {
		number := m.Typed()
		kept := slices.ContainsFunc(b.Items, func(it cancellation.Item) bool { return it.Meeting == n && unchangedBy(why)(it) })
		switch {
		case !kept || !block.IsNumber(number):
		case m.Recurring:
			series = append(series, command.Command{Verb: command.Cancel, As: as, Number: number, End: single.End})
		default:
			single.Numbers = append(single.Numbers, number)
		}
	}
	if len(single.Numbers) == 0 {
		return series
	}
	return append(single.Portions(len(single.Numbers)), series...)
}

// group lists the selected items under a title and a sentence; empty if there are none.
func group(p page.Page, b *cancellation.Batch, title, sentence string, line lineFunc, selects func(cancellation.Item) bool) []slack.Block {
	items := b.Where(func(it cancellation.Item) bool { return it.Part != "" && selects(it) })
	if len(items) == 0 {
		return nil
	}
	if title != "" {
		title = "*" + p.Say("many."+title, nil) + "*"
	}
	return slices.Concat([]slack.Block{block.Section(title, sentence)}, lines(p, b, items, line))
}

func isRemoved(it cancellation.Item) bool {
	return it.Outcome.Removed() || it.Outcome == cancellation.Gone
}

func isUnknown(it cancellation.Item) bool { return it.Outcome == cancellation.Unknown }

func isUnchanged(it cancellation.Item) bool {
	return it.State.Final() && !isRemoved(it) && !isUnknown(it) && !it.InDoubt()
}
