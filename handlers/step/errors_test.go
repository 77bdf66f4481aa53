package step_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/outcome"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestClasses checks for every class of error from the meeting service whether it is
// permanent, whether it is about the login, and whether the answer names the service's wait.
func TestClasses(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for class, want := range map[meetingapi.Class]struct{ permanent, login, waits bool }{
		meetingapi.ClassOther:          {},
		meetingapi.ClassNotFound:       {permanent: true},
		meetingapi.ClassStarted:        {},
		meetingapi.ClassNotStarted:     {},
		meetingapi.ClassEnded:          {permanent: true},
		meetingapi.ClassTransient:      {waits: true},
		meetingapi.ClassDenied:         {permanent: true},
		meetingapi.ClassBadRequest:     {permanent: true},
		meetingapi.ClassAuth:           {}, // a new token may be accepted
		meetingapi.ClassCredentials:    {permanent: true, login: true},
		meetingapi.ClassClock:          {permanent: true, login: true},
		meetingapi.ClassLocked:         {permanent: true, login: true},
		meetingapi.ClassWrongSite:      {permanent: true},
		meetingapi.ClassThrottled:      {waits: true},
		meetingapi.ClassServer:         {waits: true},
		meetingapi.ClassUnavailable:    {waits: true},
		meetingapi.ClassUnknownOutcome: {},
		meetingapi.ClassCanceled:       {},
		meetingapi.ClassAmbiguous:      {permanent: true},
		meetingapi.ClassKindUnknown:    {permanent: true},
		meetingapi.ClassMeetingLocked:  {permanent: true},
	} {
		err := error(&meetingapi.Error{Class: class, RequestID: "ref-1", RetryAfter: 2 * time.Hour})
		if class == meetingapi.ClassOther {
			err = errors.New("something else")
		}
		err = fmt.Errorf("while looking it up: %w", err)
		until := time.Time{}
		if want.waits {
			until = now.Add(2 * time.Hour)
		}
		if got := step.Permanent(err); got != want.permanent {
			t.Errorf("Permanent(%s) = %t, want %t", class, got, want.permanent)
		}
		if got := outcome.IsLoginProblem(class.String()); got != want.login {
			t.Errorf("IsLoginProblem(%s) = %t, want %t", class, got, want.login)
		}
		a := step.LookupFailed(err, now)
		if a.Kind != answer.LookupFailed || a.Class != class.String() || !a.Until.Equal(until) || (a.Reference == "ref-1") != (class != meetingapi.ClassOther) {
			t.Errorf("LookupFailed(%s) = %s of class %q until %v, reference %q; want until %v", class, a.Kind, a.Class, a.Until, a.Reference, until)
		}
	}
}

// TestShortWaits checks that waits of up to LongestWait aren't named.
func TestShortWaits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for wait, want := range map[time.Duration]time.Time{
		0: {}, time.Second: {}, step.LongestWait: {}, step.LongestWait + time.Second: now.Add(step.LongestWait + time.Second),
	} {
		err := &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: wait}
		if got := step.AskedToWait(err, now); !got.Equal(want) {
			t.Errorf("AskedToWait(%s) = %v, want %v", wait, got, want)
		}
		if got := step.AskedToWait(fmt.Errorf("looking up: %w", &bot.Error{RetryAfter: wait}), now); !got.Equal(want) {
			t.Errorf("AskedToWait(%s of Slack) = %v, want %v", wait, got, want)
		}
	}
}

// TestSlackFailures checks which Slack errors are permanent. Those that an operator can fix
// never are.
func TestSlackFailures(t *testing.T) {
	t.Parallel()
	for code, permanent := range map[string]bool{
		"is_archived":           true,
		"channel_not_found":     true,
		"message_not_found":     true,
		"user_not_found":        true,
		"invalid_blocks":        true,
		"token_revoked":         false,
		"invalid_auth":          false,
		"missing_scope":         false,
		"internal_error":        false,
		"messages_tab_disabled": false,
	} {
		err := fmt.Errorf("while answering: %w", steptest.SlackError(t, code))
		if got := step.Permanent(err); got != permanent {
			t.Errorf("Permanent(%s) = %t, want %t", code, got, permanent)
		}
		if got := step.ClassOf(err); got != "slack_"+bot.Class(errors.Unwrap(err)) || got == "slack_other" {
			t.Errorf("ClassOf(%s) = %q, want a class of Slack's own", code, got)
		}
	}
	if step.Permanent(context.DeadlineExceeded) || step.ClassOf(context.DeadlineExceeded) != "unavailable" {
		t.Errorf("a timeout is of class %s, permanent: %t", step.ClassOf(context.DeadlineExceeded), step.Permanent(context.DeadlineExceeded))
	}
}

// TestRetryLater checks that a requested wait is obeyed, the meeting service's for a minute
// at most, and that other errors are left to the queue.
func TestRetryLater(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err   error
		after time.Duration // zero: as the queue likes
	}{
		"no wait":               {steptest.Failure(meetingapi.ClassUnavailable), 0},
		"anything":              {errors.New("anything"), 0},
		"the service's":         {&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 7 * time.Second}, 7 * time.Second},
		"the service's, long":   {&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: time.Hour}, time.Minute},
		"Slack's":               {steptest.SlackWait(t, 7*time.Second), 7 * time.Second},
		"Slack's, however long": {steptest.SlackWait(t, time.Hour), time.Hour},
	} {
		got := step.RetryLater(tt.err)
		later, waits := errors.AsType[*jobs.Later](got)
		if waits != (tt.after > 0) || waits && later.After != tt.after || !errors.Is(got, tt.err) {
			t.Errorf("RetryLater(%s) = %v, want to wait for %s and keep the error", name, got, tt.after)
		}
	}
}

func TestIsConflict(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		store.ErrConflict: true,
		errors.Join(errors.New("x"), store.ErrConflict): true,
		store.ErrNotFound:  false,
		store.ErrDuplicate: false,
	} {
		if got := step.IsConflict(err); got != want {
			t.Errorf("IsConflict(%v) = %t", err, got)
		}
	}
}
