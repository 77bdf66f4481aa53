package cancellation

import (
	"slices"
	"testing"
	"time"
)

// TestCanBecome repeats the whole table: transitions that are not listed are illegal.
func TestCanBecome(t *testing.T) {
	t.Parallel()
	legal := map[State][]State{
		Received:  {Asked, Done, Expired},
		Asked:     {Confirmed, Declined, Expired, Superseded, Done},
		Confirmed: {Calling, Declined, Superseded, Done},
		Calling:   {Done, Superseded, Declined},
		Done:      {Done},
	}
	for _, from := range append(States(), "", "asleep") {
		for _, to := range append(States(), "", "asleep") {
			if got, want := from.CanBecome(to), slices.Contains(legal[from], to); got != want {
				t.Errorf("%q.CanBecome(%q) = %t, want %t", from, to, got, want)
			}
		}
	}
}

func TestFinal(t *testing.T) {
	t.Parallel()
	open := []State{Received, Asked, Confirmed, Calling}
	for _, s := range States() {
		if got, want := s.Final(), !slices.Contains(open, s); got != want {
			t.Errorf("%q.Final() = %t, want %t", s, got, want)
		}
	}
}

func TestRemoved(t *testing.T) {
	t.Parallel()
	for _, o := range append(Outcomes(), "") {
		if got, want := o.Removed(), o == Cancelled || o == Ended; got != want {
			t.Errorf("%q.Removed() = %t, want %t", o, got, want)
		}
	}
}

// TestBecome: only Finish changes a request that is Done, and an illegal transition
// changes nothing.
func TestBecome(t *testing.T) {
	t.Parallel()
	for _, from := range States() {
		for _, to := range States() {
			r := Request{ID: "r", State: from}
			err := r.Become(to)
			legal := from.CanBecome(to) && from != Done
			want := from
			if legal {
				want = to
			}
			if (err == nil) != legal || r.State != want {
				t.Errorf("%q: Become(%q) = %v, state %q, want legal %t, state %q", from, to, err, r.State, legal, want)
			}
		}
	}
}

func TestFinish(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		state   State
		outcome Outcome
		legal   bool
	}{
		{Received, "", true},
		{Asked, "", true},
		{Confirmed, "", true},
		{Calling, "", true},
		{Done, Unknown, true}, // a later check settles it
		{Done, Cancelled, false},
		{Done, Ended, false},
		{Done, Gone, false},
		{Done, Refused, false},
		{Done, Failed, false},
		{Declined, "", false},
		{Expired, "", false},
		{Superseded, "", false},
	} {
		before := Request{ID: "r", State: tt.state, Outcome: tt.outcome, Why: "before"}
		want := before
		if tt.legal {
			want.State, want.Outcome, want.Why, want.ClosedAt = Done, Cancelled, "why", at
		}
		got := before
		err := got.Finish(Cancelled, "why", at)
		if (err == nil) != tt.legal || got.State != want.State || got.Outcome != want.Outcome || got.Why != want.Why || !got.ClosedAt.Equal(want.ClosedAt) {
			t.Errorf("%s %s: Finish() = %v, %s %s %q %v, want legal %t, %s %s %q %v", tt.state, tt.outcome,
				err, got.State, got.Outcome, got.Why, got.ClosedAt, tt.legal, want.State, want.Outcome, want.Why, want.ClosedAt)
		}
	}
}
