package meetingapi

import (
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// checkResponse is the only place where an answer becomes an error. It returns nil for
// a success and an *Error for everything else.
func (s *session) checkResponse(rep reply) error {
	said := rep.Refusal()
	// The body of a successful change is not documented, but it is never an HTML page:
	// that is a proxy's login page, which comes with a 200 too.
	if rep.Good() && said.Code == "" && (!rep.call.Change || !isPage(rep)) {
		return nil
	}
	e := &Error{Op: rep.call.op, Target: rep.call.target, Status: rep.Status, RequestID: cmp.Or(rep.RequestID(), said.RequestID)}
	e.Code, e.Message = said.Quotable()
	class, known := s.class(rep.call.op, said.Code, said.Name)
	if !known {
		class = statusClass(rep, said)
		if !said.JSON {
			e.Message = rep.Describe()
		}
	}
	e.Class = outcome(class, known, rep)
	if login := rep.call.login; login != nil {
		e.refuseLogin(login, rep.Skew(s.Now()))
	}
	if e.Class == ClassThrottled || e.Class == ClassTransient || e.Class == ClassLocked || rep.Status == http.StatusServiceUnavailable {
		e.RetryAfter = rep.RetryAfter(s.Now())
	}
	if e.Class == ClassThrottled && e.RetryAfter == 0 {
		// Huawei's advice for APIG.0308; the random part spreads the callers.
		e.RetryAfter = 2*time.Second + rand.N(3*time.Second)
	}
	return e
}

// outcome adapts a class to the call. A change is known not to have happened only if
// the service said so, with a known code or a status that means refusal; a proxy's error
// page or text leaves it open. A read never has an unknown outcome.
func outcome(class Class, known bool, rep reply) Class {
	if !rep.call.Change {
		if class == ClassUnknownOutcome {
			return ClassServer
		}
		return class
	}
	if class == ClassServer {
		return ClassUnknownOutcome
	}
	if known {
		return class
	}
	switch rep.Status {
	case 400, 403, 405, 412, 415, 423:
		if isForeign(rep) {
			return ClassUnknownOutcome
		}
		return class
	case 401, 413, 414, 429, 431: // refused before processing, by the service or a proxy
		return class
	}
	return ClassUnknownOutcome
}

// unanswered is the only place where a call without an answer becomes an error.
func unanswered(r call, n *wire.NoAnswer) *Error {
	e := &Error{Op: r.op, Target: r.target, Class: ClassUnavailable, RetryAfter: n.After, final: n.Final, cause: n.Cause}
	switch n.Why {
	case wire.UsedUp:
		e.Class, e.Message = ClassThrottled, "rate limit used up; nothing was sent"
	case wire.Invalid:
		e.Class, e.Message = ClassBadRequest, "request could not be built"
	case wire.NotSent:
		e.Message = "nothing was sent"
	case wire.Lost:
		e.Message = "no answer"
		if r.Change {
			e.Class = ClassUnknownOutcome
		}
	}
	if n.Canceled {
		e.Class = ClassCanceled
	}
	return e
}

func (r reply) decode(v any) error {
	if r.Broken != nil {
		e := r.malformed("answer broke off")
		e.cause = r.Broken
		return e
	}
	if err := json.Unmarshal(r.Body, v); err != nil {
		return r.malformed("answer is not the expected JSON")
	}
	return nil
}

// malformed returns the error for an answer with a good status but bad content. It is
// temporary: a read is retried.
func (r reply) malformed(message string) *Error {
	return &Error{Op: r.call.op, Target: r.call.target, Class: ClassServer, Status: r.Status, Message: message, RequestID: r.RequestID()}
}
