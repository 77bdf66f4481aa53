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

// Merge is the step that follows once all of several meetings are finished: it merges the
// people who were invited to the cancelled ones, so that each is told once, as for a
// single meeting. It waits for outcomes that aren't known yet; if the cancelled
// meetings start soon, those are told later, as a second batch.
type Merge struct{ *step.Deps }

// soonest is how long before the first of the meetings people are told, although it is
// not known of another one whether it was removed.
const soonest = time.Hour

// Run is the function to pass to [step.OfRequest].
func (s Merge) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
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
	l := &lot{Merge: s, run: run, r: r, parts: parts, now: s.Store.Now(), telling: r.Telling}
	l.divide()
	if len(l.open) > 0 && !l.near() {
		return &jobs.Later{After: backoff(run.Attempt)}
	}
	if err := l.merge(ctx); err != nil {
		return err
	}
	return l.keep(ctx)
}

// A lot is one run of Merge: the meetings of a card whose people are told together, those
// that may make another lot, and the people.
type lot struct {
	Merge
	run   *jobs.Run
	r     store.Request
	parts []store.Request
	now   time.Time

	removed []cancellation.Request // since the lot before
	open    []cancellation.ID      // of which it is not known whether they were removed
	people  []store.Invitee
	telling cancellation.Telling // once they are told
}

// divide finds the meetings by what the card says, for that is what people are told.
func (l *lot) divide() {
	wait := l.now.Sub(l.r.ConfirmedAt) < 2*step.LookFor
	for _, p := range l.parts {
		it, known := l.r.Batch.Part(p.ID)
		switch {
		case !known, it.InLot, !p.Telling.Wanted, p.Over(l.now):
		case it.Outcome.Removed():
			l.removed = append(l.removed, p.Request)
		case it.Outcome == cancellation.Unknown && wait:
			l.open = append(l.open, p.ID)
		}
	}
}

// near reports whether one of the meetings starts so soon that nothing is waited for.
func (l *lot) near() bool {
	return slices.ContainsFunc(l.removed, func(p cancellation.Request) bool {
		starts, _ := p.Starts()
		return slices.ContainsFunc(starts, func(at time.Time) bool { return at.Before(l.now.Add(soonest)) })
	})
}

// merge brings together the people who were invited to what was removed and was still to
// come, each address once with all of its meetings. Who has no address counts for each;
// who has been in an earlier lot is counted already.
func (l *lot) merge(ctx context.Context) error {
	at, counted := map[string]int{}, map[string]bool{}
	for _, p := range l.removed {
		listed, err := l.Store.Invited.List(ctx, p.ID)
		if err != nil {
			return err
		}
		l.telling.People += max(p.Telling.People-len(listed), 0)
		for _, to := range listed {
			i, known := at[to.Email]
			if !known {
				i = len(l.people)
				at[to.Email] = i
				l.people = append(l.people, store.Invitee{Email: to.Email})
			}
			l.people[i].Parts = append(l.people[i].Parts, p.ID)
			counted[to.Email] = counted[to.Email] || len(to.Parts) > 0
		}
	}
	for _, to := range l.people {
		if !counted[to.Email] {
			l.telling.People++
		}
	}
	l.telling.Result = ""
	if l.unread() {
		l.telling.Result = cancellation.TellUnread
	}
	l.telling.Lots, l.telling.More = l.telling.Lots+1, len(l.open) > 0
	return nil
}

// unread reports whether the lists of invited people that were wanted so far could all not
// be read.
func (l *lot) unread() bool {
	failed := l.r.Telling.Result == cancellation.TellUnread
	read := l.r.Telling.Lots > 0 && !failed
	for _, p := range l.removed {
		if p.Telling.Result == cancellation.TellUnread {
			failed = true
		} else {
			read = true
		}
	}
	return failed && !read
}

// keep records the lot together with the step that tells its people, and forgets the lists
// that it was made of. Those of meetings that may make another lot stay.
func (l *lot) keep(ctx context.Context) error {
	tells := l.telling.People > 0 || l.telling.Result != ""
	var next []jobs.Job
	if tells {
		next = append(next, jobs.Job{Step: step.TellInvitedStep, Subject: l.run.Subject, Due: l.now})
	}
	if l.telling.More {
		next = append(next, jobs.Job{Step: step.ManyToldStep, Subject: l.run.Subject, Due: l.now.Add(tellPause)})
	}
	return l.run.Done(ctx, next, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &l.r, func(r *store.Request) error {
			r.Telling, r.Batch = l.telling, r.Batch.WithLot(ids(l.removed))
			if tells {
				r.Begin(cancellation.InvitedEffect, tx.Now())
			}
			return nil
		})
		err = errors.Join(err, tx.Invited.Add(ctx, list(l.r, l.telling.Lots), l.people))
		for _, p := range l.parts {
			if slices.Contains(l.open, p.ID) {
				err = errors.Join(err, tx.Invited.Mark(ctx, p.ID, l.r.ID, l.people))
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
