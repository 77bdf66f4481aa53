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

// in puts a request into a state.
func in(s cancellation.State, o cancellation.Outcome) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.State, r.Outcome = s, o
		if s == cancellation.Confirmed || s == cancellation.Calling || s == cancellation.Done {
			r.ConfirmedBy, r.ConfirmedAt = steptest.Ana, r.CreatedAt
		}
	}
}

// TestConclude: how a request stands × how it ends → whether that is recorded. An outcome
// is never replaced, but an unknown one.
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
	type standing struct {
		state cancellation.State
		was   cancellation.Outcome
	}
	var all []standing
	for _, s := range cancellation.States() {
		if s != cancellation.Done {
			all = append(all, standing{s, ""})
		}
	}
	for _, o := range cancellation.Outcomes() {
		all = append(all, standing{cancellation.Done, o})
	}
	for _, from := range all {
		t.Run(string(from.state)+string(from.was), func(t *testing.T) {
			t.Parallel()
			steptest.In(t, nil, func(h *steptest.House) {
				for i, o := range cancellation.Outcomes() {
					id := h.Insert(steptest.Number, func(r *cancellation.Request) {
						in(from.state, from.was)(r)
						r.Channel, r.WaitUntil = steptest.Channel+string(rune('A'+i)), time.Now().Add(time.Hour)
						r.Begin(cancellation.CallEffect, time.Now())
					})
					r := h.Stored(id)
					before, trail := steptest.Outcome(r), h.Trail()
					err := record(h, func(tx *store.Tx) error {
						return outcome.Conclude(h.Context(), tx, &r, o, "why", "ref-1", func(r *store.Request) { r.ClosedBy = steptest.Bob })
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

// TestConcludeRemembers: how the last call was refused is not forgotten while an earlier one is
// open; and a part is reported with the whole.
func TestConcludeRemembers(t *testing.T) {
	t.Parallel()
	steptest.In(t, nil, func(h *steptest.House) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			in(cancellation.Calling, "")(r)
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
			t.Errorf("of the call is remembered %q", got)
		}
		if now.Effects[cancellation.FinalEffect].Begun() {
			t.Error("a part is reported by itself")
		}
	})
}

// TestExpireIfDue: how a request stands × what was done in time × when that is looked at →
// whether it expires.
func TestExpireIfDue(t *testing.T) {
	t.Parallel()
	pressed := func(after time.Duration) func(*steptest.House, cancellation.ID) {
		return func(h *steptest.House, id cancellation.ID) {
			r := h.Stored(id)
			h.StoreOnly(&step.Envelope{Person: steptest.Ana, Action: action.Cancel, Request: id, At: r.ExpiresAt.Add(after)})
		}
	}
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		after time.Duration // since its time was over
		click func(*steptest.House, cancellation.ID)
		want  string
		trail string
		card  bool // is closed
	}{
		{name: "in time", after: -time.Second, want: "asked"},
		{name: "a click may be on its way", after: step.LongestLag - time.Millisecond, want: "asked"},
		{name: "over", after: step.LongestLag, want: "expired", trail: "expired reported", card: true},
		{name: "a click in time, not worked on yet", after: time.Hour, click: pressed(-time.Second), want: "asked"},
		{name: "a click too late, not worked on yet", after: time.Hour, click: pressed(time.Second), want: "expired", trail: "expired reported", card: true},
		{name: "never shown", about: in(cancellation.Received, ""), after: time.Hour, want: "expired"},
		{name: "confirmed", about: in(cancellation.Confirmed, ""), after: time.Hour, want: "confirmed"},
		{name: "called", about: in(cancellation.Calling, ""), after: time.Hour, want: "calling"},
		{name: "cancelled", about: in(cancellation.Done, cancellation.Cancelled), after: time.Hour, want: "cancelled"},
		{name: "not known", about: in(cancellation.Done, cancellation.Unknown), after: time.Hour, want: "unknown"},
		{name: "kept", about: in(cancellation.Declined, ""), after: time.Hour, want: "declined"},
		{name: "replaced", about: in(cancellation.Superseded, ""), after: time.Hour, want: "superseded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.In(t, nil, func(h *steptest.House) {
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.Response = cancellation.Response{URL: "https://hooks.example.com/1", At: r.CreatedAt}
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
					return outcome.ExpireIfDue(h.Context(), h.Deps, tx, id, h.Queue.Enqueue)
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
					t.Errorf("what nobody needs any more is kept: %+v, %+v", r.Response, r.Choices)
				}
			})
		})
	}
}
