package outcome

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// RemovedBy returns the request that removed a meeting, or the date of it with an id, while a
// card that was asked at a moment was open; the zero Request if it was not one of ours. unsure
// is whether one of ours may have: it has ended since, and its outcome is not known yet.
func RemovedBy(ctx context.Context, d *step.Deps, meeting, date string, asked time.Time) (by cancellation.Request, unsure bool, err error) {
	others, err := d.Store.Requests.Finished(ctx, meeting, othersRead)
	for _, other := range others {
		switch {
		case other.ClosedAt.Before(asked):
		case other.Outcome.Removed() && (other.Scope == cancellation.Whole || other.WholeSeries() || slices.Contains(other.Chosen, date)):
			return other, false, err
		case other.Outcome == cancellation.Unknown && d.Store.Now().Sub(other.ClosedAt) < settled:
			return cancellation.Request{}, true, err
		}
	}
	return cancellation.Request{}, false, err
}

// settled is how long it takes at most until reading the meeting has settled an unknown
// outcome.
const settled = 2 * time.Minute

// Elsewhere ends a question whose meeting is gone: there is nothing left to ask about. by is
// who removed it from another card, if that is known; why is [cancellation.WhyOver], or empty.
// It returns [store.ErrConflict] if somebody has answered.
func (c Closing) Elsewhere(ctx context.Context, r store.Request, by, why string) error {
	return c.End(ctx, []jobs.Job{step.Report(&r)}, func(tx *store.Tx) error {
		var stood cancellation.Request // as it was asked, with all meetings that the card was about
		err := step.ChangeAsked(ctx, tx, &r, func(r *store.Request) error {
			stood = r.Request
			r.Elsewhere, r.ClosedBy = true, by
			if err := r.Finish(cancellation.Gone, why, tx.Now()); err != nil {
				return errors.Join(store.ErrConflict, err)
			}
			if c.Learn != nil {
				c.Learn(&r.Request)
			}
			r.BeginReport(tx.Now())
			return nil
		})
		c.ObserveMeetings(tx, stood, "elsewhere")
		return errors.Join(err, tx.Audit(ctx, store.Line(r.Request, store.EventSettled, by, map[string]string{
			"outcome": string(cancellation.Gone), "why": why, "elsewhere": "yes",
		})))
	})
}
