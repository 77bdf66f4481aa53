package slacksim

import (
	"cmp"
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
	FaultError             Kind = "error"               // ok false with Fault.Error; 404 for a response URL or a socket
	FaultRateLimit         Kind = "rate_limit"          // 429 with Retry-After
	FaultRateLimitNoHeader Kind = "rate_limit_noheader" // 429 without it
	FaultHTTP              Kind = "http"                // Fault.Status (500) with an HTML page
	FaultHalf              Kind = "half"                // half of a response, then the connection closes
	FaultHang              Kind = "hang"                // no answer until the caller gives up
	FaultReset             Kind = "reset"               // the connection is reset
	FaultSlow              Kind = "slow"                // waits Fault.Delay, then responds as usual if the caller hasn't given up
	FaultLate              Kind = "late"                // waits Fault.Delay, or without one until ClearFaults, then performs the call even if the caller has given up
)

// A Fault makes calls fail. With Times and For both zero it lasts until [Server.ClearFaults].
type Fault struct {
	// Method is a Web API method, "response_url" or "socket" (the upgrade). If empty,
	// the fault applies to every Web API method.
	Method string `json:"method"`
	Kind   Kind   `json:"kind"`
	Error  string `json:"error"`  // of FaultError; "internal_error" if empty
	Needed string `json:"needed"` // of FaultError with missing_scope

	RetryAfter  int           `json:"retry_after"` // whole seconds, of FaultRateLimit
	Status      int           `json:"status"`      // of FaultHTTP (500 if zero) and FaultError (200 if zero)
	Delay       time.Duration `json:"delay"`       // nanoseconds, before anything else happens
	Skip        int           `json:"skip"`        // number of calls that pass first
	Times       int           `json:"times"`
	For         time.Duration `json:"for"`         // nanoseconds from now, by the workspace's clock
	Probability float64       `json:"probability"` // 0 and 1 mean always
	After       bool          `json:"after"`       // the call takes effect, then the response is the fault
	Channel     string        `json:"channel"`     // only calls with this channel
	TS          string        `json:"ts"`          // only calls about this message
}

type fault struct {
	Fault
	left, pass int
	until      time.Time // zero: no end
}

// Fault injects a fault. If several match a call, the oldest one that isn't used up applies.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ordered := &fault{Fault: f, left: f.Times, pass: f.Skip}
	if f.For > 0 {
		ordered.until = s.opts.Now().Add(f.For)
	}
	s.faults = append(s.faults, ordered)
}

// ClearFaults removes all faults and the delay. Calls that hang keep hanging until
// their caller gives up.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.delay = nil, 0
	close(s.cleared)
	s.cleared = make(chan struct{})
}

// Delay makes every Web API call and every use of a response URL wait d before it takes effect.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// untilCleared returns a channel that the next call to ClearFaults closes.
func (s *Server) untilCleared() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cleared
}

// nextFault uses up and returns the fault that applies to the call, if any, and how
// long the call must wait.
func (s *Server) nextFault(method string, form map[string]string) (f Fault, faulty bool, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	s.faults = slices.DeleteFunc(s.faults, func(f *fault) bool { return !f.until.IsZero() && !now.Before(f.until) })
	for i, f := range s.faults {
		if !f.applies(method, form) || !f.hits(s.opts.Chance) {
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

func (f *fault) applies(method string, form map[string]string) bool {
	named := f.Method == method || f.Method == "" && method != hookMethod && method != socketMethod
	return named && (f.Channel == "" || f.Channel == form["channel"]) && (f.TS == "" || f.TS == form["ts"])
}

// hits counts down the calls that pass first, then rolls the dice.
func (f *fault) hits(chance func() float64) bool {
	if f.pass > 0 {
		f.pass--
		return false
	}
	return f.Probability <= 0 || f.Probability >= 1 || chance() < f.Probability
}

// response returns the fault's response, or false if the fault gives none.
func (f Fault) response(method string, granted []string) (response, bool) {
	switch f.Kind {
	case FaultError:
		if method == hookMethod || method == socketMethod { // these refuse by their status
			code := cmp.Or(f.Error, "no_service")
			return response{status: cmp.Or(f.Status, http.StatusNotFound), kind: "text/plain", body: []byte(code), err: code}, true
		}
		body := refusal{Error: cmp.Or(f.Error, "internal_error")}
		if body.Error == "missing_scope" {
			body.Needed, body.Provided = f.Needed, strings.Join(granted, ",")
		}
		return response{status: cmp.Or(f.Status, http.StatusOK), body: encode(body), err: body.Error}, true
	case FaultRateLimit, FaultRateLimitNoHeader:
		limited := rateLimited(f.RetryAfter)
		if f.Kind == FaultRateLimitNoHeader {
			limited.header = nil
		}
		return limited, true
	case FaultHTTP:
		status := cmp.Or(f.Status, http.StatusInternalServerError)
		page := response{status: status, kind: "text/html; charset=utf-8", err: string(f.Kind)}
		page.body = []byte("<!DOCTYPE html><html><head><title>Server Error</title></head><body>Sorry!</body></html>")
		return page, true
	default: // the others give no complete response
		return response{}, false
	}
}

// rateLimited is https://docs.slack.dev/apis/web-api/rate-limits/#responding.
func rateLimited(seconds int) response {
	body := refusal{Error: "ratelimited"}
	return response{
		status: http.StatusTooManyRequests, body: encode(body), err: body.Error,
		header: http.Header{"Retry-After": {strconv.Itoa(seconds)}},
	}
}
