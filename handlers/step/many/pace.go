package many

import (
	"slices"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// usualPartTime is how long a part takes if nothing makes it wait.
const usualPartTime = time.Second

// spare is how many calls of a budget cards with several meetings leave alone, so that
// people who cancel a single meeting don't wait for them.
func spare(b meetingapi.Budget) int {
	if isTiny(b) {
		return 0
	}
	return max(b.Limit/4, partsAtOnce)
}

// isTiny reports whether a budget is too small to plan with: then each call waits for its turn.
func isTiny(b meetingapi.Budget) bool { return b.Limit <= 2*partsAtOnce }

// calls is how many calls of an operation a card makes.
type calls struct {
	op meetingapi.Operation
	n  int
}

// callsOf returns the calls that parts make at least: each is read and cancelled.
func callsOf(parts []cancellation.Request) (all []calls) {
	dates := 0
	for _, p := range parts {
		if p.Scope == cancellation.Occurrence {
			dates++
		}
	}
	all = []calls{{meetingapi.OpMeeting, len(parts)}, {meetingapi.OpCancel, len(parts) - dates}, {meetingapi.OpCancelOccurrences, dates}}
	return slices.DeleteFunc(all, func(c calls) bool { return c.n == 0 })
}

// room returns how many of these parts may be in progress at once. If the service's rate
// limit allows fewer than usual, until is when its next window begins.
func room(d *step.Deps, parts []cancellation.Request) (n int, until time.Time) {
	n = partsAtOnce
	for _, c := range callsOf(parts) {
		b, known := d.Meetings.Budget(c.op)
		if !known || isTiny(b) {
			continue
		}
		if left := b.Left - spare(b); left < n {
			n = max(left, 0)
			until = b.Until
		}
	}
	return n, until
}

// roomFor fails if reading the meetings for a card would use up calls that are left for
// others. A window too small for two such cards is ignored: waiting for the next one
// wouldn't help.
func roomFor(d *step.Deps, readings int) error {
	b, known := d.Meetings.Budget(meetingapi.OpMeeting)
	if !known || isTiny(b) || b.Limit-spare(b) < 2*readings || b.Left-spare(b) >= readings {
		return nil
	}
	return &meetingapi.Error{
		Op: meetingapi.OpMeeting, Class: meetingapi.ClassThrottled, Message: "the remaining calls are reserved",
		RetryAfter: max(time.Until(b.Until), time.Second),
	}
}

// nextCheck returns how long to wait before checking the parts again.
func (m *partsRun) nextCheck() time.Duration {
	if m.R.Batch.Undrawn {
		return report.ProgressGap // the card isn't up to date, and needn't wait for the service
	}
	if n, until := room(m.Deps, cancellation.Rest(&m.R.Request)); n == 0 {
		return min(max(time.Until(until), checkGap), step.LongestWait)
	}
	return checkGap
}

// timeNeeded estimates how long these parts take at the service's current rate.
func timeNeeded(d *step.Deps, parts []cancellation.Request) time.Duration {
	longest := time.Duration(0)
	for _, c := range callsOf(parts) {
		b, known := d.Meetings.Budget(c.op) // tiny ones too: the calls wait all the same
		if !known || b.Limit <= 0 {
			continue
		}
		usable := b.Limit - spare(b) // in each window
		if over := c.n - max(b.Left-spare(b), 0); over > 0 {
			longest = max(longest, time.Until(b.Until)+time.Duration((over-1)/usable)*b.Period)
		}
	}
	turns := (len(parts) + partsAtOnce - 1) / partsAtOnce
	return max(longest, 0) + time.Duration(turns)*usualPartTime
}
