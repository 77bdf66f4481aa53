package outcome

import (
	"cmp"
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// stopped is the reason for an unknown outcome if someone stopped a request while the result of an
// earlier call was unknown.
const stopped = "stopped"

// SaidGone is the result of a call if the service says that there is nothing to cancel, but the
// meeting isn't known to be gone.
const SaidGone = "said gone"

// CanStop reports whether r, once confirmed, can still be stopped: its call hasn't begun, or waits.
func CanStop(r cancellation.Request) bool {
	return r.State == cancellation.Confirmed || r.State == cancellation.Calling && !r.WaitUntil.IsZero()
}

// Stop ends r in tx because by has stopped it: nothing more is sent. Its meeting is left alone,
// unless an earlier call of r may have removed it, or another card has, or the service said that it
// is gone. also, if not nil, makes further changes to the request. It returns [store.ErrConflict] if r has ended.
func Stop(ctx context.Context, d *step.Deps, tx *store.Tx, r *store.Request, by string, also func(*cancellation.Request)) error {
	// The row says who stopped it: that of the outcome names who confirmed.
	if err := tx.Audit(ctx, store.RequestRow(r.Request, store.EventUndone, by, nil)); err != nil {
		return err
	}
	if r.Unanswered > 0 {
		d.ObserveMeetings(tx, r.Request, string(cancellation.Unknown))
		return Conclude(ctx, tx, r, cancellation.Unknown, stopped, "", also)
	}
	remover, doubt, err := ByOthers(ctx, tx.Requests.Requests, r.Request, tx.Now())
	switch {
	case err != nil:
		return err
	case remover.ID != "", r.Effects[cancellation.CallEffect].Result == SaidGone:
		d.ObserveMeetings(tx, r.Request, string(cancellation.Gone))
		return Conclude(ctx, tx, r, cancellation.Gone, "", "", func(r *cancellation.Request) {
			if r.FoundBy = by; also != nil {
				also(r)
			}
		})
	}
	d.ObserveMeetings(tx, r.Request, string(store.EventUndone))
	return step.Change(ctx, tx, r, func(r *store.Request) error {
		if also != nil {
			also(&r.Request)
		}
		if err := Decline(&r.Request, by, doubt, tx.Now()); err != nil {
			return err
		}
		if r.Parent == "" {
			r.BeginReport(tx.Now())
		}
		return nil
	})
}

// Decline changes r to say that by has kept the meeting, or stopped its cancellation. doubt says that
// another card may have removed it. It returns [store.ErrConflict], and changes nothing, if r has ended.
func Decline(r *cancellation.Request, by string, doubt bool, at time.Time) error {
	if err := r.Become(cancellation.Declined); err != nil {
		return errors.Join(store.ErrConflict, err)
	}
	r.ClosedBy, r.ClosedAt = by, at
	if r.StopWaiting(); doubt {
		r.Why = cancellation.WhyInDoubt
	}
	return nil
}

// DontRepeat records in tx that by wants the call of r, which is under way, not to be repeated. If it
// has been refused for now already, r is settled at once. It returns [store.ErrConflict] if r has
// ended.
func DontRepeat(ctx context.Context, d *step.Deps, tx *store.Tx, r *store.Request, by string) error {
	first := false
	err := step.Change(ctx, tx, r, func(r *store.Request) error {
		if r.State != cancellation.Calling {
			return store.ErrConflict
		}
		first = r.StoppedBy == ""
		r.StoppedBy = cmp.Or(r.StoppedBy, by)
		return nil
	})
	if err != nil || !first {
		return err
	}
	err = tx.Audit(ctx, store.RequestRow(r.Request, store.EventUndoLate, by, nil))
	if err == nil && r.Effects[cancellation.CallEffect].Ended() && r.Unanswered == 0 {
		err = d.Queue.Enqueue(ctx, tx, jobs.Job{Step: step.SettleStep, Subject: string(r.ID)})
	}
	return err
}
