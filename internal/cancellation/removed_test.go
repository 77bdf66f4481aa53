package cancellation

import (
	"slices"
	"testing"
	"time"
)

// TestRemovedBy: when two requests find the same meeting gone, one of them removed it.
func TestRemovedBy(t *testing.T) {
	t.Parallel()
	request := func(id ID, o Outcome, s Scope, at time.Time, chosen ...string) Request {
		return Request{ID: id, Outcome: o, Scope: s, ConfirmedAt: at, ClosedAt: at.Add(time.Second), Chosen: chosen, Meeting: series()}
	}
	elsewhere := request("a", Cancelled, Series, noon())
	elsewhere.Meeting.ID = "other"
	for _, tt := range []struct {
		name          string
		done, pending Request
		want          bool
	}{
		{"the whole meeting", request("a", Cancelled, Whole, noon()), request("b", "", Whole, noon()), true},
		{"ended", request("a", Ended, Whole, noon()), request("b", Unknown, Whole, noon()), true},
		{"itself", request("a", Cancelled, Whole, noon()), request("a", Unknown, Whole, noon()), false},
		{"also found it gone", request("a", Gone, Whole, noon()), request("b", "", Whole, noon()), false},
		{"before it was confirmed", request("a", Cancelled, Whole, noon()), request("b", "", Whole, noon().Add(2*time.Minute)), false},
		{"a moment before, by a clock that was set back", request("a", Cancelled, Whole, noon()), request("b", "", Whole, noon().Add(20*time.Second)), true},
		{"another meeting", elsewhere, request("b", "", Series, noon()), false},
		{"the series includes the date", request("a", Cancelled, Series, noon()), request("b", "", Occurrence, noon(), "o1"), true},
		{"the same date and another", request("a", Cancelled, Occurrence, noon(), "o1", "o2"), request("b", "", Occurrence, noon(), "o1"), true},
		{"not all of the dates", request("a", Cancelled, Occurrence, noon(), "o1"), request("b", "", Occurrence, noon(), "o1", "o2"), false},
		{"all remaining dates are the series", request("a", Cancelled, Occurrence, noon(), "o1", "o2"), request("b", "", Series, noon()), true},
		{"a date is not the series", request("a", Cancelled, Occurrence, noon(), "o1"), request("b", "", Series, noon()), false},
	} {
		if got := RemovedBy([]Request{tt.done}, tt.pending, tt.pending.ConfirmedAt).ID; got == tt.done.ID != tt.want {
			t.Errorf("%s: RemovedBy() = %q, want %q: %t", tt.name, got, tt.done.ID, tt.want)
		}
	}
}

// TestRemovedTogether: dates cancelled one by one from several cards add up to the series, or
// to all dates of another request.
func TestRemovedTogether(t *testing.T) {
	t.Parallel()
	request := func(id ID, o Outcome, s Scope, chosen ...string) Request {
		return Request{ID: id, Outcome: o, Scope: s, ConfirmedAt: noon(), ClosedAt: noon().Add(time.Second), Chosen: chosen, Meeting: series()}
	}
	first, second := request("a", Cancelled, Occurrence, "o1"), request("b", Cancelled, Occurrence, "o2")
	kept := request("b", Failed, Occurrence, "o2")
	for _, tt := range []struct {
		name string
		over []Request
		r    Request
		want bool
	}{
		{"the series", []Request{first, second}, request("c", "", Series), true},
		{"both dates", []Request{second, first}, request("c", "", Occurrence, "o1", "o2"), true},
		{"one of them was not cancelled", []Request{first, kept}, request("c", "", Series), false},
		{"dates of a meeting that had none", []Request{first, second}, Request{ID: "c", Scope: Whole, ConfirmedAt: noon(), Meeting: Meeting{ID: series().ID}}, false},
		{"none", nil, request("c", "", Series), false},
	} {
		if got := RemovedBy(tt.over, tt.r, tt.r.ConfirmedAt).ID; got != "" != tt.want {
			t.Errorf("%s: RemovedBy() = %q, want one: %t", tt.name, got, tt.want)
		}
	}
}

// TestMayHaveRemoved: if two requests have open calls, one waits for the other.
func TestMayHaveRemoved(t *testing.T) {
	t.Parallel()
	request := func(id ID, s Scope, after time.Duration, change func(*Request), chosen ...string) Request {
		r := Request{ID: id, State: Calling, Scope: s, Chosen: chosen, Meeting: series()}
		r.Begin(CallEffect, noon().Add(after))
		if change != nil {
			change(&r)
		}
		return r
	}
	refused := func(r *Request) { r.EndEffect(CallEffect, noon(), "", "not done") }
	for _, tt := range []struct {
		name        string
		open, other Request
		want        bool
	}{
		{"later", request("a", Whole, time.Second, nil), request("b", Whole, 0, nil), true},
		{"later, unanswered", request("a", Whole, time.Second, func(r *Request) { refused(r); r.Unanswered = 1 }), request("b", Whole, 0, nil), true},
		{"earlier, under way", request("a", Whole, 0, nil), request("b", Whole, time.Second, nil), true},
		{"earlier, under way for too long", request("a", Whole, -time.Minute, nil), request("b", Whole, time.Second, nil), false},
		{"earlier, unanswered", request("a", Whole, 0, func(r *Request) { r.Unanswered = 1 }), request("b", Whole, time.Second, nil), false},
		{"itself", request("a", Whole, time.Second, nil), request("a", Whole, 0, nil), false},
		{"refused for now", request("a", Whole, time.Second, refused), request("b", Whole, 0, nil), false},
		{"not begun", request("a", Whole, time.Second, func(r *Request) { r.State, r.Effects = Confirmed, nil }), request("b", Whole, 0, nil), false},
		{"over", request("a", Whole, time.Second, func(r *Request) { r.State = Done }), request("b", Whole, 0, nil), false},
		{"another date", request("a", Occurrence, time.Second, nil, "o2"), request("b", Occurrence, 0, nil, "o1"), false},
		{"the series includes the date", request("a", Series, time.Second, nil), request("b", Occurrence, 0, nil, "o1"), true},
	} {
		if got := MayHaveRemoved([]Request{tt.open}, tt.other, noon().Add(-30*time.Second)); got != tt.want {
			t.Errorf("%s: MayHaveRemoved() = %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestMayHaveRemovedTogether: what finished calls have left of a request may go to one that
// is still open, and several calls under way may share it.
func TestMayHaveRemovedTogether(t *testing.T) {
	t.Parallel()
	three := series()
	three.Occurrences = append(three.Occurrences, OccurrenceRef{ID: "o3", Start: noon().AddDate(0, 0, 14)})
	calling := func(id ID, after time.Duration, unanswered int, chosen ...string) Request {
		r := Request{ID: id, State: Calling, Scope: Occurrence, Chosen: chosen, ConfirmedAt: noon(), Meeting: three, Unanswered: unanswered}
		r.Begin(CallEffect, noon().Add(after))
		return r
	}
	finished := func(id ID, chosen ...string) Request {
		return Request{ID: id, State: Done, Outcome: Cancelled, Scope: Occurrence, Chosen: chosen, ClosedAt: noon().Add(time.Second), Meeting: three}
	}
	both := calling("r", 0, 1, "o1", "o2")
	whole := both
	whole.Scope, whole.Chosen = Series, nil
	for _, tt := range []struct {
		name   string
		others []Request
		r      Request
		want   bool
	}{
		{"one date is finished, the other under way", []Request{finished("a", "o2"), calling("b", time.Second, 0, "o1")}, both, true},
		{"the same for the series", []Request{finished("a", "o2", "o3"), calling("b", time.Second, 0, "o1")}, whole, true},
		{"one date is finished, the other unanswered, later", []Request{finished("a", "o2"), calling("b", time.Second, 1, "o1")}, both, true},
		{"one date is finished, the other unanswered, earlier", []Request{finished("a", "o2"), calling("b", -time.Second, 1, "o1")}, both, false},
		{"one date is finished, the other call is for both as well, earlier", []Request{finished("a", "o2"), calling("b", -time.Second, 1, "o1", "o2")}, both, false},
		{"one date is finished, the other call removes more of the rest", []Request{finished("a", "o2"), calling("b", -time.Second, 1, "o1", "o3")}, both, true},
		{"one date is finished, and the same one under way", []Request{finished("a", "o2"), calling("b", time.Second, 0, "o2")}, both, false},
		{"both are under way, one each", []Request{calling("a", time.Second, 0, "o1"), calling("b", time.Second, 0, "o2")}, both, true},
		{"both are unanswered, one each: they wait for this one", []Request{calling("a", time.Second, 1, "o1"), calling("b", time.Second, 1, "o2")}, both, false},
	} {
		if got := MayHaveRemoved(tt.others, tt.r, noon().Add(-30*time.Second)); got != tt.want {
			t.Errorf("%s: MayHaveRemoved() = %t, want %t", tt.name, got, tt.want)
		}
		for _, other := range tt.others { // two that wait for each other would wait forever
			back := append(slices.Clone(tt.others), tt.r)
			if tt.want && other.Unanswered > 0 && MayHaveRemoved(back, other, noon().Add(-30*time.Second)) {
				t.Errorf("%s: the other one waits as well", tt.name)
			}
		}
	}
}
