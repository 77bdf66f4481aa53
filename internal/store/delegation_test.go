package store_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// openAt opens a store whose clock stands still at begin until it is moved.
func openAt(t *testing.T, url string, begin time.Time) (s *store.Store, move func(time.Duration)) {
	t.Helper()
	var now atomic.Int64
	now.Store(begin.UnixMilli())
	s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return time.UnixMilli(now.Load()) }})
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, func(d time.Duration) { now.Add(d.Milliseconds()) }
}

func delegate(t *testing.T, s *store.Store, d cancellation.Delegation) (given cancellation.Delegation) {
	t.Helper()
	err := s.Do(t.Context(), func(tx *store.Tx) (err error) {
		d.GivenAt = tx.Now()
		given, err = tx.Delegations.Give(t.Context(), d)
		return err
	})
	if err != nil {
		t.Fatalf("Delegations.Give(%+v) = %v", d, err)
	}
	return given
}

func endDelegation(t *testing.T, s *store.Store, id cancellation.ID) error {
	t.Helper()
	return s.Do(t.Context(), func(tx *store.Tx) error { return tx.Delegations.End(t.Context(), id) })
}

func idsOf(all []cancellation.Delegation) (ids []string) {
	for _, d := range all {
		ids = append(ids, string(d.ID))
	}
	return ids
}

// TestRevokedSince: it finds delegations revoked after a given time, but not expired ones.
func TestRevokedSince(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		begin := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
		s, move := openAt(t, url, begin)
		delegate(t, s, cancellation.Delegation{ID: "d1", Giver: "U1", Receiver: "U2", Until: begin.Add(time.Hour)})
		delegate(t, s, cancellation.Delegation{ID: "d2", Giver: "U1", Receiver: "U3", Until: begin.Add(time.Minute)})
		move(10 * time.Minute)
		for _, id := range []cancellation.ID{"d1", "d2"} {
			if err := endDelegation(t, s, id); err != nil {
				t.Fatalf("Delegations.End(%s) = %v", id, err)
			}
		}
		for _, tt := range []struct {
			receiver string
			after    time.Duration
			want     bool
		}{
			{"U2", 9 * time.Minute, true},
			{"U2", 11 * time.Minute, false}, // revoked before that
			{"U3", 9 * time.Minute, false},  // expired
			{"U4", 0, false},                // never had one
		} {
			if got, err := s.Delegations.RevokedSince(t.Context(), "U1", tt.receiver, begin.Add(tt.after)); err != nil || got != tt.want {
				t.Errorf("Delegations.RevokedSince(U1, %s, %s) = %t, %v, want %t", tt.receiver, tt.after, got, err, tt.want)
			}
		}
		move(-5 * time.Minute)
		if got, err := s.Delegations.RevokedSince(t.Context(), "U1", "U2", begin.Add(5*time.Minute)); err != nil || got {
			t.Errorf("after the clock was set back, Delegations.RevokedSince(U1, U2) = %t, %v, want false", got, err)
		}
	})
}

// TestDelegate: two people have at most one open delegation, which keeps its id when it is
// given again; once it has ended, they can have a new one.
func TestDelegate(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		soon, late := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond), time.Now().Add(48*time.Hour).UTC().Truncate(time.Millisecond)
		first := delegate(t, s, cancellation.Delegation{ID: "d1", Giver: "U1", Receiver: "U2", Until: soon})
		again := delegate(t, s, cancellation.Delegation{ID: "d2", Giver: "U1", Receiver: "U2", Until: late})
		if first.ID != "d1" || again.ID != "d1" || !again.Until.Equal(late) {
			t.Errorf("Delegations.Give() twice = %+v, %+v, want d1 both times and the later end", first, again)
		}
		other := delegate(t, s, cancellation.Delegation{ID: "d3", Giver: "U1", Receiver: "U3", Until: soon})
		delegate(t, s, cancellation.Delegation{ID: "d4", Giver: "U2", Receiver: "U3", Until: soon})
		given, err := s.Delegations.GivenBy(t.Context(), "U1")
		if diff := cmp.Diff([]string{"d3", "d1"}, idsOf(given)); err != nil || diff != "" {
			t.Errorf("Delegations.GivenBy(U1) = %v (-want +got)\n%s", err, diff)
		}
		if got, err := s.Delegations.Between(t.Context(), "U1", "U3"); err != nil || got != other {
			t.Errorf("Delegations.Between(U1, U3) = %+v, %v, want %+v", got, err, other)
		}
		if _, err := s.Delegations.Between(t.Context(), "U3", "U1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Delegations.Between(U3, U1) = %v, want %v: it was never given", err, store.ErrNotFound)
		}
		if err := endDelegation(t, s, "d1"); err != nil {
			t.Errorf("Delegations.End(d1) = %v", err)
		}
		if err := endDelegation(t, s, "d1"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("Delegations.End(d1) again = %v, want %v", err, store.ErrConflict)
		}
		if _, err := s.Delegations.Between(t.Context(), "U1", "U2"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Delegations.Between(U1, U2) once ended = %v, want %v", err, store.ErrNotFound)
		}
		if d, err := s.Delegations.Get(t.Context(), "d1"); err != nil || d.EndedAt.IsZero() {
			t.Errorf("Delegations.Get(d1) = %+v, %v, want it ended", d, err)
		}
		if fresh := delegate(t, s, cancellation.Delegation{ID: "d5", Giver: "U1", Receiver: "U2", Until: late}); fresh.ID != "d5" {
			t.Errorf("Delegations.Give() after the end of d1 = %+v, want d5", fresh)
		}
		rest, err := s.Delegations.Active(t.Context(), "d3", 10)
		if diff := cmp.Diff([]string{"d4", "d5"}, idsOf(rest)); err != nil || diff != "" {
			t.Errorf("Delegations.Standing(after d3) = %v (-want +got)\n%s", err, diff)
		}
	})
}

// TestDueDelegations: a delegation expires at its own end, or at the operator's limit.
func TestDueDelegations(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		const day = 24 * time.Hour
		begin := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
		s, move := openAt(t, url, begin)
		delegate(t, s, cancellation.Delegation{ID: "long", Giver: "U1", Receiver: "U2", Until: begin.Add(80 * day)})
		delegate(t, s, cancellation.Delegation{ID: "short", Giver: "U1", Receiver: "U3", Until: begin.Add(day)})
		due := func(longest time.Duration) []string {
			t.Helper()
			all, err := s.Delegations.Due(t.Context(), longest, 10)
			if err != nil {
				t.Fatal(err)
			}
			return idsOf(all)
		}
		if got := due(90 * day); got != nil {
			t.Errorf("Delegations.Due() at once = %v, want none", got)
		}
		move(day)
		if got := due(90 * day); !cmp.Equal(got, []string{"short"}) {
			t.Errorf("Delegations.Due() after a day = %v, want short", got)
		}
		if got := due(12 * time.Hour); !cmp.Equal(got, []string{"short", "long"}) {
			t.Errorf("Delegations.Due() with a limit of half a day = %v, want both", got)
		}
	})
}

// TestPurgeDelegations: ended delegations are purged, but stay in the trail. The trail names
// the giver of an open one, however old it is.
func TestPurgeDelegations(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		const day = 24 * time.Hour
		begin := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
		s, move := openAt(t, url, begin)
		for _, d := range []cancellation.Delegation{
			{ID: "ended", Giver: "U1", Receiver: "U2", Until: begin.Add(day)}, {ID: "open", Giver: "U1", Receiver: "U3", Until: begin.Add(90 * day)},
		} {
			delegate(t, s, d)
			err := s.Do(t.Context(), func(tx *store.Tx) error {
				return tx.Audit(t.Context(), store.DelegationRow(d, store.EventDelegated, "U1", map[string]string{"until": "then"}))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		move(day)
		if err := endDelegation(t, s, "ended"); err != nil {
			t.Fatal(err)
		}
		move(3 * day)
		before := begin.Add(3 * day)
		if err := s.Purge(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Delegations.Get(t.Context(), "ended"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Delegations.Get(ended) = %v, want %v", err, store.ErrNotFound)
		}
		if _, err := s.Delegations.Get(t.Context(), "open"); err != nil {
			t.Errorf("Delegations.Get(open) = %v", err)
		}
		if _, err := s.Blank(t.Context(), before, 100); err != nil {
			t.Fatal(err)
		}
		actors := map[cancellation.ID]string{}
		err := s.Trail.Read(t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
			if row.Event == store.EventDelegated {
				actors[row.Request] = row.Actor
			}
			return nil
		})
		if diff := cmp.Diff(map[cancellation.ID]string{"ended": "", "open": "U1"}, actors); err != nil || diff != "" {
			t.Errorf("actors in the trail: %v (-want +got)\n%s", err, diff)
		}
	})
}
