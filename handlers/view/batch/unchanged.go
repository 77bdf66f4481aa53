package batch

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

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
	return it.State.Final() && !isRemoved(it) && !isUnknown(it)
}
