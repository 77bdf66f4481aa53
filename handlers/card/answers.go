package card

import "meetingbot/internal/cancellation"

// Slack takes five answers at a response_url. For a card that can't be reached any other way,
// some are reserved for its final state: a question that can't be redrawn is merely out of
// date until the next click, but buttons that can't be removed would stay. A card that asks
// again may use one of these, because nobody can answer it until it is drawn.
const reservedAnswers = 2

// usesResponseURL reports whether this process has drawn the card of r through its
// response_url.
func (d *draws) usesResponseURL(r cancellation.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.spent[r.Response.URL] > 0
}

// spendAnswer counts an answer at the response_url of r, and reports whether one was left for
// this state. It knows only the draws of this process. Nil draws mean a message other
// than the card, see [Board.DrawElsewhere].
func (d *draws) spendAnswer(r cancellation.Request) bool {
	if d == nil {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	reserved := reservedAnswers
	if r.State == cancellation.Asked && r.Supersedes != "" {
		reserved--
	}
	if d.spent[r.Response.URL] >= cancellation.ResponseUses-reserved && !r.State.Final() {
		return false
	}
	d.spent[r.Response.URL]++
	return true
}
