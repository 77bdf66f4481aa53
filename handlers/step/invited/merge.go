package invited

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// tellBefore is how long before the first meeting people are told at the latest, even if the
// outcome of another one is still unknown.
const tellBefore = time.Hour

// Merge is the step that follows when all of several meetings have ended: it merges the
// people invited to the cancelled ones, so that each is told once, as for a single meeting.
// It waits for outcomes that are still unknown; if the cancelled meetings start soon, the
// people of the others are told later, in a second wave.
func Merge(ctx context.Context, t *step.Task) error {
	r := t.R
	switch e := r.Effects[cancellation.InvitedEffect]; {
	case r.Batch == nil, e.Begun() && !r.Telling.More:
		return nil // done by an earlier run
	case e.Begun() && !e.Ended():
		return &jobs.Later{After: backoff(t.Attempt)} // the previous wave is still being told
	}
	parts, err := t.Store.Requests.Parts(ctx, r.ID)
	if err != nil {
		return err
	}
	w := &wave{Task: t, parts: parts, now: t.Store.Now(), telling: r.Telling}
	w.divide()
	if len(w.open) > 0 && !w.startsSoon() {
		return &jobs.Later{After: backoff(t.Attempt)}
	}
	if err := w.merge(ctx); err != nil {
		return err
	}
	return w.save(ctx)
}

// A wave is one run of Merge: the meetings of a card whose people are told together, the
// meetings that may make up another wave, and the people.
type wave struct {
	*step.Task
	parts []store.Request
	now   time.Time

	removed []cancellation.Request // since the previous wave
	open    []cancellation.ID      // parts with an unknown outcome
	people  []store.Invitee
	telling cancellation.Telling // to store
}

// divide sorts the meetings by their outcomes on the card, which is what people are told.
func (w *wave) divide() {
	wait := w.now.Sub(w.R.ConfirmedAt) < 2*step.SettleFor
	for _, p := range w.parts {
		it, known := w.R.Batch.Part(p.ID)
		switch {
		case !known, it.InWave, !p.Telling.Wanted, p.Over(w.now):
		case it.Outcome.Removed():
			w.removed = append(w.removed, p.Request)
		case it.Outcome == cancellation.Unknown && wait:
			w.open = append(w.open, p.ID)
		}
	}
}

// startsSoon reports whether one of the removed meetings starts too soon to wait for the
// others.
func (w *wave) startsSoon() bool {
	return slices.ContainsFunc(w.removed, func(p cancellation.Request) bool {
		starts, _ := p.Starts()
		return slices.ContainsFunc(starts, func(at time.Time) bool { return at.Before(w.now.Add(tellBefore)) })
	})
}

// merge lists the people invited to the removed meetings, each address once with all its
// meetings. People without an address count once per meeting; those from an earlier wave are
// already counted.
func (w *wave) merge(ctx context.Context) error {
	at, counted := map[string]int{}, map[string]bool{}
	for _, p := range w.removed {
		listed, err := w.Store.Invited.List(ctx, p.ID)
		if err != nil {
			return err
		}
		w.telling.People += max(p.Telling.People-len(listed), 0)
		for _, to := range listed {
			i, known := at[to.Email]
			if !known {
				i = len(w.people)
				at[to.Email] = i
				w.people = append(w.people, store.Invitee{Email: to.Email})
			}
			w.people[i].Parts = append(w.people[i].Parts, p.ID)
			counted[to.Email] = counted[to.Email] || len(to.Parts) > 0
		}
	}
	for _, to := range w.people {
		if !counted[to.Email] {
			w.telling.People++
		}
	}
	w.telling.Result = ""
	if w.unread() {
		w.telling.Result = cancellation.TellUnread
	}
	w.telling.Waves, w.telling.More = w.telling.Waves+1, len(w.open) > 0
	return nil
}

// unread reports whether none of the lists of invited people so far could be read.
func (w *wave) unread() bool {
	failed := w.R.Telling.Result == cancellation.TellUnread
	read := w.R.Telling.Waves > 0 && !failed
	for _, p := range w.removed {
		if p.Telling.Result == cancellation.TellUnread {
			failed = true
		} else {
			read = true
		}
	}
	return failed && !read
}

// save stores the wave, enqueues the step that tells its people, and deletes the lists that
// it was made from, except those that may make up another wave.
func (w *wave) save(ctx context.Context) error {
	tells := w.telling.People > 0 || w.telling.Result != ""
	var next []jobs.Job
	if tells {
		next = append(next, jobs.Job{Step: step.TellInvitedStep, Subject: w.Subject, Due: w.now})
	}
	if w.telling.More {
		next = append(next, jobs.Job{Step: step.MergeInvitedStep, Subject: w.Subject, Due: w.now.Add(tellPause)})
	}
	return w.Done(ctx, next, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &w.R, func(r *store.Request) error {
			r.Telling, r.Batch = w.telling, r.Batch.WithWave(ids(w.removed))
			if tells {
				r.Begin(cancellation.InvitedEffect, tx.Now())
			}
			return nil
		})
		err = errors.Join(err, tx.Invited.Add(ctx, list(w.R, w.telling.Waves), w.people))
		for _, p := range w.parts {
			if slices.Contains(w.open, p.ID) {
				err = errors.Join(err, tx.Invited.Mark(ctx, p.ID, w.R.ID, w.people))
			} else {
				err = errors.Join(err, tx.Invited.Forget(ctx, p.ID))
			}
		}
		return err
	})
}

func ids(all []cancellation.Request) []cancellation.ID {
	of := make([]cancellation.ID, len(all))
	for i, r := range all {
		of[i] = r.ID
	}
	return of
}

// list returns the id of the list of a request's nth wave. Further waves have lists of
// their own, because a person may be in several.
func list(r store.Request, n int) cancellation.ID {
	if n < 2 {
		return r.ID
	}
	return r.ID + cancellation.ID("/"+strconv.Itoa(n))
}

// lists returns the ids of the lists of all waves so far.
func lists(r store.Request) (all []cancellation.ID) {
	for n := range max(r.Telling.Waves, 1) {
		all = append(all, list(r, n+1))
	}
	return all
}
