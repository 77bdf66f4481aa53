package outcome_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestJudge: the call × what a reading of the meeting shows → the verdict. If the meeting is
// gone, it was removed; what the service leaves out says nothing.
func TestJudge(t *testing.T) {
	t.Parallel()
	of := func(scope cancellation.Scope, chosen ...string) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			steptest.Unknown(r)
			r.Scope, r.Chosen, r.ClosedAt = scope, chosen, time.Now()
		}
	}
	over := func(h *steptest.Fixture) {
		h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.State = meetingapi.Ended })
	}
	without := func(ids ...meetingapi.OccurrenceID) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			_ = h.Service.CancelOccurrences(h.Context(), meetingapi.Recurring{}, ids, meetingapi.CancelOptions{})
		}
	}
	hide := func(h *steptest.Fixture) { h.Service.HideDates = true }
	afterItsTime := outcome.Verdict{Unclear: true, Why: cancellation.WhyOver}
	soon := func(f func(*cancellation.Request)) func(*cancellation.Request) { // in ten minutes, for half an hour
		return func(r *cancellation.Request) {
			f(r)
			start := time.Now().Add(10 * time.Minute)
			r.Meeting.Start, r.Meeting.End = start, start.Add(30*time.Minute)
			if r.Meeting.Recurring {
				r.Meeting.Occurrences[0].Start, r.Meeting.Occurrences[0].End = r.Meeting.Start, r.Meeting.End
			}
		}
	}
	laterGone := func(after time.Duration) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Pass(after); steptest.Gone(h) }
	}
	fails := func(c meetingapi.Class) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Service.ReadErrors = []error{steptest.Failure(c)} }
	}
	calling := func(after time.Duration) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			steptest.Unknown(r)
			r.State, r.Outcome = cancellation.Calling, ""
			r.Begin(cancellation.CallEffect, time.Now().Add(after))
		}
	}
	for _, row := range []struct {
		name    string
		meeting string // the single one
		called  func(*cancellation.Request)
		given   func(*steptest.Fixture)
		other   func(*cancellation.Request) // another request about the same meeting
		want    outcome.Verdict
	}{
		{name: "still there", called: steptest.Unknown},
		{name: "gone", called: steptest.Unknown, given: steptest.Gone, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "over", called: steptest.Unknown, given: over, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "the service says it has ended", called: steptest.Unknown, given: fails(meetingapi.ClassEnded), want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "unreadable", called: steptest.Unknown, given: steptest.Unreadable},
		{name: "denied", called: steptest.Unknown, given: fails(meetingapi.ClassDenied)},
		{name: "gone, while it ran", called: func(r *cancellation.Request) { steptest.Unknown(r); r.End, r.Meeting.Running = true, true }, given: steptest.Gone, want: outcome.Verdict{Settled: true, Outcome: cancellation.Ended}},
		{name: "gone, and its state was unknown", called: func(r *cancellation.Request) { steptest.Unknown(r); r.End, r.Meeting.StateKnown = true, false }, given: steptest.Gone, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},

		{name: "a date, still there", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1")},
		{name: "a date, gone", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1"), given: without("d1"), want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "a date, another one gone", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1"), given: without("d2")},
		{name: "two dates, one gone", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1", "d2"), given: without("d2")},
		{name: "a date, no dates listed", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1"), given: hide, want: outcome.Verdict{Unclear: true}},
		{name: "a date, the series gone", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1"), given: steptest.Gone, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "the series, a date gone", meeting: steptest.Weekly, called: of(cancellation.Series), given: without("d1")},
		{name: "the series, no dates listed", meeting: steptest.Weekly, called: of(cancellation.Series), given: hide},
		{name: "a date that is merely over", meeting: steptest.Weekly, called: func(r *cancellation.Request) {
			of(cancellation.Occurrence, "d0")(r)
			r.ConfirmedAt = r.Meeting.Occurrences[0].End.Add(-time.Minute)
		}, given: func(h *steptest.Fixture) { h.Suspend(50 * time.Hour) }},

		{name: "a date that has overrun, still listed", meeting: steptest.Weekly, called: func(r *cancellation.Request) {
			of(cancellation.Occurrence, "d0")(r)
			r.End, r.Meeting.Running, r.ConfirmedAt = true, true, r.Meeting.Occurrences[0].End.Add(time.Minute)
		}},

		// A meeting that is gone once its time is over may have taken place.
		{name: "gone, after it would have ended", called: soon(steptest.Unknown), given: laterGone(time.Hour), want: afterItsTime},
		{name: "gone, with an unknown end", called: func(r *cancellation.Request) {
			soon(steptest.Unknown)(r)
			r.Meeting.End = time.Time{}
		}, given: laterGone(time.Hour), want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "gone, while it would have run", called: soon(steptest.Unknown), given: laterGone(20 * time.Minute), want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "over, after it would have ended", called: soon(steptest.Unknown), given: func(h *steptest.Fixture) { over(h); h.Pass(time.Hour) }, want: afterItsTime},
		{name: "gone, and it had overrun when it was confirmed", called: func(r *cancellation.Request) {
			soon(steptest.Unknown)(r)
			r.End, r.Meeting.Running, r.ConfirmedAt = true, true, r.Meeting.End.Add(time.Minute)
		}, given: laterGone(time.Hour), want: outcome.Verdict{Settled: true, Outcome: cancellation.Ended}},
		{name: "a date gone, after it would have ended", meeting: steptest.Weekly, called: soon(of(cancellation.Occurrence, "d0")), given: func(h *steptest.Fixture) {
			without("d0")(h)
			h.Pass(time.Hour)
		}, want: afterItsTime},
		{name: "two dates gone, after one would have ended", meeting: steptest.Weekly, called: soon(of(cancellation.Occurrence, "d0", "d1")), given: func(h *steptest.Fixture) {
			without("d0", "d1")(h)
			h.Pass(time.Hour)
		}, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "removed by another, after it would have ended", called: soon(steptest.Unknown), given: laterGone(time.Hour), other: func(r *cancellation.Request) {
			r.State, r.Outcome, r.ClosedAt = cancellation.Done, cancellation.Cancelled, time.Now().Add(time.Second)
		}, want: outcome.Verdict{Settled: true, Outcome: cancellation.Gone}},

		{name: "removed by another", called: steptest.Unknown, given: steptest.Gone, other: func(r *cancellation.Request) {
			r.State, r.Outcome, r.ClosedAt = cancellation.Done, cancellation.Cancelled, time.Now().Add(time.Second)
		}, want: outcome.Verdict{Settled: true, Outcome: cancellation.Gone}},
		{name: "another's later call is not settled", called: steptest.Unknown, given: steptest.Gone, other: calling(time.Second), want: outcome.Verdict{Unclear: true}},
		{name: "another's earlier call is not settled", called: steptest.Unknown, given: steptest.Gone, other: calling(-time.Second), want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "another's earlier call is under way", called: steptest.Unknown, given: steptest.Gone, other: func(r *cancellation.Request) {
			calling(-time.Second)(r)
			r.Unanswered = 0
		}, want: outcome.Verdict{Unclear: true}},
		{name: "another's later call is not known, and its card says so", called: steptest.Unknown, given: steptest.Gone, other: func(r *cancellation.Request) {
			of(cancellation.Whole)(r)
			r.Begin(cancellation.CallEffect, time.Now().Add(time.Second))
		}, want: outcome.Verdict{Unclear: true}},
		{name: "another's earlier call is not known, and its card says so", called: steptest.Unknown, given: steptest.Gone, other: func(r *cancellation.Request) {
			of(cancellation.Whole)(r)
			r.Begin(cancellation.CallEffect, time.Now().Add(-time.Second))
		}, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "another's call for more dates is not known, and all are gone", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1"), given: without("d1", "d2"), other: of(cancellation.Occurrence, "d1", "d2"), want: outcome.Verdict{Unclear: true}},
		{name: "another's call for more dates is not known, and one is left", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1"), given: without("d1"), other: of(cancellation.Occurrence, "d1", "d2"), want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "another's call for fewer dates is not known", meeting: steptest.Weekly, called: of(cancellation.Occurrence, "d1", "d2"), given: without("d1", "d2"), other: of(cancellation.Occurrence, "d1"), want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "another was refused", called: steptest.Unknown, given: steptest.Gone, other: func(r *cancellation.Request) {
			r.State, r.Outcome, r.ClosedAt = cancellation.Done, cancellation.Refused, time.Now().Add(time.Second)
		}, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
		{name: "another had removed it before", called: func(r *cancellation.Request) { steptest.Unknown(r); r.ConfirmedAt = time.Now().Add(time.Hour) }, given: steptest.Gone, other: func(r *cancellation.Request) {
			r.State, r.Outcome, r.ClosedAt = cancellation.Done, cancellation.Cancelled, time.Now()
		}, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				meeting := row.meeting
				if meeting == "" {
					meeting = steptest.Number
				}
				r := h.Stored(h.Insert(meeting, row.called))
				if row.other != nil {
					h.Insert(meeting, row.other)
				}
				if row.given != nil {
					row.given(h)
				}
				m, unread := h.Service.Meeting(h.Context(), meetingapi.ID(meeting))
				got, err := outcome.Judge(h.Context(), h.Deps, r.Request, m, unread)
				if err != nil || got != row.want {
					t.Errorf("Judge() = %+v, %v, want %+v", got, err, row.want)
				}
			})
		})
	}
}

// TestLook: for a person who wants to know, a meeting that is still there was not cancelled,
// unless the call may still take effect.
func TestLook(t *testing.T) {
	t.Parallel()
	failed := outcome.Verdict{Settled: true, Outcome: cancellation.Failed, Why: "unknown_outcome"}
	changed := outcome.Verdict{Settled: true, Outcome: cancellation.Failed, Why: cancellation.WhyChanged}
	date := func(r *cancellation.Request) {
		steptest.Unknown(r)
		r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1"}
	}
	for _, row := range []struct {
		name    string
		meeting string
		called  func(*cancellation.Request)
		given   func(*steptest.Fixture)
		after   time.Duration
		want    outcome.Verdict
		unread  meetingapi.Class
	}{
		{name: "still there, at once", meeting: steptest.Number, called: steptest.Unknown, after: 29 * time.Second},
		{name: "still there, later", meeting: steptest.Number, called: steptest.Unknown, after: 31 * time.Second, want: failed},
		{name: "still there, but started, later", meeting: steptest.Number, called: steptest.Unknown, given: steptest.Starts(steptest.Number), after: time.Minute, want: changed},
		{name: "still shown, removed from another card", meeting: steptest.Number, called: steptest.Unknown, given: func(h *steptest.Fixture) {
			h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.State, r.Outcome, r.ClosedAt = cancellation.Done, cancellation.Cancelled, time.Now()
			})
		}, after: time.Minute, want: outcome.Verdict{Settled: true, Outcome: cancellation.Gone}},
		{name: "still there, every call was answered", meeting: steptest.Number, called: func(r *cancellation.Request) {
			steptest.Unknown(r)
			r.Unanswered = 0
			r.EndEffect(cancellation.CallEffect, r.CreatedAt, "", "not done")
		}, want: failed},
		{name: "still there, the process that made the call died", meeting: steptest.Number, called: func(r *cancellation.Request) { steptest.Unknown(r); r.Unanswered = 0 }},

		{name: "gone, at once", meeting: steptest.Number, called: steptest.Unknown, given: steptest.Gone, want: outcome.Verdict{Settled: true, Outcome: cancellation.Cancelled}, unread: meetingapi.ClassNotFound},
		{name: "unreadable, later", meeting: steptest.Number, called: steptest.Unknown, given: steptest.Unreadable, after: time.Hour, unread: meetingapi.ClassUnavailable},
		{name: "no dates listed, later", meeting: steptest.Weekly, called: date, given: func(h *steptest.Fixture) { h.Service.HideDates = true }, after: time.Hour, want: outcome.Verdict{Unclear: true}},
		{name: "the date still there, later", meeting: steptest.Weekly, called: date, after: time.Hour, want: failed},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				r := h.Stored(h.Insert(row.meeting, row.called))
				h.Pass(row.after)
				if row.given != nil {
					row.given(h)
				}
				got, unread, err := outcome.Check(h.Context(), h.Deps, r.Request)
				if err != nil || got != row.want || meetingapi.ClassOf(unread) != row.unread {
					t.Errorf("Look() = %+v, %v, %v, want %+v, %s", got, unread, err, row.want, row.unread)
				}
				if now := h.Stored(r.ID); now.Outcome != cancellation.Unknown || h.Trail() != "" {
					t.Errorf("looking changed the request to %s, %q", steptest.Outcome(now), h.Trail())
				}
			})
		})
	}
}

// TestOpenCalls: which calls may still take effect, and which requests wait in doubt.
func TestOpenCalls(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name       string
		state      cancellation.State
		unanswered int
		begun      time.Time
		wait       time.Time
		open       bool
		stoppable  bool
	}{
		{name: "asked", state: cancellation.Asked},
		{name: "no call", state: cancellation.Confirmed, stoppable: true},
		{name: "under way, or its process died", state: cancellation.Calling, begun: now, open: true},
		{name: "its process died long ago", state: cancellation.Calling, begun: now.Add(-30 * time.Second)},
		{name: "just unanswered", state: cancellation.Calling, unanswered: 1, begun: now.Add(-29 * time.Second), open: true},
		{name: "unanswered for long", state: cancellation.Calling, unanswered: 1, begun: now.Add(-30 * time.Second)},
		{name: "unanswered, and told to wait", state: cancellation.Calling, unanswered: 1, begun: now.Add(-time.Hour), wait: now.Add(time.Hour), stoppable: true},
		{name: "told to wait", state: cancellation.Calling, begun: now.Add(-time.Hour), wait: now.Add(time.Hour), stoppable: true},
		{name: "told to wait before the call", state: cancellation.Confirmed, wait: now.Add(time.Hour), stoppable: true},
		{name: "undone while it waited", state: cancellation.Declined, wait: now.Add(time.Hour)},
		{name: "unanswered, and over", state: cancellation.Done, unanswered: 2, begun: now, open: true},
	} {
		r := cancellation.Request{State: tt.state, Unanswered: tt.unanswered, WaitUntil: tt.wait}
		if tt.state == cancellation.Done {
			r.Outcome = cancellation.Unknown
		}
		if !tt.begun.IsZero() {
			r.Begin(cancellation.CallEffect, tt.begun)
		}
		if got := outcome.CallPending(r, now); got != tt.open {
			t.Errorf("%s: Open() = %t", tt.name, got)
		}
		if got := outcome.CanStop(r); got != tt.stoppable {
			t.Errorf("%s: CanStop() = %t", tt.name, got)
		}
	}
}

// record changes a request in one commit, as a step does.
func record(h *steptest.Fixture, f func(*store.Tx) error) error { return h.Store.Do(h.Context(), f) }
