package many

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Times of a card with several meetings.
const (
	checkGap    = 2 * time.Second // between checks of the parts, in case the end of one is missed
	partsAtOnce = 3               // parts in progress at once
)

// RunParts is the step of a confirmed request about several meetings. It creates a part for
// each, passes them to the cancel step as the service's rate allows, and shows the progress.
// It makes no calls itself.
func RunParts(ctx context.Context, t *step.Task) error {
	m := &partsRun{t}
	if m.R.State == cancellation.Confirmed {
		if err := m.begin(ctx); err != nil || m.R.State != cancellation.Calling {
			return err
		}
		return &jobs.Later{After: checkGap}
	}
	if m.R.State != cancellation.Calling {
		return nil // undone, or already finished
	}
	again, err := m.advance(ctx)
	if err != nil || !again {
		return err
	}
	return &jobs.Later{After: m.nextCheck()}
}

// PartEnded is the step that follows the end of a part: it updates the card.
func PartEnded(ctx context.Context, t *step.Task) error {
	_, err := (&partsRun{t}).advance(ctx)
	return err
}

// A partsRun is one run of RunParts or PartEnded.
type partsRun struct{ *step.Task }

// begin creates the parts, in one commit, after which nothing can be undone.
func (m *partsRun) begin(ctx context.Context) error {
	if m.R.Stale(m.Store.Now(), m.Rules.ConfirmTTL) {
		err := outcome.Closing{Deps: m.Deps, End: m.Done}.AskAgain(ctx, m.R, m.R.ConfirmedBy, m.R.Meeting, cancellation.AskAgainStale)
		return step.IgnoreConflict(err) // it was undone just now
	}
	owners := m.owners(ctx)
	n, _ := room(m.Deps, cancellation.Rest(&m.R.Request))
	err := m.Record(store.Urgent(ctx), func(tx *store.Tx) error {
		if err := step.CheckNoPendingUndo(ctx, tx, m.R.Request, step.PendingWait); err != nil {
			return err
		}
		var parts []cancellation.Request
		var next []cancellation.ID
		err := step.Change(ctx, tx, &m.R, func(r *store.Request) (err error) {
			parts, next, err = m.split(r, owners, max(n, 1), tx.Now())
			return err
		})
		if err != nil {
			return err
		}
		if err := m.insert(ctx, tx, parts); err != nil {
			return err
		}
		tx.AfterCommit(func() { m.Board.Show(m.R.Request) })
		return m.feed(ctx, tx, parts, next)
	})
	failpoint.Here(failpoint.PartsMade)
	return step.IgnoreConflict(err)
}

// split changes r to one whose parts are being cancelled. It returns the parts, and those that begin,
// at most atOnce.
func (m *partsRun) split(r *store.Request, owners []cancellation.Owner, atOnce int, now time.Time) (parts []cancellation.Request, next []cancellation.ID, err error) {
	if r.State != cancellation.Confirmed {
		return nil, nil, store.ErrConflict
	}
	if err := r.Become(cancellation.Calling); err != nil {
		return nil, nil, err
	}
	r.Batch = r.Batch.WithOwners(owners)
	parts = r.Parts()
	for i := range parts {
		parts[i].ID = cancellation.NewID()
	}
	r.Batch, next = r.Batch.WithPartIDs(parts).StartNext(atOnce)
	r.Batch = drawn(r.Batch, now)
	m.Board.Announce(&r.Request, now)
	return parts, next, nil
}

// owners returns the owners of the meetings. It looks up those who could not be found when
// the second page was drawn, so that each part shows up in its owner's Home.
func (m *partsRun) owners(ctx context.Context) []cancellation.Owner {
	ctx, cancel := context.WithTimeout(ctx, step.AnswerTime)
	defer cancel()
	owners := slices.Clone(m.R.Batch.Owners)
	for i, o := range owners {
		if o.User == "" && o.Result == "" {
			owners[i] = findOwner(ctx, m.Deps, m.R.Batch, o)
		}
	}
	return owners
}

// insert stores the parts and their audit rows.
func (m *partsRun) insert(ctx context.Context, tx *store.Tx, parts []cancellation.Request) error {
	rows := []store.AuditRow{store.RequestRow(m.R.Request, store.EventCalling, m.R.ConfirmedBy, map[string]string{
		"scope": press.ScopeSeveral, "parts": strconv.Itoa(len(parts)),
	})}
	for _, p := range parts {
		if _, err := tx.Requests.Insert(ctx, p); err != nil {
			return err
		}
		asked := step.Requested(p)
		asked.Detail["part_of"] = string(m.R.ID)
		rows = append(rows, asked, store.RequestRow(p, store.EventConfirmed, p.ConfirmedBy, map[string]string{
			"scope": string(p.Scope), "asker": p.Asker, "tell_invited": step.Yes(p.Telling.Wanted),
		}))
	}
	return tx.Audit(ctx, rows...)
}

// feed enqueues the next parts.
func (m *partsRun) feed(ctx context.Context, tx *store.Tx, parts []cancellation.Request, next []cancellation.ID) error {
	for _, p := range parts {
		if !slices.Contains(next, p.ID) {
			continue
		}
		if err := m.Queue.Enqueue(ctx, tx, jobs.Job{Step: step.AfterConfirming(p), Subject: string(p.ID)}); err != nil {
			return err
		}
	}
	return nil
}

// drawn returns b with its progress marked as drawn now.
func drawn(b *cancellation.Batch, now time.Time) *cancellation.Batch {
	c := *b
	c.Undrawn, c.DrawnAt = false, now
	return &c
}

// errNothingNew ends a transaction that would change nothing.
var errNothingNew = errors.New("nothing new")

// advance takes over the states of the parts, has the next ones begin, shows the progress,
// and ends the request once all have ended. more reports whether some haven't.
func (m *partsRun) advance(ctx context.Context) (more bool, err error) {
	if m.R.State != cancellation.Calling && !m.R.IsUnknown() {
		return false, nil
	}
	stored, err := m.Store.Requests.Parts(ctx, m.R.ID)
	if err != nil {
		return false, err
	}
	parts := store.Plain(stored)
	if b, news := m.R.Batch.WithParts(parts); b.Tally().Final == b.Tally().All {
		if !news && m.R.State == cancellation.Done {
			return false, nil
		}
		return false, m.finish(ctx, parts)
	}
	n, until := room(m.Deps, cancellation.Rest(&m.R.Request))
	err = m.Record(ctx, func(tx *store.Tx) error {
		var next []cancellation.ID
		var draw bool
		err := step.Change(ctx, tx, &m.R, func(r *store.Request) (err error) {
			next, draw, err = m.update(r, parts, n, announcedPause(until, tx.Now()), tx.Now())
			return err
		})
		if err != nil {
			return err
		}
		if err := m.feed(ctx, tx, parts, next); err != nil || !draw {
			return err
		}
		if waitsLong(m.R.Batch) {
			return m.Queue.Enqueue(ctx, tx, step.Draw(&m.R))
		}
		tx.AfterCommit(func() { m.Board.Show(m.R.Request) })
		return nil
	})
	if errors.Is(err, errNothingNew) {
		err = nil
	}
	return true, err
}

// update changes r to the states of its parts. It returns the parts that begin, at most
// atOnce in progress, and whether to draw the card.
func (m *partsRun) update(r *store.Request, parts []cancellation.Request, atOnce int, paused, now time.Time) (next []cancellation.ID, draw bool, err error) {
	if r.State != cancellation.Calling {
		return nil, false, errNothingNew
	}
	b, news := r.Batch.WithParts(parts)
	b, next = b.StartNext(atOnce)
	b, pauses := b.PausedUntil(paused)
	draw = b.Undrawn && !now.Before(report.DrawableFrom(b)) && r.Card.Way != cancellation.ByResponse
	if !news && !pauses && !draw && len(next) == 0 {
		return nil, false, errNothingNew
	}
	if draw {
		b = drawn(b, now)
		m.Board.Announce(&r.Request, now)
	}
	r.Batch = b
	return next, draw, nil
}

// waitsLong reports whether the card may go undrawn for long, because the service makes a
// part wait or lets none of the rest begin.
func waitsLong(b *cancellation.Batch) bool {
	return !b.Paused.IsZero() || slices.ContainsFunc(b.Items, func(it cancellation.Item) bool { return !it.State.Final() && !it.Wait.IsZero() })
}

// announcedPause returns until, or zero if that comes before the card could be drawn again.
func announcedPause(until, now time.Time) time.Time {
	if until.Sub(now) <= report.ProgressGap {
		return time.Time{}
	}
	return until
}
