package many

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// finish records how all the parts ended; the report follows. The report job is claimed like
// any other that is due, and so waits until the one of an earlier round has ended: two at
// once would both find that an owner has no message yet. It is due once the card may be
// drawn again, so that the reply doesn't come before the card shows the end.
func (m *partsRun) finish(ctx context.Context, parts []cancellation.Request) error {
	due := m.Store.Now()
	if from := report.DrawableFrom(m.R.Batch); from.After(due) {
		due = from
	}
	next := []jobs.Job{{Step: step.ReportStep, Subject: string(m.R.ID), Due: due}}
	if m.R.Telling.Wanted && !m.R.State.Final() { // even if nothing was removed, to delete their addresses
		next = append(next, jobs.Job{Step: step.MergeInvitedStep, Subject: string(m.R.ID), Due: m.Store.Now().Add(time.Second)})
	}
	err := m.Done(ctx, next, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &m.R, func(r *store.Request) error {
			b, news := r.Batch.WithParts(parts)
			t := b.Tally()
			if t.Final < t.All || !news && r.State.Final() {
				return store.ErrConflict
			}
			r.Batch = b
			for _, p := range parts {
				r.ClosedBy = cmp.Or(r.ClosedBy, p.ClosedBy) // the person who stopped the rest
			}
			return conclude(&r.Request, tx.Now())
		})
		return errors.Join(err, tx.Audit(ctx, settledRow(m.R.Request)))
	})
	failpoint.Here(failpoint.PartsEnded)
	if err == nil {
		m.Logger(m.R.Request).InfoContext(ctx, "outcomes of several meetings recorded", "outcome", m.R.Outcome)
	}
	return step.IgnoreConflict(err) // the end of another part did it
}

// conclude changes a request whose parts have all ended, and begins its report.
func conclude(r *cancellation.Request, now time.Time) error {
	t := r.Batch.Tally()
	if t.Stopped == t.All {
		doubt := slices.ContainsFunc(r.Batch.Items, cancellation.Item.InDoubt)
		if err := outcome.Decline(r, r.ClosedBy, doubt, now); err != nil {
			return err
		}
	} else if err := r.Finish(t.Outcome(), "", now); err != nil {
		return errors.Join(store.ErrConflict, err)
	}
	r.BeginReport(now)
	return nil
}

// settledRow returns the audit row with the outcomes in numbers.
func settledRow(r cancellation.Request) store.AuditRow {
	t := r.Batch.Tally()
	return store.RequestRow(r, store.EventSettled, r.ConfirmedBy, map[string]string{
		"outcome": string(r.Outcome), "parts": strconv.Itoa(t.All), "cancelled": strconv.Itoa(t.Cancelled), "ended": strconv.Itoa(t.Ended),
		"gone": strconv.Itoa(t.Gone), "failed": strconv.Itoa(t.Failed), "unknown": strconv.Itoa(t.Unknown),
	})
}
