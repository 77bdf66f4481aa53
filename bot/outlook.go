package bot

import (
	"errors"
	"slices"
	"time"
)

// Temporary, Mendable and Permanent tell a caller what to do after a failed call. For every *Error exactly one of them is
// true.

// Temporary reports whether the same call may succeed later without anybody's help: Slack asked to wait, gave no usable
// answer, or was not reached. If a post returned ErrUnavailable, look before repeating it.
func Temporary(err error) bool {
	return isAny(err, ErrThrottled, ErrUnavailable, ErrNotSent) && !Permanent(err)
}

// Mendable reports whether the same call may succeed once somebody who runs the bot or the workspace has changed something:
// a token, a scope, a setting, a policy. It includes unclassified refusals, since nothing says that they last forever.
func Mendable(err error) bool {
	if isAny(err, ErrMissingScope, ErrCredentials, ErrRefused) {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && errors.Is(e.class, ErrCannotPost) && isPolicy(e.Code)
}

// Permanent reports whether this message, conversation, person or view is closed to the call for good: deleted, archived,
// hidden, deactivated, too late, or refused as malformed. Another way to reach the same people may be open.
func Permanent(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return errors.Is(err, ErrGone) // there never was anything to call
	}
	return isAny(e.class, ErrGone, ErrUneditable, ErrNoSuchPerson, ErrHashConflict, ErrBadMessage) ||
		errors.Is(e.class, ErrCannotPost) && !isPolicy(e.Code)
}

// tooLong is more than somebody who is waiting for an answer should be kept waiting.
const tooLong = 10 * time.Second

// HeldBack reports whether Slack asks to wait so long before the same call that somebody who waits for its outcome should
// be reached, or answered, another way.
func HeldBack(err error) bool {
	wait, limited := retryAfter(err)
	return limited && wait > tooLong
}

// isPolicy reports whether a setting, rather than the bot's membership, closes a place to it.
func isPolicy(code string) bool {
	return code == "messages_tab_disabled" || code == "restricted_action" || code == "ekm_access_denied"
}

func isAny(err error, classes ...error) bool {
	return slices.ContainsFunc(classes, func(class error) bool { return errors.Is(err, class) })
}

// NoSuchGroup reports whether Slack says that a user group does not exist: then it has no members.
func NoSuchGroup(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == "no_such_subteam"
}
