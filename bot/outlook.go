package bot

import (
	"errors"
	"slices"
	"time"
)

// Temporary, NeedsOperator and Permanent tell a caller what to do after a failed call. For every *Error exactly one of them is
// true.

// Temporary reports whether the same call may succeed if simply retried later: Slack asked to wait, gave no usable answer,
// or could not be reached. After ErrUnavailable from a post, look for the message before repeating it.
func Temporary(err error) bool {
	return isAny(err, ErrThrottled, ErrUnavailable, ErrNotSent) && !Permanent(err)
}

// NeedsOperator reports whether the same call may succeed once an operator or workspace admin changes something: a token, a
// scope, a setting, a policy. It includes unknown refusals, which may not be permanent.
func NeedsOperator(err error) bool {
	if isAny(err, ErrMissingScope, ErrCredentials, ErrRefused) {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && errors.Is(e.class, ErrCannotPost) && isPolicy(e.Code)
}

// Permanent reports whether the call can never succeed: its message, conversation, person or view is deleted, archived,
// hidden or deactivated, or the call was too late or malformed. There may be another way to reach the same people.
func Permanent(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return errors.Is(err, ErrGone) // there was nothing to call
	}
	return isAny(e.class, ErrGone, ErrUneditable, ErrNoSuchPerson, ErrHashConflict, ErrBadMessage) ||
		errors.Is(e.class, ErrCannotPost) && !isPolicy(e.Code)
}

// NotMember reports whether err means that the bot isn't in the conversation or can't see it, so that inviting it helps.
func NotMember(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && errors.Is(e.class, ErrCannotPost) && slices.Contains([]string{"not_in_channel", "channel_not_found", "no_permission"}, e.Code)
}

// maxUserWait is the longest a person should wait for an answer.
const maxUserWait = 10 * time.Second

// IsLongWait reports whether Slack asks for such a long wait that a person waiting for the outcome should be answered
// another way.
func IsLongWait(err error) bool {
	wait, limited := retryAfter(err)
	return limited && wait > maxUserWait
}

// isPolicy reports whether code means that a setting, rather than missing membership, keeps the bot out.
func isPolicy(code string) bool {
	return code == "messages_tab_disabled" || code == "restricted_action" || code == "ekm_access_denied"
}

func isAny(err error, classes ...error) bool {
	return slices.ContainsFunc(classes, func(class error) bool { return errors.Is(err, class) })
}

// IsNoSuchGroup reports whether err means that a user group doesn't exist and so has no members.
func IsNoSuchGroup(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == "no_such_subteam"
}
