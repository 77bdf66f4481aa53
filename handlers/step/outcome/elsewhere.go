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

// shownFor is how long the service may go on showing what was removed. A card asked meanwhile
// is about a meeting that is gone.
const shownFor = time.Minute

// RemovedBy returns the request that removed a meeting, or the date of it with this id,
// while the card of r was open or up to [shownFor] before that; the last one if several
// removed the dates that the card shows. It returns the zero Request if the bot didn't
// remove it. unsure reports whether it may have: a request has ended since, and its outcome
// is not known yet.
func RemovedBy(ctx context.Context, d *step.Deps, r cancellation.Request, meeting, date string) (by cancellation.Request, unsure bool, err error) {
	others, err := d.Store.Requests.Finished(ctx, meeting, othersRead)
	var dates []string
	for _, other := range others {
		switch {
		case other.ID == r.ID, other.ClosedAt.Before(r.CreatedAt.Add(-shownFor)):
		case other.Outcome == cancellation.Unknown && d.Store.Now().Sub(other.ClosedAt) < settleTime:
			return cancellation.Request{}, true, err
		case !other.Outcome.Removed():
		case other.Scope == cancellation.Whole, other.WholeSeries(), slices.Contains(other.Chosen, date):
			return other, false, err
		default:
			dates = append(dates, other.Chosen...)
			if other.ClosedAt.After(by.ClosedAt) {
				by = other
			}
		}
	}
	if date != "" || !r.Meeting.Remaining(dates) {
		by = cancellation.Request{}
	}
	return by, false, err
}

// settleTime is how long it takes at most until reading the meeting settles an unknown
// outcome.
const settleTime = 2 * time.Minute

// CloseGone ends a question whose meeting is gone. by is the person who removed it from
// another card, if known; why is [cancellation.WhyOver] or empty. It returns
// [store.ErrConflict] if the question has been answered.
func (c Closing) CloseGone(ctx context.Context, r store.Request, by, why string) error {
	return c.End(ctx, []jobs.Job{step.Report(&r)}, func(tx *store.Tx) error {
		var before cancellation.Request // with all the meetings that the card asked about
		err := step.ChangeAsked(ctx, tx, &r, func(r *store.Request) error {
			before = r.Request
			if c.Also != nil {
				c.Also(&r.Request)
			}
			r.ClosedElsewhere, r.ClosedBy = true, by
			if err := r.Finish(cancellation.Gone, why, tx.Now()); err != nil {
				return errors.Join(store.ErrConflict, err)
			}
			r.BeginReport(tx.Now())
			return nil
		})
		c.ObserveMeetings(tx, before, "elsewhere")
		return errors.Join(err, tx.Audit(ctx, store.RequestRow(r.Request, store.EventSettled, by, map[string]string{
			"outcome": string(cancellation.Gone), "why": why, "elsewhere": "yes",
		})))
	})
}
