package meetingapi

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"meetingbot/meetingapi/internal/wire"
)

// failure is the body of an error in all known spellings: the documented one, that of
// older services (returnCode 0 is success), and the gateway's, which adds a request
// id.
type failure struct {
	ErrorCode  wire.Text   `json:"error_code"`
	ErrorMsg   wire.Text   `json:"error_msg"`
	OldCode    wire.Text   `json:"errorCode"`
	OldMsg     wire.Text   `json:"errorMsg"`
	ReturnCode wire.Number `json:"returnCode"`
	ReturnDesc wire.Text   `json:"returnDesc"`
	RequestID  wire.Text   `json:"request_id"`
}

// code returns the failure's code, or "" for a success or a body without one.
func (f failure) code() string {
	switch {
	case f.ErrorCode != "" && f.ErrorCode != "0":
		return string(f.ErrorCode)
	case f.OldCode != "" && f.OldCode != "0":
		return string(f.OldCode)
	case f.ReturnCode.N != 0:
		return strconv.Itoa(f.ReturnCode.N)
	}
	return ""
}

func (f failure) message() string {
	for _, m := range []wire.Text{f.ErrorMsg, f.OldMsg, f.ReturnDesc} {
		if m != "" {
			return string(m)
		}
	}
	return ""
}

// checkResponse is the only place where HTTP becomes Go. It returns nil for a success
// and an *Error for everything else.
func (s *session) checkResponse(rep reply, header http.Header) error {
	var f failure
	understood := json.Unmarshal(rep.body, &f) == nil
	if !understood {
		f = failure{}
	}
	code := f.code()
	good := rep.status >= 200 && rep.status < 300
	if good && code == "" {
		return nil
	}
	e := &Error{
		Op: rep.call.op, Target: rep.call.target, Status: rep.status, Code: shaped(code, codeShape), Message: shaped(f.message(), nameShape),
		RequestID: rep.requestID,
	}
	if rep.call.op == OpLogin {
		e.Skew = skew(header, s.Now())
	}
	if e.RequestID == "" {
		e.RequestID = shaped(string(f.RequestID), idShape)
	}
	class, known := s.class(rep.call.op, code, f.message())
	if !known {
		class = statusClass(rep, code != "", understood)
		if !understood {
			e.Message = describe(rep, header)
		}
	}
	e.Class = outcome(class, known, rep)
	if e.Class == ClassThrottled || e.Class == ClassTransient || e.Class == ClassLocked || rep.status == http.StatusServiceUnavailable {
		e.RetryAfter = retryAfter(header, s.Now())
	}
	if e.Class == ClassThrottled && e.RetryAfter == 0 {
		// Huawei's advice for APIG.0308; the random part spreads the callers.
		e.RetryAfter = 2*time.Second + rand.N(3*time.Second)
	}
	return e
}

// outcome adapts a class to the call. A change is known not to have happened only if
// the service said so, with a known code or a status that means refusal. A read has
// no outcome to be unknown.
func outcome(class Class, known bool, rep reply) Class {
	if !rep.call.change {
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
	switch rep.status {
	case 400, 401, 403, 405, 412, 413, 414, 415, 423, 429, 431:
		return class
	}
	return ClassUnknownOutcome
}

// describe replaces a body that isn't JSON. It repeats none of it: an error page may
// contain the request, and with it the token.
func describe(rep reply, header http.Header) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if shaped(kind, mediaType) == "" {
		kind = "no type"
	}
	return "answer is not JSON (" + kind + ", " + strconv.Itoa(len(rep.body)) + " bytes)"
}

// What an error may quote from an answer: a media type, a code, a constant's name, a
// request id. Anything of another shape is left out entirely, because it could
// contain anything.
var (
	mediaType = regexp.MustCompile(`^[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,40}$`)
	codeShape = regexp.MustCompile(`^([A-Za-z]{1,8}\.)?-?[0-9]{1,12}$`)
	nameShape = regexp.MustCompile(`^[A-Z][A-Z0-9_]{2,80}$`)
	idShape   = regexp.MustCompile(`^[0-9A-Za-z_.-]{1,64}$`)
)

func shaped(s string, shape *regexp.Regexp) string {
	if shape.MatchString(s) {
		return s
	}
	return ""
}

// oneLine makes a caller's text safe for a log.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }), " ")
	if r := []rune(s); len(r) > 64 {
		return string(r[:64]) + "…"
	}
	return s
}

// decode reads the answer of a read into v.
func (r reply) decode(v any) error {
	if r.sizeErr != nil {
		e := r.nonsense("answer broke off")
		e.cause = r.sizeErr
		return e
	}
	if err := json.Unmarshal(r.body, v); err != nil {
		return r.nonsense("answer is not the JSON that was expected")
	}
	return nil
}

// nonsense is an answer with a good status that makes no sense. The next one may, so
// a read is retried.
func (r reply) nonsense(message string) *Error {
	return &Error{Op: r.call.op, Target: r.call.target, Class: ClassServer, Status: r.status, Message: message, RequestID: r.requestID}
}

func requestID(h http.Header) string {
	return shaped(h.Get("X-Request-Id"), idShape)
}

// skew is how far the service's clock is ahead of ours.
func skew(h http.Header, now time.Time) time.Duration {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return t.Sub(now)
}

// retryAfter reads a Retry-After of either form; 0 if there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n >= 0 {
		return time.Duration(min(n, 24*3600)) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, min(t.Sub(now), 24*time.Hour))
	}
	return 0
}

// throttle is how long an operation should pause after err.
func throttle(err error) time.Duration {
	if ClassOf(err) == ClassThrottled {
		return RetryAfter(err)
	}
	return 0
}
