package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

// TestRequestRoundTrip: a request is read exactly as it was stored.
func TestRequestRoundTrip(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		at := time.Date(2026, 11, 23, 18, 0, 0, 123e6, time.UTC)
		r := asking("r1", "C1", "914087436")
		r.Reason, r.Scope, r.Chosen, r.CreatedAt, r.ExpiresAt = "so", cancellation.Occurrence, []string{"a", "b"}, at, at.Add(time.Hour)
		r.Meeting.Subject, r.Meeting.Occurrences = "a\x00b ü", []cancellation.OccurrenceRef{{ID: "a", Start: at}}
		r.Begin(cancellation.CardEffect, at)
		if _, err := insert(t, s, r); err != nil {
			t.Fatal(err)
		}
		got, err := s.Requests.Get(t.Context(), "r1")
		if diff := cmp.Diff(r, got.Request); err != nil || diff != "" {
			t.Errorf("Requests.Get() error %v (-want +got)\n%s", err, diff)
		}
		err = s.Do(t.Context(), func(tx *store.Tx) error {
			got, err := tx.Requests.Get(t.Context(), "r1")
			if diff := cmp.Diff(r, got.Request); diff != "" {
				t.Errorf("Requests.Get() (-want +got)\n%s", diff)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if _, err := s.Requests.Get(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Requests.Get(none) = %v, want ErrNotFound", err)
		}
		if _, err := insert(t, s, r); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("Requests.Insert() of the same id = %v, want ErrDuplicate", err)
		}
	})
}

// TestDue: it returns expired requests that nobody answered, longest overdue first.
func TestDue(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		for id, row := range map[cancellation.ID]struct {
			state cancellation.State
			left  time.Duration
		}{
			"asked":     {cancellation.Asked, -time.Minute},
			"received":  {cancellation.Received, -time.Hour},
			"in time":   {cancellation.Asked, time.Minute},
			"confirmed": {cancellation.Confirmed, -time.Minute},
			"declined":  {cancellation.Declined, -time.Minute},
		} {
			r := asking(id, "C1", string(id))
			r.State, r.ExpiresAt = row.state, s.Now().Add(row.left)
			if _, err := insert(t, s, r); err != nil {
				t.Fatal(err)
			}
		}
		for limit, want := range map[int][]cancellation.ID{9: {"received", "asked"}, 1: {"received"}} {
			got, err := s.Requests.Due(t.Context(), s.Now(), limit)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("Requests.Due(%d) error %v (-want +got)\n%s", limit, err, diff)
			}
		}
	})
}

// TestConcurrentUpdates: no other update comes between reading and saving.
func TestConcurrentUpdates(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		if _, err := insert(t, s, asking("r1", "C1", "914087436")); err != nil {
			t.Fatal(err)
		}
		const many = 30
		var succeeded, unknown atomic.Int64
		var wg sync.WaitGroup
		for range many {
			wg.Go(func() {
				_, err := update(t, s, "r1", func(_ *store.Tx, r *store.Request) error { r.Unanswered++; return nil })
				switch {
				case err == nil:
					succeeded.Add(1)
				case errors.Is(err, database.ErrUnsettled), errors.Is(err, context.DeadlineExceeded): // a busy machine
					unknown.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		r, err := s.Requests.Get(t.Context(), "r1")
		if n := int64(r.Unanswered); err != nil || n < succeeded.Load() || n > succeeded.Load()+unknown.Load() {
			t.Errorf("counted %d, %v, want %d, or up to %d more: an update was lost", n, err, succeeded.Load(), unknown.Load())
		}
	})
}

// TestFailingDo: a failed transaction changes nothing.
func TestFailingDo(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		if _, err := insert(t, s, asking("r1", "C1", "914087436")); err != nil {
			t.Fatal(err)
		}
		errNo := errors.New("no")
		followed := false
		_, err := update(t, s, "r1", func(tx *store.Tx, r *store.Request) error {
			r.State = cancellation.Confirmed
			tx.AfterCommit(func() { followed = true })
			return errors.Join(tx.Requests.Save(t.Context(), r), errNo)
		})
		if !errors.Is(err, errNo) || followed {
			t.Errorf("Do() = %v, AfterCommit called: %t", err, followed)
		}
		if r, err := s.Requests.Get(t.Context(), "r1"); err != nil || r.State != cancellation.Asked {
			t.Errorf("Requests.Get() = %s, %v, want it unchanged", r.State, err)
		}
		if _, err := update(t, s, "none", func(*store.Tx, *store.Request) error { return nil }); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Requests.Get() of a missing request = %v, want ErrNotFound", err)
		}
		if _, err := s.DB().ExecContext(t.Context(), `UPDATE request SET body = '{'`); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Requests.Get(t.Context(), "r1"); err == nil {
			t.Error("Requests.Get() with a body that isn't JSON = nil")
		}
	})
}

// TestRush: a hundred concurrent envelopes are all stored.
func TestRush(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		if err := s.Warm(t.Context(), func(*store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				if err := receive(t, s, store.Envelope{ID: fmt.Sprint("e", i), Kind: "command"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var n int
		if err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM envelope`).Scan(&n); err != nil || n != 100 {
			t.Errorf("%d envelopes, %v, want 100", n, err)
		}
	})
}
