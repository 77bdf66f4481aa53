package batch

import (
	"slices"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// unchanged are the items that were not cancelled, grouped by reason.
func unchanged(p page.Page, b *cancellation.Batch) (blocks []slack.Block) {
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
		blocks = append(blocks, group(p, b, title, sharedReason(p, b, why), plainLine, func(it cancellation.Item) bool {
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

// sharedReason is the reason of these items, and what to type for all of them at
// once.
func sharedReason(p page.Page, b *cancellation.Batch, why string) string {
	c := command.Command{Verb: command.Many}
	for _, it := range b.Items {
		n := numberIn(b.Meetings[it.Meeting])
		if isUnchanged(it) && whyUnchanged(it) == why && block.IsNumber(n) && !slices.Contains(c.Numbers, n) {
			c.Numbers = append(c.Numbers, n)
		}
	}
	if len(c.Numbers) == 1 {
		c = command.Command{Verb: command.Cancel, Number: c.Numbers[0], End: why == "started"}
	}
	return outcome.Class(p, why, cancellation.Request{Batch: &cancellation.Batch{Line: c.String()}})
}

// group are the items that yes selects, under a title and a sentence; empty if there
// are none.
func group(p page.Page, b *cancellation.Batch, title, sentence string, line lineFunc, what func(cancellation.Item) bool) []slack.Block {
	var items []int
	for i, it := range b.Items {
		if it.Part != "" && what(it) {
			items = append(items, i)
		}
	}
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
