package batch

import (
	"github.com/slack-go/slack"

	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// leftOut lists what can't be cancelled, and why.
func leftOut(p page.Page, b *cancellation.Batch) slack.Block {
	if len(b.LeftOut) == 0 {
		return nil
	}
	lines := []string{"*" + p.Count("many.left_out", len(b.LeftOut), nil) + "*"}
	for _, l := range b.LeftOut[:min(shownLeft, len(b.LeftOut))] {
		name := block.Grouped(l.Number)
		if subject := block.Escape(l.Subject, maxLine); subject != "" && !p.Bare {
			name = subject + " (" + name + ")"
		}
		when := ""
		if !l.Start.IsZero() {
			when = p.Moment("short", l.Start)
		}
		lines = append(lines, "• "+block.Join(" · ", name, when, leftWhy(p, l.Why)))
	}
	return block.Section(append(lines, p.CountAny("many.left_more", len(b.LeftOut)-shownLeft))...)
}

func leftWhy(p page.Page, why string) string {
	switch why {
	case answer.LeftNotFound, answer.LeftUnread, answer.LeftRoom, answer.LeftSeries,
		answer.LeftUnlisted, answer.LeftWebinar, answer.LeftEnded, answer.LeftElsewhere, answer.LeftKindUnknown, answer.LeftNoStart, answer.LeftListClosed,
		cancellation.LeftOtherCard, string(answer.LeadTime), string(answer.StartUnknown):
		return p.Say("left."+why, nil)
	}
	return p.Say("left.not_allowed", nil)
}

// moreNote says how many meetings did not fit, and how to ask for them.
func moreNote(p page.Page, b *cancellation.Batch) slack.Block {
	return block.Section(remaining(p, b, "many.more"), p.Partial(b.Partial))
}

// remaining says how many meetings in these days are left for another card, and how to ask for
// them.
func remaining(p page.Page, b *cancellation.Batch, key string) string {
	if b.More == 0 {
		return ""
	}
	return p.Count(key, b.More, words.Vars{"Example": p.ToType(b.MoreLine)})
}
