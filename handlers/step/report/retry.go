package report

import (
	"errors"
	"slices"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/jobs"
)

// retrySoonest has a report retried at the earliest time at which one of its failures may
// clear, or something else is due, so that a reply in the thread needn't wait as long as
// Slack delays the owner's message. A zero due counts for nothing.
func retrySoonest(err error, due ...time.Duration) error {
	after := soonest(err)
	if after == 0 {
		return err
	}
	for _, d := range due {
		if d > 0 {
			after = min(after, d)
		}
	}
	return &jobs.Later{Err: err, After: after}
}

// soonest returns the shortest wait that the joined errors of several parallel calls ask
// for. The other calls fail again then and say how much longer they need. It is zero if one
// of them asks for no wait.
func soonest(err error) time.Duration {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		later, _ := errors.AsType[*jobs.Later](step.RetryLater(err))
		if later == nil {
			return 0
		}
		return later.After
	}
	var waits []time.Duration
	for _, e := range joined.Unwrap() {
		waits = append(waits, soonest(e))
	}
	return slices.Min(waits)
}
