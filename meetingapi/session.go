package meetingapi

import (
	"time"

	"meetingbot/meetingapi/internal/token"
	"meetingbot/meetingapi/internal/wire"
)

// session is what a Reader and its Canceler share: connections, token and rate
// limits. Its Config has its defaults filled in. Code outside this package can't reach
// it, so a Reader can't be used to send a DELETE.
type session struct {
	Config

	classes  map[string]Class // by code and by name
	tokens   token.Keeper
	gate     *wire.Gate
	endpoint wire.Endpoint
}

// Call is one exchange with the service, as Observe sees it.
type Call struct {
	Method    string
	Operation Operation
	Status    int           // 0 if there was no answer
	Class     Class         // ClassNone on success
	Duration  time.Duration // from asking for a connection to the end of the answer
	RequestID string
}

// Operation names a call of the API in errors, logs and metrics.
type Operation string

// The operations.
const (
	OpLogin             Operation = "login"
	OpMeeting           Operation = "meeting"
	OpInvitees          Operation = "invitees"
	OpUpcoming          Operation = "upcoming"
	OpRunning           Operation = "running"
	OpAttendees         Operation = "attendees"
	OpHistory           Operation = "history"
	OpUser              Operation = "user"
	OpUserByEmail       Operation = "user_by_email"
	OpMember            Operation = "member"
	OpCancel            Operation = "cancel"
	OpCancelSeries      Operation = "cancel_series"
	OpCancelOccurrences Operation = "cancel_occurrences"
)

func (o Operation) aboutUser() bool { return o == OpUser || o == OpUserByEmail || o == OpMember }

// unsent returns the error of a call that is invalid and was not sent.
func unsent(op Operation, target string, class Class, message string) *Error {
	return &Error{Op: op, Target: target, Class: class, Message: message + "; nothing was sent", final: true}
}
