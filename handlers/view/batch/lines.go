package batch

import (
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
)

// A lineFunc writes the line for one item.
type lineFunc func(page.Page, *cancellation.Batch, cancellation.Item) string

// lines lists items, one per line, in as many sections as they need.
func lines(p page.Page, b *cancellation.Batch, items []int, line lineFunc) (blocks []slack.Block) {
	var part []string
	length := 0
	for _, i := range items {
		text := "• " + line(p, b, b.Items[i])
		n := utf8.RuneCountInString(text) + 1
		if length+n > maxSection {
			blocks = append(blocks, block.Section(part...))
			part, length = nil, 0
		}
		part = append(part, text)
		length += n
	}
	if len(part) > 0 {
		blocks = append(blocks, block.Section(part...))
	}
	return blocks
}

// itemLine describes one item: subject, time, number, owner, and that it ends, if it is
// running.
func itemLine(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	owner := ""
	if !p.Bare {
		owner = block.Escape(m.OwnerName, maxLineName)
	}
	return block.Join(" · ", itemName(p, b, it), p.Number(m), owner, p.SayIf(it.Running, "many.ends", nil))
}

// itemName returns an item's subject, if the reader may see it, and its start.
func itemName(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	subject := ""
	if m := b.Meetings[it.Meeting]; !p.Bare {
		if subject = block.Escape(m.Subject, maxLine); subject == "" {
			subject = p.Say("many.untitled", nil)
		}
		if !p.Fallback {
			subject = "*" + subject + "*"
		}
	}
	return block.Join(" · ", subject, p.Moment("short", b.Start(it)))
}

// linesBriefly lists the first items for a notification, each with what note says of it.
func linesBriefly(p page.Page, b *cancellation.Batch, items []int, note func(page.Page, cancellation.Item) string) string {
	var all []string
	for _, i := range items[:min(page.ShownBrief, len(items))] {
		it := b.Items[i]
		number := block.Escape(numberIn(b.Meetings[it.Meeting]), block.MaxNumber)
		all = append(all, block.Join(" · ", itemName(p, b, it), number, note(p, it)))
	}
	return block.Join("\n", append(all, p.CountAny("many.left_more", len(items)-page.ShownBrief))...)
}

// willEnd says that the call ends an item.
func willEnd(p page.Page, it cancellation.Item) string {
	return p.SayIf(it.Running && it.Ticked, "many.ends", nil)
}

// hasEnded says how an item ended, unless it was simply cancelled or is under a heading that
// says that it isn't known.
func hasEnded(p page.Page, it cancellation.Item) string {
	if !it.State.Final() || it.Outcome == cancellation.Cancelled || isUnknown(it) || it.InDoubt() {
		return ""
	}
	return itemState(p, it)
}

// progressLine describes an item while it is being worked on, or its outcome.
func progressLine(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	number := ""
	if p.Bare {
		number = p.Number(m)
	}
	return block.Join(" · ", number, itemName(p, b, it)) + p.Say("label.colon", nil) + itemState(p, it)
}

// itemState puts an item's state in a few words.
func itemState(p page.Page, it cancellation.Item) string {
	key := "is_turn"
	switch {
	case it.InDoubt():
		key = "is_doubt"
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
	case it.Started:
		key = "is_working"
	}
	return p.Say("many."+key, nil)
}

// plainLine describes an item without its owner: subject, time and number.
func plainLine(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	return block.Join(" · ", itemName(p, b, it), p.Number(b.Meetings[it.Meeting]))
}

// removedLine describes a removed item in as few words as are true.
func removedLine(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	text := itemLine(p, b, cancellation.Item{Meeting: it.Meeting, Date: it.Date})
	if it.Outcome == cancellation.Cancelled {
		return text
	}
	return text + p.Say("label.colon", nil) + itemState(p, it)
}

// maxParts is how many characters the parts may take in a row of the history.
const maxParts = 1600

// PartsBriefly lists the first parts of a request in the history, by number, as many as fit in
// a row with everything else.
func PartsBriefly(p page.Page, r cancellation.Request, limit int) string {
	if r.Batch == nil {
		return ""
	}
	var all []string
	more, left := 0, maxParts
	for _, it := range r.Batch.Items {
		if it.Part == "" {
			continue
		}
		line := "• " + p.Number(r.Batch.Meetings[it.Meeting]) + " · " + p.Moment("short", r.Batch.Start(it)) + p.Say("label.colon", nil) + itemState(p, it)
		if left -= utf8.RuneCountInString(line) + 1; left < 0 || len(all) >= limit {
			more++
			continue
		}
		all = append(all, line)
	}
	return block.Join("\n", append(all, p.CountAny("many.left_more", more))...)
}
