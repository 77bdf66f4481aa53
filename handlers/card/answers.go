package card

import "meetingbot/internal/cancellation"

// Slack takes five answers at a response_url. Where nothing else reaches a card, some are
// kept for its final state: a question that can't be redrawn is merely out of date until
// the next click, but buttons that nobody can remove would stay. What asks again may use one
// of these: until it is drawn, nobody can answer it.
const keptAnswers = 2

// scarce reports whether the card of r is changed through its response_url.
func (d *drawing) scarce(r cancellation.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.spent[r.Response.URL] > 0
}

// mayAnswer counts an answer at the response_url of r, and reports whether the card may
// still be changed there. It knows only of the draws of this process; nil is another
// message than a card, see [Board.DrawElsewhere].
func (d *drawing) mayAnswer(r cancellation.Request) bool {
	if d == nil {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := keptAnswers
	if r.State == cancellation.Asked && r.Supersedes != "" {
		kept--
	}
	if d.spent[r.Response.URL] >= cancellation.ResponseUses-kept && !r.State.Final() {
		return false
	}
	d.spent[r.Response.URL]++
	return true
}
