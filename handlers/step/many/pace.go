package many

import (
	"slices"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// partTimeUsual is what a part takes that nothing keeps waiting, of the place that
// it has among those under way.
const partTimeUsual = time.Second

// spare is the part of a budget that cards with several meetings leave alone, so that
// nobody who cancels a single one waits for them.
func spare(b meetingapi.Budget) int { return max(b.Limit/4, partsAtOnce) }

// budget is what is left of an operation's limit; false where that is not known, or is
// so little that nothing can be planned with it: then each call waits for its turn.
func budget(d *step.Deps, op meetingapi.Operation) (b meetingapi.Budget, known bool) {
	b, known = d.Meetings.Budget(op)
	return b, known && b.Limit > 2*partsAtOnce
}

// calls are how many calls of an operation a card makes.
type calls struct {
	op meetingapi.Operation
	n  int
}

// callsOf are the calls that parts make at the least: each is read and cancelled.
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

// room is how many parts may be under way at once if these come next, and until when the
// service's rate lets none of them begin; zero while it does.
func room(d *step.Deps, parts []cancellation.Request) (n int, until time.Time) {
	n = partsAtOnce
	for _, c := range callsOf(parts) {
		b, known := budget(d, c.op)
		if !known {
			continue
		}
		if left := b.Left - spare(b); left < n {
			n = max(left, 0)
			until = b.Until
		}
	}
	return n, until
}

// roomFor fails while reading the meetings for a card would use up calls that are left for
// others. A window too small for two such cards is ignored: waiting for the next one
// wouldn't help.
func roomFor(d *step.Deps, readings int) error {
	b, known := budget(d, meetingapi.OpMeeting)
	if !known || b.Limit-spare(b) < 2*readings || b.Left-spare(b) >= readings {
		return nil
	}
	return &meetingapi.Error{
		Op: meetingapi.OpMeeting, Class: meetingapi.ClassThrottled, Message: "what is left is for others",
		RetryAfter: max(time.Until(b.Until), time.Second),
	}
}

// nextLook is after how long the parts are looked at again.
func (m *running) nextLook() time.Duration {
	if m.r.Batch.Undrawn {
		return report.ProgressGap // what the card does not show yet is not to wait for the service
	}
	if n, until := room(m.Deps, cancellation.Rest(&m.r.Request)); n == 0 {
		return min(max(time.Until(until), manyLookGap), step.LongestWait)
	}
	return manyLookGap
}

// takes is how long these parts are expected to take, at the service's rate as it is
// known now.
func takes(d *step.Deps, parts []cancellation.Request) time.Duration {
	longest := time.Duration(0)
	for _, c := range callsOf(parts) {
		b, known := budget(d, c.op)
		if !known {
			continue
		}
		ours := b.Limit - spare(b) // of each window
		if over := c.n - max(b.Left-spare(b), 0); over > 0 {
			longest = max(longest, time.Until(b.Until)+time.Duration((over-1)/ours)*b.Period)
		}
	}
	turns := (len(parts) + partsAtOnce - 1) / partsAtOnce
	return max(longest, 0) + time.Duration(turns)*partTimeUsual
}
