package slacksim

import (
	"math/rand/v2"
	"net/http"
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
	FaultSlow              Kind = "slow"                // Fault.Delay, then as usual
)

// A Fault makes calls fail. The zero Times means: until [Server.ClearFaults].
type Fault struct {
	// Method is a Web API method, "response_url" or "socket" (the upgrade); empty: every
	// Web API method.
	Method string `json:"method"`
	Kind   Kind   `json:"kind"`
	Error  string `json:"error"`  // of FaultError; "internal_error" if empty
	Needed string `json:"needed"` // of FaultError with missing_scope

	RetryAfter  int           `json:"retry_after"` // whole seconds, of FaultRateLimit
	Status      int           `json:"status"`      // of FaultHTTP; 500 if zero
	Delay       time.Duration `json:"delay"`       // nanoseconds, before all else
	Times       int           `json:"times"`
	Probability float64       `json:"probability"` // 0 and 1: always
	After       bool          `json:"after"`       // the call takes effect, then the fault answers
	Channel     string        `json:"channel"`     // only calls with this channel
}

type fault struct {
	Fault
	left int
}

// Fault orders a fault. Of several that match a call, the oldest that still has a turn
// is taken.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{Fault: f, left: f.Times})
}

// ClearFaults ends all faults and the delay; calls that hang go on hanging until their
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

// nextFault takes a turn of the fault that hits the call, if any, and says how long the
// call has to wait.
func (s *Server) nextFault(method, channel string) (f Fault, faulty bool, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if !f.hits(method, channel) {
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

func (f *fault) hits(method, channel string) bool {
	named := f.Method == method || f.Method == "" && method != hookMethod && method != socketMethod
	if !named || f.Channel != "" && f.Channel != channel {
		return false
	}
	return f.Probability <= 0 || f.Probability >= 1 || rand.Float64() < f.Probability
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
		return response{status: http.StatusOK, body: encode(body), err: body.Error}, true
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
