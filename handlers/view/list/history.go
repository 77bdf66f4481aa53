package list

import (
	"strings"
	"unicode/utf8"

	"meetingbot/bot"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
)

// History shows past requests in the given order, at most MaxChoices of them and as many as
// fit in one message: cancellations, and requests that led to none.
func History(p page.Page, rows []cancellation.Request) bot.Message {
	rows = rows[:min(MaxChoices, len(rows))]
	blocks := block.Stack(block.Header(p.Say("history.title", nil)))
	var brief []string
	shown, left := 0, maxHistory
	for i, r := range rows {
		when := r.ClosedAt
		if when.IsZero() {
			when = r.CreatedAt
		}
		row := block.Join("\n", outcome.Happened(p, r), outcome.Because(p, r), batch.PartsBriefly(p, r, max(3, shownParts/len(rows))),
			block.Join(" · ", p.Moment("short", when), p.Brief(r)))
		if left -= utf8.RuneCountInString(row); left < 0 {
			break
		}
		blocks, shown = append(blocks, block.Section(row)), shown+1
		if i < page.ShownBrief {
			brief = append(brief, outcome.Happened(p.ForFallback(), r))
		}
	}
	text := p.Count("history.text", shown, nil)
	return bot.Message{Text: block.Join("\n", text, strings.Join(brief, "\n")), Blocks: blocks}
}

// shownParts is how many parts a history shows in total.
const shownParts = 40

// maxHistory is how many characters all rows may have together: Slack allows 12,000 in a
// message.
const maxHistory = 11_500
