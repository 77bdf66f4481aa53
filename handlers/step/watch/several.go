package watch

import (
	"context"
	"errors"

	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// compareSeveral takes meetings that are gone off a card with several, and marks those that
// have started. found is nil if the meeting is gone; over means that it is known to have
// ended. A card that loses its last meeting is closed.
func (w *watchRun) compareSeveral(ctx context.Context, r store.Request, found *cancellation.Meeting, over bool) error {
	var why map[string]string
	seen := func(b *cancellation.Batch) (*cancellation.Batch, bool) {
		return b.Reread(w.run.Subject, found, why, w.Store.Now())
	}
	if _, changed := seen(r.Batch); !changed {
		return nil
	}
	why, err := w.leftOut(ctx, r, found, over)
	if err != nil {
		return err
	}
	err = w.recordUnlessClicked(ctx, []jobs.Job{step.Draw(&r)}, func(tx *store.Tx) error {
		lost := 0
		err := step.ChangeAsked(ctx, tx, &r, func(r *store.Request) error { // the check of another meeting may have changed the card
			after, changed := seen(r.Batch)
			switch {
			case !changed:
				return store.ErrConflict
			case len(after.Items) == 0:
				return errNoneLeft
			}
			lost, r.Batch = len(r.Batch.Items)-len(after.Items), after
			w.Board.Announce(&r.Request, tx.Now())
			return nil
		})
		for range lost {
			step.ObserveAfter(tx, w.Observe.Question, "elsewhere")
		}
		return err
	})
	if errors.Is(err, errNoneLeft) {
		return w.close(ctx, r, "", false, func(r *cancellation.Request) { r.Batch, _ = seen(r.Batch) })
	}
	return step.IgnoreConflict(err)
}

// leftOut says why the card loses its items of this meeting: an empty key stands for the
// meeting itself, the others are ids of its dates.
func (w *watchRun) leftOut(ctx context.Context, r store.Request, found *cancellation.Meeting, over bool) (map[string]string, error) {
	why := map[string]string{}
	for _, it := range r.Batch.Items {
		m, id := r.Batch.Meetings[it.Meeting], it.Date.ID
		end := m.End
		if id != "" {
			end = it.Date.End
		}
		if m.ID != w.run.Subject || it.IsLeft(found) {
			continue
		}
		other, err := w.removedBy(ctx, cancellation.PartOf(r.Request, it))
		switch {
		case err != nil:
			return nil, err
		case other.ConfirmedBy != "":
			why[id] = cancellation.LeftOtherCard
		case over || !end.IsZero() && !w.Store.Now().Before(end):
			why[id] = cancellation.LeftEnded
		default:
			why[id] = answer.LeftElsewhere
		}
	}
	return why, nil
}

// errNoneLeft closes a card that has no meetings left.
var errNoneLeft = errors.New("none of the meetings on the card is left")
