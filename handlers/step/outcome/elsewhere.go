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

// RemovedBy returns the request that removed everything that r is about while the card of r was
// open, or a moment before that, see [cancellation.RemovedBy]. It returns the zero Request if the
// bot didn't remove it. unsure reports whether it may have: a request has ended since, and its
// outcome is not known yet.
func RemovedBy(ctx context.Context, d *step.Deps, r cancellation.Request) (by cancellation.Request, unsure bool, err error) {
	others, err := d.Store.Requests.Finished(ctx, r.Meeting.ID, othersRead)
	unsure = slices.ContainsFunc(others, func(other cancellation.Request) bool {
		return other.ID != r.ID && other.IsUnknown() && !endedBefore(other, r) && d.Store.Now().Sub(other.ClosedAt) < settleTime
	})
	by = cancellation.RemovedBy(others, r, r.CreatedAt)
	return by, unsure && by.ID == "", err
}

// endedBefore reports whether other ended so long before the card of r was asked that the service
// would no longer have shown a meeting that it removed.
func endedBefore(other, r cancellation.Request) bool {
	return other.ClosedAt.Before(r.CreatedAt.Add(-shownFor))
}

// ByOthers returns the request from another card that removed everything that r is about. Without
// one, doubt reports whether one may have, see [OthersInDoubt]; or, on a card with several meetings,
// whether one has removed any of them, or may have. Then the end of r must not say that nothing has
// changed.
func ByOthers(ctx context.Context, rs store.Requests, r cancellation.Request, now time.Time) (by cancellation.Request, doubt bool, err error) {
	meetings := []string{r.Meeting.ID}
	if r.Batch != nil {
		meetings = r.Batch.MeetingIDs()
	}
	others, err := rs.CallingOrEnded(ctx, meetings, r.CreatedAt.Add(-shownFor))
	if err != nil || len(others) == 0 {
		return cancellation.Request{}, false, err
	}
	if r.Batch == nil {
		by = cancellation.RemovedBy(others, r, r.CreatedAt)
		return by, by.ID == "" && inDoubt(others, r, now), nil
	}
	touched := func(it cancellation.Item) bool {
		part := cancellation.PartOf(r, it)
		return cancellation.RemovedBy(others, part, r.CreatedAt).ID != "" || inDoubt(others, part, now)
	}
	return cancellation.Request{}, slices.ContainsFunc(r.Batch.Items, touched), nil
}

// settleTime is how long it takes at most until reading the meeting settles an unknown
// outcome.
const settleTime = 2 * time.Minute

// CloseGone ends a question whose meeting is gone. by is the person who removed it from
// another card, if known; why is [cancellation.WhyOver] or empty. It returns
// [store.ErrConflict] if the question has been answered.
func (c Closing) CloseGone(ctx context.Context, r store.Request, by, why string) error {
	return c.End(ctx, []jobs.Job{step.Report(&r)}, func(tx *store.Tx) error {
		return closeGone(ctx, c.Deps, tx, &r, by, why, c.Also)
	})
}

// closeGone is [Closing.CloseGone] in tx. The caller enqueues the report.
func closeGone(ctx context.Context, d *step.Deps, tx *store.Tx, r *store.Request, by, why string, also func(*cancellation.Request)) error {
	var before cancellation.Request // with all the meetings that the card asked about
	err := step.ChangeAsked(ctx, tx, r, func(r *store.Request) error {
		before = r.Request
		if also != nil {
			also(&r.Request)
		}
		r.ClosedElsewhere, r.ClosedBy = true, by
		if err := r.Finish(cancellation.Gone, why, tx.Now()); err != nil {
			return errors.Join(store.ErrConflict, err)
		}
		r.BeginReport(tx.Now())
		return nil
	})
	d.ObserveMeetings(tx, before, "elsewhere")
	return errors.Join(err, tx.Audit(ctx, store.RequestRow(r.Request, store.EventSettled, by, map[string]string{
		"outcome": string(cancellation.Gone), "why": why, "elsewhere": "yes",
	})))
}
