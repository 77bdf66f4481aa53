package handlers

import (
	"errors"

	"meetingbot/bot"
	"meetingbot/internal/jobs"
	"meetingbot/meetingapi"
)

// permanent reports whether trying the same again can't help.
func permanent(err error) bool {
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

// classOf names the class of an error in the word that the wording knows.
func classOf(err error) string {
	if _, ours := errors.AsType[*bot.Error](err); ours {
		return bot.Class(err)
	}
	return meetingapi.ClassOf(err).String()
}

// retryLater has a step tried again when the other side said it may be.
func retryLater(err error) error {
	if e, ok := errors.AsType[*bot.Error](err); ok && e.RetryAfter > 0 {
		return &jobs.Later{Err: err, After: e.RetryAfter}
	}
	if wait := meetingapi.RetryAfter(err); wait > 0 {
		return &jobs.Later{Err: err, After: wait}
	}
	return err
}
