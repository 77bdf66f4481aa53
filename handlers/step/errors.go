package step

import (
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/outcome"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// IsConflict reports whether somebody else was first: a request has changed since it
// was read, and what was to be done is no longer possible.
func IsConflict(err error) bool { return errors.Is(err, store.ErrConflict) }

// IgnoreConflict returns nil for a conflict, where whoever was first leaves nothing to do.
func IgnoreConflict(err error) error {
	if IsConflict(err) {
		return nil
	}
	return err
}

// Permanent reports whether trying the same again can't help. What an operator
// can mend at Slack is not permanent; a login that the meeting service refuses is,
// for somebody is waiting.
func Permanent(err error) bool {
	if _, ours := errors.AsType[*bot.Error](err); ours {
		return bot.Permanent(err)
	}
	switch meetingapi.ClassOf(err) {
	case meetingapi.ClassDenied, meetingapi.ClassBadRequest, meetingapi.ClassCredentials, meetingapi.ClassClock,
		meetingapi.ClassLocked, meetingapi.ClassWrongSite, meetingapi.ClassNotFound, meetingapi.ClassEnded, meetingapi.ClassKindUnknown, meetingapi.ClassMeetingLocked:
		return true
	default:
		return false
	}
}

// ClassOf names the class of an error in the word that the wording knows.
func ClassOf(err error) string {
	if _, ours := errors.AsType[*bot.Error](err); ours {
		return outcome.SlackClass + bot.Class(err)
	}
	return meetingapi.ClassOf(err).String()
}

// LookupFailed says that meetings could not be read, and until when the service asked the
// bot to wait.
func LookupFailed(err error, now time.Time) answer.Answer {
	return answer.Answer{Kind: answer.LookupFailed, Class: ClassOf(err), Reference: meetingapi.RequestID(err), Until: AskedToWait(err, now)}
}

// AskedToWait is until when the service, or Slack, asked the bot to wait; zero if that is
// no longer than people are told to wait by themselves.
func AskedToWait(err error, now time.Time) time.Time {
	wait := meetingapi.RetryAfter(err)
	switch meetingapi.ClassOf(err) {
	case meetingapi.ClassThrottled, meetingapi.ClassTransient, meetingapi.ClassServer, meetingapi.ClassUnavailable:
	default:
		wait = 0 // what else takes a while has a sentence of its own
	}
	if e, ours := errors.AsType[*bot.Error](err); ours {
		wait = e.RetryAfter
	}
	if wait > LongestWait {
		return now.Add(wait)
	}
	return time.Time{}
}

// RetryLater has a step tried again when the other side said it may be.
func RetryLater(err error) error {
	if e, ok := errors.AsType[*bot.Error](err); ok && e.RetryAfter > 0 {
		return &jobs.Later{Err: err, After: e.RetryAfter}
	}
	if wait := meetingapi.RetryAfter(err); wait > 0 {
		return &jobs.Later{Err: err, After: min(wait, LongestWait)}
	}
	return err
}

// Soonest is how long to wait after failures of several things that a step does side by
// side, joined, until any of them may be tried again: each of the others says again then how
// long it has to wait. It is zero if one of them asks for no wait.
func Soonest(err error) time.Duration {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		later, _ := errors.AsType[*jobs.Later](RetryLater(err))
		if later == nil {
			return 0
		}
		return later.After
	}
	var waits []time.Duration
	for _, e := range joined.Unwrap() {
		waits = append(waits, Soonest(e))
	}
	return slices.Min(waits)
}
