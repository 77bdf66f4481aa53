package invited

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

// Sum is the step that follows once all of several meetings are over: it brings those
// who were invited to the ones that were removed together, each person once, and has
// them told as those of one meeting are. What is not known yet is waited for.
type Sum struct{ *step.Deps }

// soonest is how long before the first of the meetings people are told, although it is
// not known of another one whether it was removed.
const soonest = time.Hour

// Run is what [step.OfRequest] makes a step of.
func (s Sum) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	if r.Batch == nil || r.Effects[cancellation.InvitedEffect].Begun() {
		return nil // an earlier run has
	}
	parts, err := s.Store.Requests.Parts(ctx, r.ID)
	if err != nil {
		return err
	}
	now := s.Store.Now()
	if unknown := r.State == cancellation.Done && r.Outcome == cancellation.Unknown; unknown {
		near := slices.ContainsFunc(parts, func(p store.Request) bool { return p.Outcome.Removed() && p.Meeting.Start.Before(now.Add(soonest)) })
		if !near && now.Sub(r.ConfirmedAt) < 2*step.LookFor {
			return &jobs.Later{After: backoff(run.Attempt)}
		}
	}
	people, telling, err := s.together(ctx, parts)
	if err != nil {
		return err
	}
	var next []jobs.Job
	if telling.People > 0 || telling.Result != "" {
		next = append(next, jobs.Job{Step: step.TellInvitedStep, Subject: run.Subject, Due: now})
	}
	return run.Done(ctx, next, func(tx *store.Tx) error {
		err := tx.Invited.Add(ctx, r.ID, people)
		for _, p := range parts {
			err = errors.Join(err, tx.Invited.Forget(ctx, p.ID))
		}
		return errors.Join(err, step.Change(ctx, tx, &r, func(r *store.Request) error {
			r.Telling = telling
			if len(next) > 0 {
				r.Begin(cancellation.InvitedEffect, tx.Now())
			}
			return nil
		}))
	})
}

// together are the people who were invited to what was removed and was still to come,
// each address once with all of its meetings. Who has no address counts for each.
func (s Sum) together(ctx context.Context, parts []store.Request) (people []store.Invitee, t cancellation.Telling, err error) {
	t.Wanted = true
	read, unread := 0, 0
	at := map[string]int{}
	for _, p := range parts {
		if !p.Telling.Wanted || !p.Outcome.Removed() || p.Over(s.Store.Now()) {
			continue
		}
		emails, err := s.Store.Invited.Emails(ctx, p.ID)
		if err != nil {
			return nil, t, err
		}
		if p.Telling.Result == cancellation.TellUnread {
			unread++
		} else {
			read++
		}
		t.People += max(p.Telling.People-len(emails), 0)
		for _, email := range emails {
			i, known := at[email]
			if !known {
				i = len(people)
				at[email] = i
				people = append(people, store.Invitee{Email: email})
			}
			people[i].Parts = append(people[i].Parts, p.ID)
		}
	}
	if t.People += len(people); unread > 0 && read == 0 {
		t.Result = cancellation.TellUnread
	}
	return people, t, nil
}
