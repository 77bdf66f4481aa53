package watch

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
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

// A stubService is a meeting service with one meeting. It counts readings.
type stubService struct {
	step.Meetings
	meeting meetingapi.Meeting
	err     error

	mu     sync.Mutex
	reads  int
	budget meetingapi.Budget
}

func (s *stubService) Meeting(context.Context, meetingapi.ID) (meetingapi.Meeting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return s.meeting, s.err
}

func (s *stubService) Budget(meetingapi.Operation) (meetingapi.Budget, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.budget, s.budget.Limit > 0
}

// readsSince returns how often the meeting was read since the last call of readsSince.
func (s *stubService) readsSince() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, s.reads = s.reads, 0
	return n
}

// TestReadsAnHour counts what open cards cost: one reading a minute for three cards in three
// channels and two replicas; none while the service's budget is low; and no job at all
// without cards.
func TestReadsAnHour(t *testing.T) {
	t.Parallel()
	url := sqlitetest.URL(t)
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(t.Context(), url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		service := &stubService{meeting: meetingapi.Meeting{ID: "914", Subject: "Budget", Start: time.Now().Add(24 * time.Hour), State: meetingapi.Scheduled}}
		deps := &step.Deps{Store: db, Meetings: service, Log: slog.New(slog.DiscardHandler)}
		var queues []*jobs.Queue
		for range 2 {
			q, replica := jobs.New(db, jobs.Options{}), *deps
			replica.Queue, deps.Queue = q, q
			q.Handle(step.WatchStep, "meeting", Watch{Deps: &replica}.Run)
			if err := q.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			queues = append(queues, q)
		}
		defer func() {
			for _, q := range queues {
				_ = q.Stop(context.WithoutCancel(t.Context()))
			}
		}()
		write := func(f func(*store.Tx) error) {
			t.Helper()
			if err := db.Do(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		var ids []cancellation.ID
		for i := range 3 {
			r := cancellation.Request{
				ID: cancellation.NewID(), State: cancellation.Asked, Channel: fmt.Sprint("C", i), Meeting: step.Facts(service.meeting, time.Now()),
				CreatedAt: time.Now(), ExpiresAt: time.Now().Add(5 * time.Hour),
			}
			r.EndEffect(cancellation.CardEffect, time.Now(), "", "")
			ids = append(ids, r.ID)
			write(func(tx *store.Tx) error {
				if _, err := tx.Requests.Insert(t.Context(), r); err != nil {
					return err
				}
				return Start(t.Context(), deps, tx, r)
			})
		}
		hour := func() int {
			service.readsSince()
			time.Sleep(time.Hour)
			return service.readsSince()
		}
		if n := hour(); n < 54 || n > 67 {
			t.Errorf("%d readings an hour, want one a minute", n)
		}
		service.mu.Lock()
		service.budget = meetingapi.Budget{Left: 19, Limit: 100}
		service.mu.Unlock()
		if n := hour(); n != 0 {
			t.Errorf("%d readings with a fifth of the budget left, want none", n)
		}
		service.mu.Lock()
		service.budget = meetingapi.Budget{Left: 21, Limit: 100}
		service.mu.Unlock()
		if n := hour(); n < 54 || n > 67 {
			t.Errorf("%d readings an hour with more left, want one a minute", n)
		}
		for _, id := range ids {
			err := db.Do(t.Context(), func(tx *store.Tx) error {
				r, err := tx.Requests.Get(t.Context(), id)
				if err != nil {
					return err
				}
				r.State = cancellation.Declined
				return tx.Requests.Save(t.Context(), &r)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := hour(); n != 0 {
			t.Errorf("%d readings without a card, want none", n)
		}
		if n, _, err := queues[0].Backlog(t.Context()); n != 0 || err != nil {
			t.Errorf("%d jobs are left (%v), want none", n, err)
		}
	})
}
