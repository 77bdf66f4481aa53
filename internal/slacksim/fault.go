package slacksim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Kind is a way to fail.
type Kind string

// The kinds of faults.
const (
	FaultError             Kind = "error"               // ok false with Fault.Error; 404 for what is no method
	FaultRateLimit         Kind = "rate_limit"          // 429 with Retry-After
	FaultRateLimitNoHeader Kind = "rate_limit_noheader" // 429 without it
	FaultHTTP              Kind = "http"                // Fault.Status (500) with an HTML page
	FaultHalf              Kind = "half"                // half of an answer, then the end
	FaultHang              Kind = "hang"                // no answer until the caller gives up
	FaultReset             Kind = "reset"               // the connection is reset
	FaultSlow              Kind = "slow"                // Fault.Delay, then as usual if the caller still waits
	FaultLate              Kind = "late"                // Fault.Delay, then as usual, whether or not the caller still waits
)

// A Fault makes calls fail. The zero Times and For mean: until [Server.ClearFaults].
type Fault struct {
	// Method is a Web API method, "response_url" or "socket" (the upgrade); empty: every
	// Web API method.
	Method string `json:"method"`
	Kind   Kind   `json:"kind"`
	Error  string `json:"error"`  // of FaultError; "internal_error" if empty
	Needed string `json:"needed"` // of FaultError with missing_scope

	RetryAfter  int           `json:"retry_after"` // whole seconds, of FaultRateLimit
	Status      int           `json:"status"`      // of FaultHTTP; 500 if zero; of FaultError; 200 if zero
	Delay       time.Duration `json:"delay"`       // nanoseconds, before all else
	Skip        int           `json:"skip"`        // so many calls pass first
	Times       int           `json:"times"`
	For         time.Duration `json:"for"`         // nanoseconds from now by the workspace's clock
	Probability float64       `json:"probability"` // 0 and 1: always
	After       bool          `json:"after"`       // the call takes effect, then the fault answers
	Channel     string        `json:"channel"`     // only calls with this channel
	TS          string        `json:"ts"`          // only calls about this message
}

type fault struct {
	Fault
	left, pass int
	until      time.Time // zero: no end
}

// Fault injects a fault. If several match a call, the oldest one that isn't used up
// applies.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ordered := &fault{Fault: f, left: f.Times, pass: f.Skip}
	if f.For > 0 {
		ordered.until = s.opts.Now().Add(f.For)
	}
	s.faults = append(s.faults, ordered)
}

// ClearFaults ends all faults and the delay. Calls that hang keep hanging until their
// caller gives up.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.delay = nil, 0
}

// Delay makes every Web API call and every use of a response URL take d longer, before
// it takes effect.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// nextFault uses the fault that hits the call, if any, and says how long the call
// must wait.
func (s *Server) nextFault(method string, form map[string]string) (f Fault, faulty bool, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	s.faults = slices.DeleteFunc(s.faults, func(f *fault) bool { return !f.until.IsZero() && !now.Before(f.until) })
	for i, f := range s.faults {
		if !f.concerns(method, form) || !f.strikes(s.opts.Chance) {
			continue
		}
		if f.Times > 0 {
			f.left--
			if f.left == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return f.Fault, true, s.delay + f.Delay
	}
	return Fault{}, false, s.delay
}

func (f *fault) concerns(method string, form map[string]string) bool {
	named := f.Method == method || f.Method == "" && method != hookMethod && method != socketMethod
	return named && (f.Channel == "" || f.Channel == form["channel"]) && (f.TS == "" || f.TS == form["ts"])
}

// strikes takes the calls that pass first, and draws.
func (f *fault) strikes(chance func() float64) bool {
	if f.pass > 0 {
		f.pass--
		return false
	}
	return f.Probability <= 0 || f.Probability >= 1 || chance() < f.Probability
}

// response is the fault's answer, and false for those that give none.
func (f Fault) response(method string, granted []string) (response, bool) {
	switch f.Kind {
	case FaultError:
		if method == hookMethod || method == socketMethod { // these refuse by their status
			code := orDefault(f.Error, "no_service")
			return response{status: orStatus(f.Status, http.StatusNotFound), kind: "text/plain", body: []byte(code), err: code}, true
		}
		body := refusal{Error: orDefault(f.Error, "internal_error")}
		if body.Error == "missing_scope" {
			body.Needed, body.Provided = f.Needed, strings.Join(granted, ",")
		}
		return response{status: orStatus(f.Status, http.StatusOK), body: encode(body), err: body.Error}, true
	case FaultRateLimit, FaultRateLimitNoHeader:
		limited := rateLimited(f.RetryAfter)
		if f.Kind == FaultRateLimitNoHeader {
			limited.header = nil
		}
		return limited, true
	case FaultHTTP:
		status := orStatus(f.Status, http.StatusInternalServerError)
		page := response{status: status, kind: "text/html; charset=utf-8", err: string(f.Kind)}
		page.body = []byte("<!DOCTYPE html><html><head><title>Server Error</title></head><body>Sorry!</body></html>")
		return page, true
	default: // the others give no whole answer
		return response{}, false
	}
}

func orStatus(status, fallback int) int {
	if status == 0 {
		return fallback
	}
	return status
}

// rateLimited is https://docs.slack.dev/apis/web-api/rate-limits/#responding.
func rateLimited(seconds int) response {
	body := refusal{Error: "ratelimited"}
	return response{
		status: http.StatusTooManyRequests, body: encode(body), err: body.Error,
		header: http.Header{"Retry-After": {strconv.Itoa(seconds)}},
	}
}
