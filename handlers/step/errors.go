package step

import (
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/outcome"
	"meetingbot/internal/jobs"
	"meetingbot/meetingapi"
)

// Permanent reports whether a retry can't help. Slack errors that an operator can fix
// aren't permanent. A login refused by the meeting service is, because a person is waiting.
func Permanent(err error) bool {
	if _, ours := errors.AsType[*bot.Error](err); ours {
		return bot.Permanent(err)
	}
	switch meetingapi.ClassOf(err) {
	case meetingapi.ClassDenied, meetingapi.ClassBadRequest, meetingapi.ClassCredentials, meetingapi.ClassClock,
		meetingapi.ClassLocked, meetingapi.ClassWrongSite, meetingapi.ClassNotFound, meetingapi.ClassAmbiguous, meetingapi.ClassEnded, meetingapi.ClassKindUnknown, meetingapi.ClassMeetingLocked:
		return true
	default:
		return false
	}
}

// ClassOf returns the class of an error under the name the wording uses.
func ClassOf(err error) string {
	if _, ours := errors.AsType[*bot.Error](err); ours {
		return outcome.SlackClass + bot.Class(err)
	}
	return meetingapi.ClassOf(err).String()
}

// LookupFailed returns the answer that meetings could not be read, with the time until
// which the service asked the bot to wait.
func LookupFailed(err error, now time.Time) answer.Answer {
	return answer.Answer{Kind: answer.LookupFailed, Class: ClassOf(err), Reference: meetingapi.RequestID(err), Until: AskedToWait(err, now)}
}

// AskedToWait returns the time until which the service or Slack asked the bot to wait. It
// is zero for waits of up to LongestWait: people are told to try again in a minute anyway.
func AskedToWait(err error, now time.Time) time.Time {
	wait := meetingapi.RetryAfter(err)
	switch meetingapi.ClassOf(err) {
	case meetingapi.ClassThrottled, meetingapi.ClassTransient, meetingapi.ClassServer, meetingapi.ClassUnavailable:
	default:
		wait = 0 // the other classes have their own wording
	}
	if e, ours := errors.AsType[*bot.Error](err); ours {
		wait = e.RetryAfter
	}
	if wait > LongestWait {
		return now.Add(wait)
	}
	return time.Time{}
}

// RetryLater makes the queue retry a step once the wait that err asks for is over. The
// meeting service's waits are cut to LongestWait.
func RetryLater(err error) error {
	if e, ok := errors.AsType[*bot.Error](err); ok && e.RetryAfter > 0 {
		return &jobs.Later{Err: err, After: e.RetryAfter}
	}
	if wait := meetingapi.RetryAfter(err); wait > 0 {
		return &jobs.Later{Err: err, After: min(wait, LongestWait)}
	}
	return err
}
