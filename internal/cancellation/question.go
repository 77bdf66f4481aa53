package cancellation

import "time"

// A question is a request whose card goes to the meeting's owner because the asker
// may not cancel it: [Request.For] is set. It has the same states as any other request.

// questionLife is the longest that a question to the owner stays open.
const questionLife = 24 * time.Hour

// MuteLife is how long "Don't ask me again" keeps a person from asking that owner.
const MuteLife = 30 * 24 * time.Hour

// IsQuestion reports whether r went to the meeting's owner.
func (r *Request) IsQuestion() bool { return r.For != "" }

// QuestionUntil returns when a question shown now expires: a day after it was asked or
// when the meeting starts, whichever is sooner, but at least ttl from now.
func (r *Request) QuestionUntil(now time.Time, ttl time.Duration) time.Time {
	until, least := r.CreatedAt.Add(questionLife), now.Add(ttl)
	start := r.next()
	if m := r.Meeting; m.Recurring && len(m.Occurrences) == 0 && !m.Running && start.Before(now) {
		start = time.Time{} // that is when the series began; its next date is unknown
	}
	if !start.IsZero() && start.Before(until) {
		until = start
	}
	if until.Before(least) {
		return least
	}
	return until
}

// next returns the earliest start of anything r is about; zero if unknown. While it is
// undecided how much of a series is meant, any date counts.
func (r *Request) next() (first time.Time) {
	whole := *r
	if whole.Meeting.Recurring && whole.Scope == Undecided {
		whole.Scope = Series
	}
	starts, _ := whole.Starts()
	if len(starts) == 0 {
		starts = []time.Time{r.Meeting.Start}
	}
	for _, start := range starts {
		if first.IsZero() || start.Before(first) {
			first = start
		}
	}
	return first
}
