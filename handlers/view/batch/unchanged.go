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

// unchanged are the items that were not cancelled, grouped by reason.
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
		blocks = append(blocks, group(p, b, title, sharedReason(p, r, why), plainLine, func(it cancellation.Item) bool {
			return isUnchanged(it) && whyUnchanged(it) == why
		})...)
	}
	return blocks
}

// whyUnchanged is the class of what kept an item from being cancelled.
func whyUnchanged(it cancellation.Item) string {
	if it.State == cancellation.Declined {
		return "stopped"
	}
	return outcome.ClassKey(it.Why)
}

// sharedReason is the reason of these items, and what to type for all of them: one line,
// and one for each series, whose card asks for the dates.
func sharedReason(p page.Page, r cancellation.Request, why string) string {
	b, c := r.Batch, command.Command{Verb: command.Many, As: cmp.Or(r.As, p.Command), End: why == "started"}
	var series []command.Command
	for n, m := range b.Meetings {
		switch number := m.Typed(); {
		case !block.IsNumber(number), !slices.ContainsFunc(b.Items, func(it cancellation.Item) bool {
			return it.Meeting == n && it.Part != "" && isUnchanged(it) && whyUnchanged(it) == why
		}):
		case m.Recurring:
			series = append(series, command.Command{Verb: command.Cancel, As: c.As, Number: number, End: c.End})
		default:
			c.Numbers = append(c.Numbers, number)
		}
	}
	var typed []string
	if len(c.Numbers) > 0 {
		series = slices.Concat(c.Portions(len(c.Numbers)), series)
	}
	for _, one := range series {
		typed = append(typed, one.String())
	}
	return outcome.Class(p, why, cancellation.Request{Batch: &cancellation.Batch{Line: strings.Join(typed, "\n")}})
}

// group are the items that yes selects, under a title and a sentence; empty if there
// are none.
func group(p page.Page, b *cancellation.Batch, title, sentence string, line lineFunc, what func(cancellation.Item) bool) []slack.Block {
	items := b.Where(func(it cancellation.Item) bool { return it.Part != "" && what(it) })
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
