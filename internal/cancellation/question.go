package cancellation

import "time"

// A question is a request whose card goes to the meeting's owner because the asker
// may not cancel it: [Request.For] is set. It has the same states as any other.

// questionLife is the longest time that a question to the owner stays open.
const questionLife = 24 * time.Hour

// MuteLife is how long an owner who chose "Don't ask me again" is not asked by that
// person.
const MuteLife = 30 * 24 * time.Hour

// IsQuestion reports whether r went to the meeting's owner.
func (r *Request) IsQuestion() bool { return r.For != "" }

// QuestionUntil returns when a question shown now expires: a day after it was
// asked, or when what it is about starts, whichever is sooner, but at least ttl
// from now.
func (r *Request) QuestionUntil(now time.Time, ttl time.Duration) time.Time {
	until, least := r.CreatedAt.Add(questionLife), now.Add(ttl)
	start := r.next()
	if m := r.Meeting; m.Recurring && len(m.Occurrences) == 0 && !m.Running && start.Before(now) {
		start = time.Time{} // the series began then; when its next date is, nobody tells
	}
	if !start.IsZero() && start.Before(until) {
		until = start
	}
	if until.Before(least) {
		return least
	}
	return until
}

// next returns when the first of what r is about starts or started; zero if
// unknown. While it is undecided how much of a series is meant, any date counts.
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
