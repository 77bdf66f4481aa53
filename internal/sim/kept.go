package sim

import (
	"maps"
	"strings"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// beforeBlanking reports whether a statement is the first of those that blank old requests.
func beforeBlanking(text string) bool {
	return strings.Contains(text, "blanked = 0") && strings.Contains(text, "closed_at <")
}

// remember stores what is about to be blanked, so that the rules can still compare it with what
// people see. The transaction's own connection has the lock, so nothing changes meanwhile.
func (w *world) remember(url string) {
	r, err := w.tryRead(url)
	if err != nil {
		return // nothing can be blanked either
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, q := range r.requests {
		if !cancellation.Blanked(q.Request) {
			w.kept[id], w.keptJobs[id] = q, r.jobsOf(id)
		}
	}
	for _, row := range r.audit {
		if !row.Blanked() {
			w.keptRows[row.Seq] = row
		}
	}
}

// jobsOf returns the jobs of a request.
func (r record) jobsOf(id string) (all []string) {
	for _, job := range r.jobs {
		if step, subject, _ := strings.Cut(job, " "); subject == id {
			all = append(all, step)
		}
	}
	return all
}

// restored returns r with what was blanked.
func (w *world) restored(r record) record {
	w.mu.Lock()
	defer w.mu.Unlock()
	r.blanked = map[string]bool{}
	r.requests = maps.Clone(r.requests)
	for id, q := range r.requests {
		if was, known := w.kept[id]; known && cancellation.Blanked(q.Request) {
			r.blanked[id] = true
			r.requests[id] = unblanked(q, was)
		}
	}
	rows := make([]store.AuditRow, len(r.audit))
	for i, row := range r.audit {
		if was, known := w.keptRows[row.Seq]; known && row.Blanked() {
			row = was
		}
		rows[i] = row
	}
	r.trail, r.audit = r.audit, rows
	return r
}

// unblanked returns a request with what [cancellation.Request.Blank] has removed.
func unblanked(q, was store.Request) store.Request {
	q.Asker, q.For, q.Locale, q.ConfirmedBy, q.ClosedBy, q.StoppedBy, q.FoundBy, q.OfferDelegationTo = was.Asker, was.For, was.Locale, was.ConfirmedBy, was.ClosedBy, was.StoppedBy, was.FoundBy, was.OfferDelegationTo
	q.Reason, q.Channel, q.Card, q.Copies, q.Batch, q.Choices = was.Reason, was.Channel, was.Card, was.Copies, was.Batch, was.Choices
	q.Owner.User, q.Owner.Name, q.Meeting = was.Owner.User, was.Owner.Name, was.Meeting
	return q
}
