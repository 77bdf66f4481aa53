package watch

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestCloseReason: a card whose meeting is gone says why: someone removed it elsewhere, its
// time was over, or another card did it, and whose. While another card may have done it,
// this one waits.
func TestCloseReason(t *testing.T) {
	t.Parallel()
	of := func(o cancellation.Outcome, ago time.Duration, scope cancellation.Scope) *cancellation.Request {
		return &cancellation.Request{State: cancellation.Done, Outcome: o, Scope: scope, ConfirmedBy: "bob", ClosedAt: time.Now().Add(-ago)}
	}
	class := func(c meetingapi.Class) error { return &meetingapi.Error{Class: c} }
	gone := class(meetingapi.ClassNotFound)
	for _, tt := range []struct {
		name  string
		err   error
		ended bool                         // as reading the meeting says
		in    time.Duration                // until the meeting starts
		other func() *cancellation.Request // about the same meeting
		state cancellation.State
		why   string
		by    string
	}{
		{name: "gone", err: gone, in: time.Hour, state: cancellation.Done},
		{name: "gone, and its time is over", err: gone, in: -3 * time.Hour, state: cancellation.Done, why: cancellation.WhyOver},
		{name: "ended", err: class(meetingapi.ClassEnded), in: time.Hour, state: cancellation.Done, why: cancellation.WhyOver},
		{name: "read as ended", ended: true, in: time.Hour, state: cancellation.Done, why: cancellation.WhyOver},
		{name: "the service fails", err: class(meetingapi.ClassServer), in: time.Hour, state: cancellation.Asked},
		{name: "the service refuses", err: class(meetingapi.ClassAuth), in: time.Hour, state: cancellation.Asked},
		{
			name: "another card", err: gone, in: time.Hour, state: cancellation.Done, by: "bob",
			other: func() *cancellation.Request { return of(cancellation.Cancelled, time.Minute, cancellation.Whole) },
		},
		{
			name: "another card ended it", err: class(meetingapi.ClassEnded), in: -time.Hour, state: cancellation.Done, by: "bob",
			other: func() *cancellation.Request { return of(cancellation.Ended, time.Minute, cancellation.Whole) },
		},
		{
			name: "another card, before this one was asked", err: gone, in: time.Hour, state: cancellation.Done,
			other: func() *cancellation.Request { return of(cancellation.Cancelled, time.Hour, cancellation.Whole) },
		},
		{
			name: "another card cancelled a date", err: gone, in: time.Hour, state: cancellation.Done,
			other: func() *cancellation.Request { return of(cancellation.Cancelled, time.Minute, cancellation.Occurrence) },
		},
		{
			name: "another card cancelled all dates", err: gone, in: time.Hour, state: cancellation.Done, by: "bob",
			other: func() *cancellation.Request {
				r := of(cancellation.Cancelled, time.Minute, cancellation.Occurrence)
				r.Chosen = []string{"d0", "d1"}
				return r
			},
		},
		{
			name: "another card found it gone", err: gone, in: time.Hour, state: cancellation.Done,
			other: func() *cancellation.Request { return of(cancellation.Gone, time.Minute, cancellation.Whole) },
		},
		{
			name: "another card is calling the service", err: gone, in: time.Hour, state: cancellation.Asked,
			other: func() *cancellation.Request {
				return &cancellation.Request{State: cancellation.Calling, ConfirmedBy: "bob"}
			},
		},
		{
			name: "another card waits", err: gone, in: time.Hour, state: cancellation.Done,
			other: func() *cancellation.Request {
				return &cancellation.Request{State: cancellation.Calling, ConfirmedBy: "bob", WaitUntil: time.Now().Add(time.Hour)}
			},
		},
		{
			name: "another card waits, and an earlier call may have done it", err: gone, in: time.Hour, state: cancellation.Asked,
			other: func() *cancellation.Request {
				return &cancellation.Request{State: cancellation.Calling, ConfirmedBy: "bob", WaitUntil: time.Now().Add(time.Hour), Unanswered: 1}
			},
		},
		{
			name: "another card can be undone", err: gone, in: time.Hour, state: cancellation.Done,
			other: func() *cancellation.Request {
				return &cancellation.Request{State: cancellation.Confirmed, ConfirmedBy: "bob", UndoUntil: time.Now().Add(time.Hour)}
			},
		},
		{
			name: "another card is busy with others", err: gone, in: time.Hour, state: cancellation.Done,
			other: func() *cancellation.Request {
				return &cancellation.Request{State: cancellation.Calling, ConfirmedBy: "bob", Batch: &cancellation.Batch{}}
			},
		},
		{
			name: "another card's outcome is unknown", err: gone, in: time.Hour, state: cancellation.Asked,
			other: func() *cancellation.Request { return of(cancellation.Unknown, 0, cancellation.Whole) },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				db, err := store.Open(t.Context(), "sqlite:"+t.TempDir()+"/m.db", store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = db.Close() }()
				time.Sleep(24 * time.Hour) // away from the start of the bubble's clock
				service := &stubService{err: tt.err}
				service.meeting = meetingapi.Meeting{ID: "914", Start: time.Now().Add(tt.in), End: time.Now().Add(tt.in + 2*time.Hour), State: meetingapi.Scheduled}
				if tt.ended {
					service.meeting.State = meetingapi.Ended
				}
				asked := cancellation.Request{
					ID: "asked", State: cancellation.Asked, Channel: "C1", Meeting: step.Facts(service.meeting, time.Now()),
					CreatedAt: time.Now().Add(-10 * time.Minute), ExpiresAt: time.Now().Add(time.Hour),
				}
				asked.EndEffect(cancellation.CardEffect, time.Now(), "", "")
				q := jobs.New(db, jobs.Options{})
				deps := &step.Deps{Store: db, Queue: q, Meetings: service, Log: slog.New(slog.DiscardHandler)}
				q.Handle(step.WatchStep, "meeting", Watch{Deps: deps}.Run)
				q.Handle(step.ReportStep, "request", func(context.Context, *jobs.Run) error { return nil })
				if err := q.Start(t.Context()); err != nil {
					t.Fatal(err)
				}
				err = db.Do(t.Context(), func(tx *store.Tx) error {
					if tt.other != nil {
						other := tt.other()
						other.ID, other.Channel, other.Meeting = "other", "C2", asked.Meeting
						for _, id := range other.Chosen {
							other.Meeting.Occurrences = append(other.Meeting.Occurrences, cancellation.OccurrenceRef{ID: id})
							other.Meeting.DatesKnown = true
						}
						other.EndEffect(cancellation.CardEffect, time.Now(), "", "")
						if _, err := tx.Requests.Insert(t.Context(), *other); err != nil {
							return err
						}
						if err := tx.Watches.OnCard(t.Context(), other.ID, []string{"914"}); err != nil {
							return err
						}
					}
					if _, err := tx.Requests.Insert(t.Context(), asked); err != nil {
						return err
					}
					if err := tx.Envelopes.Receive(t.Context(), store.Envelope{ID: "recent use"}); err != nil {
						return err
					}
					return q.Enqueue(t.Context(), tx, jobs.Job{Step: step.WatchStep, Subject: "914"})
				})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				if err := q.Stop(context.WithoutCancel(t.Context())); err != nil {
					t.Fatal(err)
				}
				r, err := db.Requests.Get(t.Context(), asked.ID)
				if err != nil || r.State != tt.state || r.Why != tt.why || r.ClosedBy != tt.by {
					t.Errorf("the request is %s, why %q, closed by %q (%v); want %s, %q, %q", r.State, r.Why, r.ClosedBy, err, tt.state, tt.why, tt.by)
				}
				if closed := tt.state == cancellation.Done; r.ClosedElsewhere != closed || closed && r.Outcome != cancellation.Gone {
					t.Errorf("elsewhere is %t, the outcome %q", r.ClosedElsewhere, r.Outcome)
				}
			})
		})
	}
}
