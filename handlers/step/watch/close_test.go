package watch

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestCloseReason: what reading a meeting says × what another card did → what becomes of a
// card that asks about it. It says why it is closed: someone removed the meeting elsewhere,
// its time was over, or another card did it, and whose. While another card may have done it,
// this one waits.
func TestCloseReason(t *testing.T) {
	t.Parallel()
	class := func(c meetingapi.Class) error { return &meetingapi.Error{Class: c} }
	gone, ended := class(meetingapi.ClassNotFound), class(meetingapi.ClassEnded)
	const soon, late = time.Hour, -3 * time.Hour
	closed, open := closing{state: cancellation.Done}, closing{state: cancellation.Asked}
	over, byBob := closing{state: cancellation.Done, why: cancellation.WhyOver}, closing{state: cancellation.Done, by: "bob"}
	refused := func(r *cancellation.Request) {
		r.WaitUntil = time.Now().Add(time.Hour)
		r.EndEffect(cancellation.CallEffect, time.Now(), "", "not done")
	}
	for name, row := range map[string]struct {
		err   error
		start time.Duration               // from now until the meeting starts
		other func(*cancellation.Request) // what another card did; nil: there is none
		want  closing
	}{
		"gone":                       {gone, soon, nil, closed},
		"gone, and its time is over": {gone, late, nil, over},
		"ended":                      {ended, soon, nil, over},
		"read as ended":              {nil, soon, nil, over},
		"the service fails":          {class(meetingapi.ClassServer), soon, nil, open},
		"the service refuses":        {class(meetingapi.ClassAuth), soon, nil, open},

		"another card":                                             {gone, soon, did(cancellation.Cancelled, time.Minute, cancellation.Whole), byBob},
		"another card ended it":                                    {ended, -time.Hour, did(cancellation.Ended, time.Minute, cancellation.Whole), byBob},
		"another card, before this one was asked":                  {gone, soon, did(cancellation.Cancelled, time.Hour, cancellation.Whole), closed},
		"another card cancelled a date":                            {gone, soon, did(cancellation.Cancelled, time.Minute, cancellation.Occurrence), closed},
		"another card cancelled all dates":                         {gone, soon, did(cancellation.Cancelled, time.Minute, cancellation.Occurrence, "d0", "d1"), byBob},
		"another card found it gone":                               {gone, soon, did(cancellation.Gone, time.Minute, cancellation.Whole), closed},
		"another card's outcome is unknown":                        {gone, soon, did(cancellation.Unknown, 0, cancellation.Whole), open},
		"another card is calling the service":                      {gone, soon, func(*cancellation.Request) {}, open},
		"another card waits":                                       {gone, soon, refused, closed},
		"another card waits, and an earlier call may have done it": {gone, soon, func(r *cancellation.Request) { refused(r); r.Unanswered = 1 }, open},
		"another card can be undone": {gone, soon, func(r *cancellation.Request) {
			r.State, r.UndoUntil = cancellation.Confirmed, time.Now().Add(time.Hour)
		}, closed},
		"another card is busy with others": {gone, soon, func(r *cancellation.Request) { r.Batch, r.Effects = &cancellation.Batch{}, nil }, closed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(24 * time.Hour) // away from the start of the bubble's clock
				start := time.Now().Add(row.start)
				m := meetingapi.Meeting{ID: "914", Start: start, End: start.Add(2 * time.Hour), State: meetingapi.Scheduled}
				if row.err == nil {
					m.State = meetingapi.Ended
				}
				r := watchOnce(t, m, row.err, row.other)
				if got := (closing{r.State, r.Why, r.ClosedBy}); got != row.want {
					t.Errorf("the request is %+v, want %+v", got, row.want)
				}
				if closed := r.State == cancellation.Done; r.ClosedElsewhere != closed || closed && r.Outcome != cancellation.Gone {
					t.Errorf("elsewhere is %t, the outcome %q", r.ClosedElsewhere, r.Outcome)
				}
			})
		})
	}
}

// A closing is what becomes of a card.
type closing struct {
	state   cancellation.State
	why, by string
}

// did changes a request to one that has ended.
func did(o cancellation.Outcome, ago time.Duration, scope cancellation.Scope, dates ...string) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State, r.Outcome, r.ClosedAt = cancellation.Done, o, time.Now().Add(-ago)
		r.Scope, r.Chosen = scope, dates
		for _, id := range dates {
			r.Meeting.Occurrences, r.Meeting.DatesKnown = append(r.Meeting.Occurrences, cancellation.OccurrenceRef{ID: id}), true
		}
	}
}

// watchOnce watches a meeting that reads as m or err, and returns the request whose card asks
// about it. other changes another request about it, whose call Bob's click began.
func watchOnce(t *testing.T, m meetingapi.Meeting, err error, other func(*cancellation.Request)) store.Request {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, openErr := store.Open(t.Context(), sqlitetest.URL(t), store.Options{})
	must(openErr)
	defer func() { _ = db.Close() }()
	asked := cancellation.Request{
		ID: "asked", State: cancellation.Asked, Channel: "C1", Meeting: step.Facts(m, time.Now()),
		CreatedAt: time.Now().Add(-10 * time.Minute), ExpiresAt: time.Now().Add(time.Hour),
	}
	all := []cancellation.Request{asked}
	if other != nil {
		r := cancellation.Request{ID: "other", State: cancellation.Calling, ConfirmedBy: "bob", Channel: "C2", Meeting: asked.Meeting}
		r.Begin(cancellation.CallEffect, time.Now())
		other(&r)
		all = append(all, r)
	}
	q := jobs.New(db, jobs.Options{})
	deps := &step.Deps{Store: db, Queue: q, Meetings: &stubService{meeting: m, err: err}, Log: slog.New(slog.DiscardHandler)}
	q.Handle(step.WatchStep, "meeting", Watch{Deps: deps}.Run)
	q.Handle(step.ReportStep, "request", func(context.Context, *jobs.Run) error { return nil })
	must(q.Start(t.Context()))
	must(db.Do(t.Context(), func(tx *store.Tx) (err error) {
		for _, r := range all {
			r.EndEffect(cancellation.CardEffect, time.Now(), "", "")
			_, inserted := tx.Requests.Insert(t.Context(), r)
			err = errors.Join(err, inserted)
			if r.ID != asked.ID {
				err = errors.Join(err, tx.Watches.OnCard(t.Context(), r.ID, []string{r.Meeting.ID}))
			}
		}
		return errors.Join(err,
			tx.Envelopes.Receive(t.Context(), store.Envelope{ID: "recent use"}),
			q.Enqueue(t.Context(), tx, jobs.Job{Step: step.WatchStep, Subject: asked.Meeting.ID}))
	}))
	time.Sleep(10 * time.Second)
	must(q.Stop(context.WithoutCancel(t.Context())))
	r, err := db.Requests.Get(t.Context(), asked.ID)
	must(err)
	return r
}
