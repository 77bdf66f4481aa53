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

// Sum is the step that follows once all of several meetings are finished: it merges the
// people who were invited to the cancelled ones, so that each is told once, as for a
// single meeting. It waits for outcomes that aren't known yet; if the cancelled
// meetings start soon, those are told later, as a second batch.
type Sum struct{ *step.Deps }

// soonest is how long before the first of the meetings people are told, although it is
// not known of another one whether it was removed.
const soonest = time.Hour

// Run is the function to pass to [step.OfRequest].
func (s Sum) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	switch e := r.Effects[cancellation.InvitedEffect]; {
	case r.Batch == nil, e.Begun() && !r.Telling.More:
		return nil // an earlier run has
	case e.Begun() && !e.Ended():
		return &jobs.Later{After: backoff(run.Attempt)} // those of the lot before are being told
	}
	parts, err := s.Store.Requests.Parts(ctx, r.ID)
	if err != nil {
		return err
	}
	now := s.Store.Now()
	l := lotOf(r, parts, now)
	if len(l.open) > 0 && !l.near(now) {
		return &jobs.Later{After: backoff(run.Attempt)}
	}
	people, telling, err := s.together(ctx, r, l)
	if err != nil {
		return err
	}
	return s.keep(ctx, run, r, parts, l, people, telling)
}

// A lot are the meetings of a card whose people are told together, and those that may
// make another one.
type lot struct {
	removed []cancellation.Request // since the lot before
	open    []cancellation.ID      // of which it is not known whether they were removed
}

// lotOf finds them by what the card says, for that is what people are told.
func lotOf(r store.Request, parts []store.Request, now time.Time) (l lot) {
	wait := now.Sub(r.ConfirmedAt) < 2*step.LookFor
	for _, p := range parts {
		it, known := r.Batch.Part(p.ID)
		switch {
		case !known, it.InLot, !p.Telling.Wanted, p.Over(now):
		case it.Outcome.Removed():
			l.removed = append(l.removed, p.Request)
		case it.Outcome == cancellation.Unknown && wait:
			l.open = append(l.open, p.ID)
		}
	}
	return l
}

// near reports whether one of the meetings starts so soon that nothing is waited for.
func (l lot) near(now time.Time) bool {
	return slices.ContainsFunc(l.removed, func(p cancellation.Request) bool { return p.Meeting.Start.Before(now.Add(soonest)) })
}

// together are the people who were invited to what was removed and was still to come,
// each address once with all of its meetings. Who has no address counts for each; who
// has been in an earlier lot is counted already.
func (s Sum) together(ctx context.Context, r store.Request, l lot) (people []store.Invitee, t cancellation.Telling, err error) {
	read, unread := 0, 0
	at, counted := map[string]int{}, map[string]bool{}
	t = r.Telling
	for _, p := range l.removed {
		listed, err := s.Store.Invited.List(ctx, p.ID)
		if err != nil {
			return nil, t, err
		}
		if p.Telling.Result == cancellation.TellUnread {
			unread++
		} else {
			read++
		}
		t.People += max(p.Telling.People-len(listed), 0)
		for _, to := range listed {
			i, known := at[to.Email]
			if !known {
				i = len(people)
				at[to.Email] = i
				people = append(people, store.Invitee{Email: to.Email})
			}
			people[i].Parts = append(people[i].Parts, p.ID)
			counted[to.Email] = counted[to.Email] || len(to.Parts) > 0
		}
	}
	for _, to := range people {
		if !counted[to.Email] {
			t.People++
		}
	}
	earlier := t.Lots > 0 && t.Result != cancellation.TellUnread // the list of one was read
	if t.Result = ""; read == 0 && !earlier && (unread > 0 || r.Telling.Result == cancellation.TellUnread) {
		t.Result = cancellation.TellUnread
	}
	t.Lots, t.More = t.Lots+1, len(l.open) > 0
	return people, t, nil
}

// keep records the lot together with the step that tells its people, and forgets the lists
// that it was made of. Those of meetings that may make another lot stay.
func (s Sum) keep(ctx context.Context, run *jobs.Run, r store.Request, parts []store.Request, l lot, people []store.Invitee, t cancellation.Telling) error {
	now := s.Store.Now()
	var next []jobs.Job
	if t.People > 0 || t.Result != "" {
		next = append(next, jobs.Job{Step: step.TellInvitedStep, Subject: run.Subject, Due: now})
	}
	if t.More {
		next = append(next, jobs.Job{Step: step.ManyToldStep, Subject: run.Subject, Due: now.Add(tellPause)})
	}
	return run.Done(ctx, next, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &r, func(r *store.Request) error {
			r.Telling, r.Batch = t, r.Batch.WithLot(ids(l.removed))
			if t.People > 0 || t.Result != "" {
				r.Begin(cancellation.InvitedEffect, tx.Now())
			}
			return nil
		})
		err = errors.Join(err, tx.Invited.Add(ctx, list(r, t.Lots), people))
		for _, p := range parts {
			if slices.Contains(l.open, p.ID) {
				err = errors.Join(err, tx.Invited.Mark(ctx, p.ID, r.ID, people))
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

// list is the list of the nth lot of a request: its own, and one with a name that follows
// from its for each further lot, because somebody may be in several.
func list(r store.Request, n int) cancellation.ID {
	if n < 2 {
		return r.ID
	}
	return r.ID + cancellation.ID("/"+strconv.Itoa(n))
}

// lists are the lists of all lots of a request so far.
func lists(r store.Request) (all []cancellation.ID) {
	for n := range max(r.Telling.Lots, 1) {
		all = append(all, list(r, n+1))
	}
	return all
}
