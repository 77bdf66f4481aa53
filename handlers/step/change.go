package step

import (
	"context"
	"errors"
	"time"

	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Change applies f to r and saves it over the version it was read at. If the stored request
// has changed since, f is applied to that version instead; f returns store.ErrConflict if
// the change is no longer possible.
func Change(ctx context.Context, tx *store.Tx, r *store.Request, f func(*store.Request) error) error {
	changed := *r
	if err := f(&changed); err != nil {
		return err
	}
	err := tx.Requests.Save(ctx, &changed)
	if IsConflict(err) {
		if changed, err = tx.Requests.Get(ctx, r.ID); err != nil {
			return err
		}
		if err := f(&changed); err != nil {
			return err
		}
		err = tx.Requests.Save(ctx, &changed)
	}
	if err == nil {
		*r = changed
	}
	return err
}

// ChangeAsked is Change for an open question; it returns store.ErrConflict if the question
// is no longer open.
func ChangeAsked(ctx context.Context, tx *store.Tx, r *store.Request, f func(*store.Request) error) error {
	return Change(ctx, tx, r, func(r *store.Request) error {
		if r.State != cancellation.Asked {
			return store.ErrConflict
		}
		return f(r)
	})
}

// insistGap is the pause between two attempts of Insist.
const insistGap = time.Second / 4

// Insist retries record for as long as the run has time. It is for effects outside the
// database that only this run knows about, such as where a card was posted or how a call
// was answered. Without the record, a later run would post again, or have to check.
func Insist(ctx context.Context, record func() error) error {
	for {
		err := record()
		if err == nil || IsConflict(err) || errors.Is(err, jobs.ErrLeaseLost) {
			return err
		}
		if background.Sleep(ctx, insistGap) != nil {
			return err
		}
	}
}

// IsConflict reports whether the request has changed since it was read, in a way that
// rules out the intended change.
func IsConflict(err error) bool { return errors.Is(err, store.ErrConflict) }

// IgnoreConflict returns nil for a conflict, for callers with nothing left to do after one.
func IgnoreConflict(err error) error {
	if IsConflict(err) {
		return nil
	}
	return err
}
