package step_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/meetingapi"
)

// probeStep is a step for tests that run a function on a Visit.
const probeStep jobs.Step = "probe"

// probe makes the fixture run f for every envelope that arrives at probeStep.
func probe(f func(context.Context, *step.Visit) error) func(*steptest.Fixture) {
	return func(h *steptest.Fixture) {
		h.Queue.Handle(probeStep, "envelope", step.OfEnvelope(h.Deps, f))
	}
}

// clicked returns a click of Ana's.
func clicked(id cancellation.ID) *step.Envelope {
	return &step.Envelope{
		Person: steptest.Ana, Channel: steptest.Channel, Response: "https://hooks.example.com/click/" + steptest.Ana, Request: id, Action: action.Keep,
	}
}

// TestRefuse checks what is recorded of a request refused before it had a card.
func TestRefuse(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		kind  answer.Kind
		class string
		state cancellation.State // of the request before the refusal; empty: received
		want  string
		why   string
		trail string
	}{
		{kind: answer.NotAllowed, want: "refused", why: "not_allowed", trail: "requested refused"},
		{kind: answer.Guest, want: "refused", why: "guest", trail: "requested refused"},
		{kind: answer.NotRecurring, want: "refused", why: "not_recurring", trail: "requested refused"},
		{kind: answer.TooLate, want: "refused", why: "too_late", trail: "requested refused"},
		{kind: answer.NotFound, want: "gone", why: "not_found", trail: "requested refused"},
		{kind: answer.AlreadyEnded, want: "gone", why: "already_ended", trail: "requested refused"},
		{kind: answer.LookupFailed, class: "unavailable", want: "failed", why: "unavailable", trail: "requested refused"},
		{kind: answer.Busy, class: "credentials", want: "failed", why: "credentials", trail: "requested refused"},
		{kind: answer.CannotPostHere, want: "failed", why: "cannot_post_here", trail: "requested refused"},
		{kind: answer.TooMany, want: "refused", why: "too_many", trail: ""}, // one person's typing must not fill the trail
		{kind: answer.NotAllowed, state: cancellation.Asked, want: "asked"}, // another run has shown the card
		{kind: answer.NotAllowed, state: cancellation.Expired, want: "expired"},
	} {
		t.Run(string(row.kind)+" "+string(row.state), func(t *testing.T) {
			t.Parallel()
			refuse := func(ctx context.Context, v *step.Visit) error {
				r, err := v.Request(ctx)
				if err != nil {
					return err
				}
				r.Meeting.ID = steptest.Number
				return v.Refuse(ctx, r, answer.Answer{Kind: row.kind, Class: row.class, Reference: "ref-1"})
			}
			steptest.Run(t, probe(refuse), func(h *steptest.Fixture) {
				in := steptest.Typed()
				if row.state != "" {
					in = clicked(h.Insert(steptest.Number, func(r *cancellation.Request) { r.State = row.state }))
				}
				h.Arrive(probeStep, in)
				h.Pass(time.Second)
				r := h.Stored(in.Request)
				if got := steptest.Outcome(r); got != row.want || r.Why != row.why || h.Trail() != row.trail {
					t.Errorf("the request is %s for %q, the trail is %q; want %s for %q, %q", got, r.Why, h.Trail(), row.want, row.why, row.trail)
				}
				if row.state == "" && (r.Response.URL != "" || r.Meeting.ID != steptest.Number || r.Reference != "ref-1" || r.ClosedAt.IsZero()) {
					t.Errorf("recorded is %+v, want the meeting found and no credential", r.Request)
				}
				if n := len(h.Chat.Texts("respond", steptest.Ana)); n != 1 {
					t.Errorf("Ana was told %d times", n)
				}
				h.WantIdle()
			})
		})
	}
}

// TestCannotServe checks for each cause how often the run is tried, what the person is told,
// and that no card is closed.
func TestCannotServe(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		cause error
		runs  int
		told  string
	}{
		{"unavailable", steptest.Failure(meetingapi.ClassUnavailable), 3, "Try again in a minute"},
		{"any other error", errors.New("anything"), 3, "Try again in a minute"},
		{"a refusal", steptest.Failure(meetingapi.ClassDenied), 1, "isn't allowed to do this"},
		{"the login is locked", steptest.Failure(meetingapi.ClassLocked), 1, "is locked"},
		{"a short wait", &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 2 * time.Second}, 3, "too many requests"},
		{"a long wait", &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 2 * time.Hour}, 1, "can't be done just now"},
		{"a long wait for Slack", steptest.SlackWait(t, time.Hour), 1, "can't be done just now"},
		{"a short wait for Slack", steptest.SlackWait(t, 5*time.Second), 3, "can't be done just now"},
	} {
		for _, click := range []bool{false, true} {
			t.Run(row.name+map[bool]string{false: ", typed", true: ", clicked"}[click], func(t *testing.T) {
				t.Parallel()
				runs := 0
				steptest.Run(t, probe(func(ctx context.Context, v *step.Visit) error { runs++; return v.CannotServe(ctx, row.cause) }), func(h *steptest.Fixture) {
					in, want, trail := steptest.Typed(), "failed", "requested refused"
					if click {
						in, want, trail = clicked(h.Insert(steptest.Number, nil)), "asked", ""
					}
					h.Arrive(probeStep, in)
					h.Pass(30 * time.Second)
					if runs != row.runs || !h.Chat.WasTold(steptest.Ana, row.told) || len(h.Chat.Texts("respond", steptest.Ana)) != 1 {
						t.Errorf("after %d runs Ana was told %q, want %q once after %d", runs, h.Chat.Texts("respond", steptest.Ana), row.told, row.runs)
					}
					if r := h.Stored(in.Request); steptest.Outcome(r) != want || h.Trail() != trail {
						t.Errorf("the request is %s, the trail is %q; want %s, %q", steptest.Outcome(r), h.Trail(), want, trail)
					}
					h.WantIdle()
				})
			})
		}
	}
}

// silentGroups is a Slack that takes as long as it is given to name a group's members.
type silentGroups struct{ access.Slack }

func (silentGroups) GroupMembers(ctx context.Context, _ bot.GroupID) ([]bot.UserID, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// hurried and hurriedDM are a Slack that begins no message in the last seconds of a run, like the
// real client.
type (
	hurried   struct{ step.Slack }
	hurriedDM struct{ card.Slack }
)

func (s hurried) Respond(ctx context.Context, to bot.Secret, r bot.Response) error {
	if tooLate(ctx, 1500*time.Millisecond) {
		return bot.ErrNotSent
	}
	return s.Slack.Respond(ctx, to, r)
}

func (s hurriedDM) DM(ctx context.Context, to bot.UserID, m bot.Message) (bot.MessageRef, error) {
	if tooLate(ctx, 3500*time.Millisecond) {
		return bot.MessageRef{}, bot.ErrNotSent
	}
	return s.Slack.DM(ctx, to, m)
}

func tooLate(ctx context.Context, needs time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < needs
}

// TestNothingIsSaid: Slack doesn't say who the person is, or who is in a user group, or a look-up
// takes all the time it may. They are told that nothing was done: asking must not take the time that
// telling them needs.
func TestNothingIsSaid(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		slow time.Duration // how long Slack takes to name a person
		ask  func(context.Context, *step.Visit) error
	}{
		"who they are": {time.Hour, func(ctx context.Context, v *step.Visit) error { return v.Identify(ctx) }},
		"what they may": {0, func(ctx context.Context, v *step.Visit) error {
			r, err := v.Request(ctx)
			if err := errors.Join(err, v.Identify(ctx)); err != nil {
				return err
			}
			_, err = v.May(ctx, access.Confirm, r.Request)
			return err
		}},
		"what they ask for": {0, func(ctx context.Context, v *step.Visit) error {
			ctx, cancel := v.Within(ctx, step.LookUpTime)
			defer cancel()
			<-ctx.Done()
			return ctx.Err()
		}},
	} {
		for _, by := range []string{"respond", "dm"} {
			t.Run(name+", "+by, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, func(h *steptest.Fixture) {
					h.Slack = hurried{h.Slack}
					h.Access.Slack, h.Access.Users, h.Access.Groups = silentGroups{h.Access.Slack}, nil, []string{"S1"}
					h.Board = card.New(card.Options{Slack: hurriedDM{h.Chat}, Views: h.Views, Now: h.Store.Now, Log: h.Log, Latest: step.ShownNow(h.Store.Requests)})
					h.Chat.Slow("person", row.slow)
					probe(func(ctx context.Context, v *step.Visit) error {
						if err := row.ask(ctx, v); err != nil {
							return v.CannotServe(ctx, err)
						}
						return v.Say(ctx, answer.Answer{Kind: answer.NotFound})
					})(h)
				}, func(h *steptest.Fixture) {
					in := steptest.Typed()
					if by == "dm" {
						in.Response, in.Channel = "", "" // as from Home, or a modal
					}
					h.Arrive(probeStep, in)
					h.Pass(30 * time.Second)
					if told := h.Chat.Texts(by, steptest.Ana); len(told) != 1 || !strings.Contains(told[0], "can't be done just now") && !strings.Contains(told[0], "Try again") {
						t.Errorf("Ana was told %q, want once that it can't be done", told)
					}
					h.WantIdle()
				})
			})
		}
	}
}

// TestAlreadyHandled checks that a handled envelope is not handled again.
func TestAlreadyHandled(t *testing.T) {
	t.Parallel()
	runs := 0
	steptest.Run(t, probe(func(ctx context.Context, v *step.Visit) error {
		runs++
		return v.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
	}), func(h *steptest.Fixture) {
		in := clicked("nothing")
		h.Arrive(probeStep, in)
		h.Pass(time.Second)
		h.Enqueue(probeStep, cancellation.ID(in.ID)) // as if the process had died before recording the end of the job
		h.Pass(time.Second)
		if said := h.Chat.Texts("respond", steptest.Ana); runs != 1 || len(said) != 1 {
			t.Errorf("handled in %d runs, said %q; want one", runs, said)
		}
		h.WantIdle()
	})
}
