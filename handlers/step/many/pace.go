package many

import (
	"time"

	"meetingbot/handlers/step"
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
	b, known = d.BudgetLeft(op)
	return b, known && b.Limit > 2*partsAtOnce
}

// room is how many parts may be under way, and until when the service's rate lets
// none begin; zero while it does.
func room(d *step.Deps) (n int, until time.Time) {
	n = partsAtOnce
	for _, op := range []meetingapi.Operation{meetingapi.OpMeeting, meetingapi.OpCancel, meetingapi.OpCancelOccurrences} {
		b, known := budget(d, op)
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
		return progressGap // what the card does not show yet is not to wait for the service
	}
	if n, until := room(m.Deps); n == 0 {
		return min(max(time.Until(until), manyLookGap), step.LongestWait)
	}
	return manyLookGap
}

// takes is how long so many parts are expected to take, at the service's rate as
// it is known now.
func takes(d *step.Deps, parts int) time.Duration {
	longest := time.Duration(0)
	for _, op := range []meetingapi.Operation{meetingapi.OpMeeting, meetingapi.OpCancel} {
		b, known := budget(d, op)
		if !known {
			continue
		}
		ours := b.Limit - spare(b) // of each window
		if over := parts - max(b.Left-spare(b), 0); over > 0 {
			longest = max(longest, time.Until(b.Until)+time.Duration((over-1)/ours)*b.Period)
		}
	}
	turns := (parts + partsAtOnce - 1) / partsAtOnce
	return max(longest, 0) + time.Duration(turns)*partTimeUsual
}
