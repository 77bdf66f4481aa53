package step

import (
	"errors"

	"meetingbot/bot"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// IsConflict reports whether somebody else was first: a request has changed since it
// was read, and what was to be done is no longer possible.
func IsConflict(err error) bool { return errors.Is(err, store.ErrConflict) }

// Permanent reports whether trying the same again can't help. What an operator
// can mend at Slack is not permanent; a login that the meeting service refuses is,
// for somebody is waiting.
func Permanent(err error) bool {
	if _, ours := errors.AsType[*bot.Error](err); ours {
		return bot.Permanent(err)
	}
	switch meetingapi.ClassOf(err) {
	case meetingapi.ClassDenied, meetingapi.ClassBadRequest, meetingapi.ClassCredentials, meetingapi.ClassClock,
		meetingapi.ClassLocked, meetingapi.ClassWrongSite, meetingapi.ClassNotFound, meetingapi.ClassEnded:
		return true
	default:
		return false
	}
}

// ClassOf names the class of an error in the word that the wording knows.
func ClassOf(err error) string {
	if _, ours := errors.AsType[*bot.Error](err); ours {
		return bot.Class(err)
	}
	return meetingapi.ClassOf(err).String()
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
