package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// receive stores an envelope.
func receive(t *testing.T, s *store.Store, e store.Envelope) error {
	t.Helper()
	return s.Do(t.Context(), func(tx *store.Tx) error { return tx.Envelopes.Receive(t.Context(), e) })
}

// TestSameEventInAnotherEnvelope: Slack may deliver an event again under a new
// envelope id.
func TestSameEventInAnotherEnvelope(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		for _, tt := range []struct {
			id, key string
			want    error
		}{
			{"e1", "Ev1", nil},
			{"e2", "Ev1", store.ErrDuplicate},
			{"e1", "Ev2", store.ErrDuplicate},
			{"e3", "", nil},
			{"e4", "", nil}, // events without an id are identified by their envelope alone
		} {
			if err := receive(t, s, store.Envelope{ID: tt.id, Key: tt.key, Kind: "command"}); !errors.Is(err, tt.want) {
				t.Errorf("Envelopes.Receive(%s, key %q) = %v, want %v", tt.id, tt.key, err, tt.want)
			}
		}
		e, err := s.Envelopes.Get(t.Context(), "e1")
		if err != nil || e.Key != "Ev1" || e.At.IsZero() {
			t.Errorf("Envelopes.Get() = %+v, %v, want its key and time", e, err)
		}
	})
}

// TestPending: a click counts if it was made before the given time, on one of the given buttons,
// and isn't handled yet.
func TestPending(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		made := s.Now()
		err := errors.Join(
			receive(t, s, store.Envelope{ID: "e1", Kind: "click", Request: "r1", Action: "undo", At: made}),
			receive(t, s, store.Envelope{ID: "e2", Kind: "command", At: made}),
		)
		if err != nil {
			t.Fatal(err)
		}
		pending := func(id cancellation.ID, before time.Time, actions ...string) (found bool) {
			t.Helper()
			err := s.Do(t.Context(), func(tx *store.Tx) (err error) {
				found, err = tx.Envelopes.Pending(t.Context(), id, before, actions...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		after := made.Add(time.Second)
		for _, tt := range []struct {
			id      cancellation.ID
			before  time.Time
			actions []string
			want    bool
		}{
			{"r1", after, nil, true},
			{"r1", after, []string{"keep", "undo"}, true},
			{"r1", after, []string{"keep"}, false},
			{"r1", made, nil, false}, // made no earlier
			{"r2", after, nil, false},
			{"", after, nil, false}, // commands are about no request
		} {
			if got := pending(tt.id, tt.before, tt.actions...); got != tt.want {
				t.Errorf("Envelopes.Pending(%q, %v, %q) = %t, want %t", tt.id, tt.before.Sub(made), tt.actions, got, tt.want)
			}
		}
		if err := s.Do(t.Context(), func(tx *store.Tx) error { return tx.Envelopes.Refused(t.Context(), "e1") }); err != nil {
			t.Fatal(err)
		}
		if pending("r1", after, "undo") || !pending("r1", after) {
			t.Error("a click that was refused counts as one on its button, or no longer at all")
		}
		if err := s.Do(t.Context(), func(tx *store.Tx) error { return tx.Envelopes.Handled(t.Context(), "e1") }); err != nil {
			t.Fatal(err)
		}
		if pending("r1", after) {
			t.Error("Envelopes.Pending() = true for a click that was handled")
		}
	})
}

// TestNthBefore counts one person's envelopes of one kind within a time.
func TestNthBefore(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		begin := s.Now().Truncate(time.Second)
		for i, e := range []store.Envelope{
			{Person: "U1", Kind: "command"},
			{Person: "U1", Kind: "command"},
			{Person: "U2", Kind: "command"},
			{Person: "U1", Kind: "click"},
			{Person: "U1", Kind: "command"},
		} {
			e.ID, e.At = fmt.Sprint("e", i), begin.Add(time.Duration(i)*time.Second)
			if err := receive(t, s, e); err != nil {
				t.Fatal(err)
			}
		}
		last := store.Envelope{ID: "e4", Person: "U1", Kind: "command", At: begin.Add(4 * time.Second)}
		for n, want := range map[int]time.Time{1: begin.Add(time.Second), 2: begin, 3: {}} {
			if got, err := s.Envelopes.NthBefore(t.Context(), last, n, begin.Add(-time.Minute)); err != nil || !got.Equal(want) {
				t.Errorf("Envelopes.NthBefore(%d) = %v, %v, want %v", n, got, err, want)
			}
		}
		if got, err := s.Envelopes.NthBefore(t.Context(), last, 1, begin.Add(time.Second)); err != nil || !got.IsZero() {
			t.Errorf("Envelopes.NthBefore() of a later moment = %v, %v, want none", got, err)
		}
		if err := s.Do(t.Context(), func(tx *store.Tx) error { return tx.Envelopes.Relabel(t.Context(), "e1", "refused") }); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Envelopes.NthBefore(t.Context(), last, 1, begin.Add(-time.Minute)); err != nil || !got.Equal(begin) {
			t.Errorf("Envelopes.NthBefore() after Envelopes.Relabel() = %v, %v, want %v", got, err, begin)
		}
	})
}
