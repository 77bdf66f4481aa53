package view

import (
	"github.com/slack-go/slack"

	"meetingbot/internal/cancellation"
)

// leftOut lists what can't be cancelled, and why.
func (p page) leftOut(b *cancellation.Batch) slack.Block {
	if len(b.LeftOut) == 0 {
		return nil
	}
	lines := []string{"*" + p.count("many.left_out", len(b.LeftOut), nil) + "*"}
	for _, l := range b.LeftOut[:min(shownLeft, len(b.LeftOut))] {
		name := grouped(l.Number)
		if l.Subject != "" && !p.bare {
			name = foreign(l.Subject, maxLine) + " (" + name + ")"
		}
		when := ""
		if !l.Start.IsZero() {
			when = p.moment("short", l.Start)
		}
		lines = append(lines, "• "+join(" · ", name, when, p.leftWhy(l.Why)))
	}
	if more := len(b.LeftOut) - shownLeft; more > 0 {
		lines = append(lines, p.count("many.left_more", more, nil))
	}
	return section(lines...)
}

// Reasons why a meeting can't be cancelled, in addition to the kinds of answer.
const (
	LeftNotFound = "not_found"
	LeftUnread   = "unread"
	LeftRoom     = "room"
	LeftSeries   = "series"
	LeftUnlisted = "unlisted"
	LeftWebinar  = "webinar"
	LeftEnded    = "ended"

	LeftElsewhere = "elsewhere" // while the card was open
)

func (p page) leftWhy(why string) string {
	switch why {
	case LeftNotFound, LeftUnread, LeftRoom, LeftSeries, LeftUnlisted, LeftWebinar, LeftEnded, LeftElsewhere, string(LeadTime):
		return p.say("left."+why, nil)
	}
	return p.say("left.not_allowed", nil)
}

// moreNote says how many meetings did not fit, and how to ask for them.
func (p page) moreNote(b *cancellation.Batch) slack.Block {
	more := ""
	if b.More > 0 {
		more = p.count("many.more", b.More, vars{"Example": p.toType(b.MoreLine)})
	}
	if text := join("\n", more, p.partial(b.Partial)); text != "" {
		return section(text)
	}
	return nil
}
