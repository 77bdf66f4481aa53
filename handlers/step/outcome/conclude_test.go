package outcome_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// inState returns a function that puts a request into a state.
func inState(s cancellation.State, o cancellation.Outcome) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State, r.Outcome = s, o
		if s == cancellation.Confirmed || s == cancellation.Calling || s == cancellation.Done {
			r.ConfirmedBy, r.ConfirmedAt = steptest.Ana, r.CreatedAt
		}
	}
}

// TestConclude: the state of a request × an outcome → whether the outcome is recorded. It
// never replaces another, except an unknown one.
func TestConclude(t *testing.T) {
	t.Parallel()
	legal := func(s cancellation.State, was, o cancellation.Outcome) bool {
		switch s {
		case cancellation.Received, cancellation.Asked, cancellation.Confirmed, cancellation.Calling:
			return true
		case cancellation.Done:
			return was == cancellation.Unknown && o != cancellation.Unknown
		default:
			return false
		}
	}
	type start struct {
		state cancellation.State
		was   cancellation.Outcome
	}
	var all []start
	for _, s := range cancellation.States() {
		if s != cancellation.Done {
			all = append(all, start{s, ""})
		}
	}
	for _, o := range cancellation.Outcomes() {
		all = append(all, start{cancellation.Done, o})
	}
	for _, from := range all {
		t.Run(string(from.state)+string(from.was), func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				for i, o := range cancellation.Outcomes() {
					id := h.Insert(steptest.Number, func(r *cancellation.Request) {
						inState(from.state, from.was)(r)
						r.Channel, r.WaitUntil = steptest.Channel+string(rune('A'+i)), time.Now().Add(time.Hour)
						r.Begin(cancellation.CallEffect, time.Now())
					})
					r := h.Stored(id)
					before, trail := steptest.Outcome(r), h.Trail()
					err := record(h, func(tx *store.Tx) error {
						return outcome.Conclude(h.Context(), tx, &r, o, "why", "ref-1", func(r *cancellation.Request) { r.ClosedBy = steptest.Bob })
					})
					now := h.Stored(id)
					if !legal(from.state, from.was, o) {
						if !step.IsConflict(err) || steptest.Outcome(now) != before || h.Trail() != trail {
							t.Errorf("%s: %v, now %s, trail %q; want nothing", o, err, steptest.Outcome(now), h.Trail())
						}
						continue
					}
					call, report := now.Effects[cancellation.CallEffect], now.Effects[cancellation.FinalEffect]
					if err != nil || steptest.Outcome(now) != string(o) || now.Why != "why" || now.Reference != "ref-1" || now.ClosedBy != steptest.Bob || !now.WaitUntil.IsZero() {
						t.Errorf("%s: %v, recorded is %+v", o, err, now.Request)
					}
					if known := o != cancellation.Unknown; call.Ended() != known || known != (call.Result == string(o)) || !report.Begun() || report.Ended() || !strings.HasSuffix(h.Trail(), "done") {
						t.Errorf("%s: the call is %+v, the report %+v, the trail %q", o, call, report, h.Trail())
					}
				}
			})
		})
	}
}

// TestConcludeKeepsLastResult: the refusal of the last call is kept while an earlier one is
// open. A part is reported with the whole card, not alone.
func TestConcludeKeepsLastResult(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			inState(cancellation.Calling, "")(r)
			r.Parent, r.Unanswered = "whole", 1
			r.EndEffect(cancellation.CallEffect, time.Now(), "", "refused: denied")
		})
		r := h.Stored(id)
		if err := record(h, func(tx *store.Tx) error {
			return outcome.Conclude(h.Context(), tx, &r, cancellation.Unknown, "unavailable", "", nil)
		}); err != nil {
			t.Fatal(err)
		}
		now := h.Stored(id)
		if got := now.Effects[cancellation.CallEffect].Result; got != "refused: denied" {
			t.Errorf("the call's result is %q, want it kept", got)
		}
		if now.Effects[cancellation.FinalEffect].Begun() {
			t.Error("a part has a report of its own")
		}
	})
}

// TestExpireIfDue: the state of a request × clicks made in time × the time of the check →
// whether it expires.
func TestExpireIfDue(t *testing.T) {
	t.Parallel()
	pressed := func(after time.Duration) func(*steptest.Fixture, cancellation.ID) {
		return func(h *steptest.Fixture, id cancellation.ID) {
			r := h.Stored(id)
			h.StoreOnly(&step.Envelope{Person: steptest.Ana, Action: action.Cancel, Request: id, At: r.ExpiresAt.Add(after)})
		}
	}
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		after time.Duration // since it was due
		click func(*steptest.Fixture, cancellation.ID)
		want  string
		trail string
		card  bool // the card says that it expired
	}{
		{name: "in time", after: -time.Second, want: "asked"},
		{name: "a click may be on its way", after: step.LongestLag - time.Millisecond, want: "asked"},
		{name: "over", after: step.LongestLag, want: "expired", trail: "expired reported", card: true},
		{name: "a click in time, not handled yet", after: time.Hour, click: pressed(-time.Second), want: "asked"},
		{name: "a click too late, not handled yet", after: time.Hour, click: pressed(time.Second), want: "expired", trail: "expired reported", card: true},
		{name: "never shown", about: inState(cancellation.Received, ""), after: time.Hour, want: "expired"},
		{name: "confirmed", about: inState(cancellation.Confirmed, ""), after: time.Hour, want: "confirmed"},
		{name: "called", about: inState(cancellation.Calling, ""), after: time.Hour, want: "calling"},
		{name: "cancelled", about: inState(cancellation.Done, cancellation.Cancelled), after: time.Hour, want: "cancelled"},
		{name: "not known", about: inState(cancellation.Done, cancellation.Unknown), after: time.Hour, want: "unknown"},
		{name: "kept", about: inState(cancellation.Declined, ""), after: time.Hour, want: "declined"},
		{name: "replaced", about: inState(cancellation.Superseded, ""), after: time.Hour, want: "superseded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/1", At: r.CreatedAt}
					r.Choices = []cancellation.Choice{{MeetingID: steptest.Number}}
					if row.about != nil {
						row.about(r)
					}
				})
				h.Pass(h.Stored(id).ExpiresAt.Sub(h.Store.Now()) + row.after)
				if row.click != nil {
					row.click(h, id)
				}
				if err := record(h, func(tx *store.Tx) error {
					return outcome.ExpireIfDue(h.Context(), h.Deps, tx, id)
				}); err != nil {
					t.Fatal(err)
				}
				h.Pass(time.Second)
				r := h.Stored(id)
				if got := steptest.Outcome(r); got != row.want || h.Trail() != row.trail {
					t.Errorf("it is %s, the trail is %q; want %s, %q", got, h.Trail(), row.want, row.trail)
				}
				if got := strings.Contains(h.Chat.Card(), "Nobody answered in time"); got != row.card {
					t.Errorf("the card says %q, want it closed: %t", h.Chat.Card(), row.card)
				}
				if row.want == "expired" && !row.card && (r.Response.URL != "" || r.Choices != nil) {
					t.Errorf("kept without need: %+v, %+v", r.Response, r.Choices)
				}
			})
		})
	}
}
