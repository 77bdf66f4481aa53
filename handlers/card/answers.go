package card

import "meetingbot/internal/cancellation"

// Slack takes five answers at a response_url. Where nothing else reaches a card, some are
// kept for what it ends as: a question that can't be redrawn is out of date until the
// next click, but buttons that nobody can take away would stay.
const keptAnswers = 2

// mayAnswer counts an answer at the response_url of r, and reports whether the card may
// still be changed there. It knows only of the draws of this process.
func (b *Board) mayAnswer(r cancellation.Request) bool {
	b.mu.Lock()
	d := b.drawings[r.ID]
	b.mu.Unlock()
	if d == nil {
		return true // another message than the card, see DrawElsewhere
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.spent[r.Response.URL] >= cancellation.ResponseUses-keptAnswers && !r.State.Final() {
		return false
	}
	d.spent[r.Response.URL]++
	return true
}
