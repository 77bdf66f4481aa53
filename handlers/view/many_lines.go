package view

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// lines lists items, one per line, in as many sections as they need.
func (p page) lines(b *cancellation.Batch, items []int, line func(*cancellation.Batch, cancellation.Item) string) (blocks []slack.Block) {
	var part []string
	length := 0
	for _, i := range items {
		text := "• " + line(b, b.Items[i])
		n := utf8.RuneCountInString(text) + 1
		if length+n > maxSection {
			blocks = append(blocks, section(part...))
			part, length = nil, 0
		}
		part = append(part, text)
		length += n
	}
	if len(part) > 0 {
		blocks = append(blocks, section(part...))
	}
	return blocks
}

// line is one item: what, when, its number, whose, and whether people will be put
// out.
func (p page) line(b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	owner, ends := "", ""
	if !p.bare {
		owner = foreign(m.OwnerName, maxLineName)
	}
	if it.Running {
		ends = p.say("many.ends", nil)
	}
	return join(" · ", p.named(b, it), p.number(m), owner, ends)
}

// named is an item's subject, or its number if the reader need not learn it, and when
// it is.
func (p page) named(b *cancellation.Batch, it cancellation.Item) string {
	subject := ""
	if m := b.Meetings[it.Meeting]; !p.bare {
		if subject = foreign(m.Subject, maxLine); subject == "" {
			subject = p.say("many.untitled", nil)
		}
		if !p.aloud {
			subject = "*" + subject + "*"
		}
	}
	return join(" · ", subject, p.moment("short", b.Start(it)))
}

// linesBriefly lists the first items for a notification.
func (p page) linesBriefly(b *cancellation.Batch, items []int) string {
	var all []string
	for _, i := range items[:min(shownBrief, len(items))] {
		it := b.Items[i]
		number := foreign(numberIn(b.Meetings[it.Meeting]), maxNumber)
		all = append(all, join(" · ", p.named(b, it), number))
	}
	if more := len(items) - shownBrief; more > 0 {
		all = append(all, p.count("many.left_more", more, nil))
	}
	return strings.Join(all, "\n")
}

// progress is an item while it is being worked on, and its outcome.
func (p page) progress(b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	number := ""
	if p.bare {
		number = p.number(m)
	}
	return join(" · ", number, p.named(b, it)) + p.say("label.colon", nil) + p.standing(it)
}

// standing says an item's state in a few words.
func (p page) standing(it cancellation.Item) string {
	key := "is_turn"
	switch {
	case it.State == cancellation.Declined:
		key = "is_stopped"
	case it.State.Final():
		key = map[cancellation.Outcome]string{
			cancellation.Cancelled: "is_cancelled", cancellation.Ended: "is_ended", cancellation.Gone: "is_gone", cancellation.Unknown: "is_unknown",
		}[it.Outcome]
		if key == "" {
			key = "is_failed"
		}
	case !it.Wait.IsZero():
		key = "is_waiting"
	case it.Fed:
		key = "is_working"
	}
	return p.say("many."+key, nil)
}

// unchanged are the items that were not cancelled, grouped by reason.
func (p page) unchanged(b *cancellation.Batch) (blocks []slack.Block) {
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
		blocks = append(blocks, p.group(b, title, p.sharedReason(b, why), p.plainLine, func(it cancellation.Item) bool {
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
	return classKey(it.Why)
}

// sharedReason is the reason of these items, and what to type for all of them at
// once.
func (p page) sharedReason(b *cancellation.Batch, why string) string {
	c := command.Command{Verb: command.Many}
	for _, it := range b.Items {
		n := numberIn(b.Meetings[it.Meeting])
		if isUnchanged(it) && whyUnchanged(it) == why && isNumber(n) && !slices.Contains(c.Numbers, n) {
			c.Numbers = append(c.Numbers, n)
		}
	}
	if len(c.Numbers) == 1 {
		c = command.Command{Verb: command.Cancel, Number: c.Numbers[0], End: why == "started"}
	}
	return p.class(why, cancellation.Request{Batch: &cancellation.Batch{Line: c.String()}})
}

// plainLine is an item without its owner: what, when, and its number.
func (p page) plainLine(b *cancellation.Batch, it cancellation.Item) string {
	return join(" · ", p.named(b, it), p.number(b.Meetings[it.Meeting]))
}

// group are the items that yes selects, under a title and a sentence; empty if there
// are none.
func (p page) group(b *cancellation.Batch, title, sentence string, line func(*cancellation.Batch, cancellation.Item) string, what func(cancellation.Item) bool) []slack.Block {
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
		title = "*" + p.say("many."+title, nil) + "*"
	}
	return slices.Concat([]slack.Block{section(title, sentence)}, p.lines(b, items, line))
}

func isRemoved(it cancellation.Item) bool {
	return it.Outcome.Removed() || it.Outcome == cancellation.Gone
}
func isUnknown(it cancellation.Item) bool { return it.Outcome == cancellation.Unknown }
func isUnchanged(it cancellation.Item) bool {
	return it.State.Final() && !isRemoved(it) && !isUnknown(it)
}

// removed is an item that is gone, in as few words as are true.
func (p page) removed(b *cancellation.Batch, it cancellation.Item) string {
	text := p.line(b, cancellation.Item{Meeting: it.Meeting, Date: it.Date})
	if it.Outcome == cancellation.Cancelled {
		return text
	}
	return text + p.say("label.colon", nil) + p.standing(it)
}

// shownParts is how many parts a history shows altogether.
const shownParts = 40

// partsBriefly are the first parts of a request in the history, by number.
func (p page) partsBriefly(r cancellation.Request, limit int) string {
	if r.Batch == nil {
		return ""
	}
	var all []string
	more := 0
	for _, it := range r.Batch.Items {
		switch {
		case it.Part == "":
		case len(all) >= limit:
			more++
		default:
			all = append(all, "• "+p.number(r.Batch.Meetings[it.Meeting])+" · "+p.moment("short", r.Batch.Start(it))+p.say("label.colon", nil)+p.standing(it))
		}
	}
	if more > 0 {
		all = append(all, p.count("many.left_more", more, nil))
	}
	return strings.Join(all, "\n")
}
