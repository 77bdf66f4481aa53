package batch

import (
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
)

// A lineFunc writes one item on its line.
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

// line is one item: what, when, its number, whose, and whether people will be put
// out.
func line(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	owner := ""
	if !p.Bare {
		owner = block.Foreign(m.OwnerName, maxLineName)
	}
	return block.Join(" · ", named(p, b, it), p.Number(m), owner, p.SayIf(it.Running, "many.ends", nil))
}

// named is an item's subject, or its number if the reader need not learn it, and when
// it is.
func named(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	subject := ""
	if m := b.Meetings[it.Meeting]; !p.Bare {
		if subject = block.Foreign(m.Subject, maxLine); subject == "" {
			subject = p.Say("many.untitled", nil)
		}
		if !p.Aloud {
			subject = "*" + subject + "*"
		}
	}
	return block.Join(" · ", subject, p.Moment("short", b.Start(it)))
}

// linesBriefly lists the first items for a notification.
func linesBriefly(p page.Page, b *cancellation.Batch, items []int) string {
	var all []string
	for _, i := range items[:min(page.ShownBrief, len(items))] {
		it := b.Items[i]
		number := block.Foreign(numberIn(b.Meetings[it.Meeting]), block.MaxNumber)
		all = append(all, block.Join(" · ", named(p, b, it), number))
	}
	return block.Join("\n", append(all, p.CountAny("many.left_more", len(items)-page.ShownBrief))...)
}

// progress is an item while it is being worked on, and its outcome.
func progress(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	number := ""
	if p.Bare {
		number = p.Number(m)
	}
	return block.Join(" · ", number, named(p, b, it)) + p.Say("label.colon", nil) + standing(p, it)
}

// standing says an item's state in a few words.
func standing(p page.Page, it cancellation.Item) string {
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
	return p.Say("many."+key, nil)
}

// plainLine is an item without its owner: what, when, and its number.
func plainLine(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	return block.Join(" · ", named(p, b, it), p.Number(b.Meetings[it.Meeting]))
}

// removed is an item that is gone, in as few words as are true.
func removed(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	text := line(p, b, cancellation.Item{Meeting: it.Meeting, Date: it.Date})
	if it.Outcome == cancellation.Cancelled {
		return text
	}
	return text + p.Say("label.colon", nil) + standing(p, it)
}

// maxParts is how many characters of a row in the history its parts may take.
const maxParts = 1600

// PartsBriefly are the first parts of a request in the history, by number, as many as fit
// into a row with everything else.
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
		line := "• " + p.Number(r.Batch.Meetings[it.Meeting]) + " · " + p.Moment("short", r.Batch.Start(it)) + p.Say("label.colon", nil) + standing(p, it)
		if left -= utf8.RuneCountInString(line) + 1; left < 0 || len(all) >= limit {
			more++
			continue
		}
		all = append(all, line)
	}
	return block.Join("\n", append(all, p.CountAny("many.left_more", more))...)
}
