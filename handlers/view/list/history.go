package list

import (
	"strings"

	"meetingbot/bot"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
)

// History shows past requests in the given order, at most MaxChoices of them:
// cancellations, and requests that came to nothing.
func History(p page.Page, rows []cancellation.Request) bot.Message {
	rows = rows[:min(MaxChoices, len(rows))]
	text := p.Count("history.text", len(rows), nil)
	blocks := block.Stack(block.Header(p.Say("history.title", nil)))
	var brief []string
	for i, r := range rows {
		when := r.ClosedAt
		if when.IsZero() {
			when = r.CreatedAt
		}
		blocks = append(blocks, block.Section(outcome.Happened(p, r), outcome.Because(p, r), batch.PartsBriefly(p, r, max(3, shownParts/len(rows))),
			block.Join(" · ", p.Moment("short", when), p.Brief(r))))
		if i < page.ShownBrief {
			brief = append(brief, outcome.Happened(p.Spoken(), r))
		}
	}
	return bot.Message{Text: block.Join("\n", text, strings.Join(brief, "\n")), Blocks: blocks}
}

// shownParts is how many parts a history shows altogether.
const shownParts = 40
