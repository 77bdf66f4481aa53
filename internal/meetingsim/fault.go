package meetingsim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A FaultKind is a way for a call to fail.
type FaultKind string

// The kinds of [Fault].
const (
	// FaultError responds with Status, Code and Message.
	FaultError FaultKind = "error"
	// FaultHang never responds; the call ends when the client hangs up or at [Server.Close].
	FaultHang FaultKind = "hang"
	// FaultReset resets the connection without a response.
	FaultReset FaultKind = "reset"
	// FaultHTML responds with a gateway's error page, with status 502 unless Status is set.
	FaultHTML FaultKind = "html"
	// FaultHalfJSON announces a full body, sends half of it and closes the connection. For calls
	// that only read, it is half of their true response.
	FaultHalfJSON FaultKind = "halfJSON"
	// FaultEmpty responds without a body. The call takes effect; only the text is missing.
	FaultEmpty FaultKind = "empty"
	// FaultSlow waits for Delay and then responds as usual. The call takes effect before the
	// wait if After is set, otherwise after it, even if the client has hung up by then.
	FaultSlow FaultKind = "slow"
	// FaultKickToken invalidates the call's access token and responds with 401 USG.206020002.
	FaultKickToken FaultKind = "kickToken"
	// FaultThrottle responds with 429 APIG.0308, with Retry-After if RetryAfter is
	// set. The vendor sends none.
	FaultThrottle FaultKind = "throttle"
	// FaultRedirect responds with a 302 to another host, or to Message if set.
	FaultRedirect FaultKind = "redirect"
	// FaultSurplus responds truthfully, but with unknown fields and with other types in
	// fields that few clients read. The call takes effect.
	FaultSurplus FaultKind = "surplus"
	// FaultOmit responds truthfully but without Fields: the service may omit any field that
	// it documents as optional. The call takes effect.
	FaultOmit FaultKind = "omit"
	// FaultLate performs the call only after the caller has given up: Delay after it has hung
	// up. It never responds, so a caller that doesn't give up waits forever.
	FaultLate FaultKind = "late"
	// FaultLastDate refuses to cancel the last remaining date of a series, as some platforms
	// do, with Status and Code (400 and MMC.111070001 by default). Like FaultLag it stays
	// armed until such a call comes.
	FaultLastDate FaultKind = "lastDate"
	// FaultLag lets a DELETE succeed while reads keep showing the old state for Delay. It stays
	// armed until a DELETE takes effect; Operation is a cancel operation, OpDetail, or empty.
	FaultLag FaultKind = "lag"
)

var faultKinds = []FaultKind{
	FaultError, FaultHang, FaultReset, FaultHTML, FaultHalfJSON, FaultEmpty, FaultSlow, FaultKickToken, FaultThrottle,
	FaultRedirect, FaultSurplus, FaultOmit, FaultLate, FaultLastDate, FaultLag,
}

// A Fault is armed until a matching call comes. Faults are tried in the order they were added.
// Each call meets at most one, plus a [FaultLag] or a [FaultLastDate].
type Fault struct {
	Operation string // an Op constant; "" is any
	Kind      FaultKind
	Status    int    // of FaultError (0: 500) and FaultHTML (0: 502)
	Code      string // of FaultError; "" is MMC.111070003
	Message   string // of FaultError, the code's own if empty; the target of FaultRedirect
	// From are operations, separated by commas: the fault is armed only once a call of each has
	// come, in this order. Those calls meet other faults, but not this one.
	From string
	// After lets the call take effect first; then the fault determines the response.
	After bool
	// Delay is the wait before the fault responds. For FaultLag it is how long the lag lasts.
	Delay time.Duration
	// Times is the number of calls it hits, and For is how long it lasts by the service's
	// clock. If both are 0 it lasts until [Server.ClearFaults].
	Times int
	For   time.Duration
	// Probability is the chance that a matching call is hit; 0, or 1 and above, means always.
	Probability float64
	RetryAfter  int // seconds, of FaultThrottle; 0 sends no such header
	// Fields of FaultOmit, separated by commas: "subConfs", "state", "attendees" (the list and
	// every count of them), "flags" (how the service notifies invitees), or the JSON name of any
	// other field. Empty means these four.
	Fields string
}

// armed is a fault with the number of calls left and its end; zero means no limit.
type armed struct {
	Fault
	left  int
	until time.Time
}

// Fault arms f. It panics on an unknown kind or operation, because a fault that never
// strikes proves nothing.
func (s *Server) Fault(f Fault) {
	if err := f.check(); err != nil {
		panic("meetingsim: " + err.Error())
	}
	s.change(func() {
		a := &armed{Fault: f, left: f.Times}
		if f.For > 0 {
			a.until = s.now().Add(f.For)
		}
		s.faults = append(s.faults, a)
	})
}

// ClearFaults disarms every fault. Calls that a fault already holds stay held.
func (s *Server) ClearFaults() {
	s.change(func() { s.faults = nil })
}

// Faults returns the armed faults with the remaining Times and For.
func (s *Server) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	all := make([]Fault, 0, len(s.faults))
	for _, a := range s.faults {
		f := a.Fault
		f.Times = a.left
		if f.For > 0 {
			f.For = a.until.Sub(s.now())
		}
		all = append(all, f)
	}
	return all
}

func (f Fault) check() error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("unknown fault kind %q", f.Kind)
	}
	for operation := range strings.SplitSeq(f.From+","+f.Operation, ",") {
		known := slices.ContainsFunc(routes(), func(rt route) bool { return rt.operation == operation })
		if operation != "" && !known {
			return fmt.Errorf("unknown operation %q", operation)
		}
	}
	if f.Kind == FaultLastDate && f.Operation != "" && f.Operation != OpCancelOccurrence {
		return fmt.Errorf("fault %q never meets operation %q", f.Kind, f.Operation)
	}
	if f.Times < 0 || f.For < 0 || f.Delay < 0 || f.Probability < 0 || f.RetryAfter < 0 {
		return fmt.Errorf("negative number in fault %q", f.Kind)
	}
	return nil
}

// drawFault takes the fault that hits a call of this operation.
func (s *Server) drawFault(operation string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.trigger(operation)
	return s.draw(func(f Fault) bool {
		return f.Kind != FaultLag && f.Kind != FaultLastDate && (f.Operation == "" || f.Operation == operation)
	})
}

// trigger counts a call of this operation for the faults that wait for one. The lock is held.
func (s *Server) trigger(operation string) {
	for _, a := range s.faults {
		if first, rest, _ := strings.Cut(a.From, ","); first == operation {
			a.From = rest
		}
	}
}

// lag takes the lag that follows an effect of this operation. The lock is held.
func (s *Server) lag(operation string) time.Duration {
	f, _ := s.draw(func(f Fault) bool {
		return f.Kind == FaultLag && (f.Operation == "" || f.Operation == OpDetail || f.Operation == operation)
	})
	return f.Delay
}

// expire disarms the faults whose time is over. The lock is held.
func (s *Server) expire() {
	now := s.now()
	s.faults = slices.DeleteFunc(s.faults, func(a *armed) bool { return !a.until.IsZero() && !now.Before(a.until) })
}

func (s *Server) draw(fits func(Fault) bool) (Fault, bool) {
	s.expire()
	for i, a := range s.faults {
		if a.From != "" || !fits(a.Fault) || a.Probability > 0 && a.Probability < 1 && s.dice.Float64() >= a.Probability {
			continue
		}
		if a.left > 0 {
			if a.left--; a.left == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		return a.Fault, true
	}
	return Fault{}, false
}

// performs reports whether the call takes effect under the fault.
func (f Fault) performs(rt route) bool {
	switch f.Kind {
	case FaultSlow, FaultSurplus, FaultOmit, FaultEmpty:
		return true
	case FaultHalfJSON:
		return f.After || !slices.Contains(Removals, rt.operation)
	default:
		return f.After
	}
}

// applyFault answers a call that is hit by the fault.
func (s *Server) applyFault(f Fault, c *call) outcome {
	if f.Kind == FaultLate {
		return s.performLate(f, c)
	}
	if !f.After && !s.wait(f.Delay) {
		return outcome{ending: endHang}
	}
	truth := done()
	if f.performs(c.route) {
		truth = s.perform(c)
	}
	if f.After && !s.wait(f.Delay) {
		return outcome{ending: endHang}
	}
	switch f.Kind {
	case FaultHang:
		return outcome{ending: endHang}
	case FaultReset:
		return outcome{ending: endReset}
	case FaultHalfJSON:
		if len(truth.body) == 0 { // nothing to halve, and an empty response would be the truth
			truth.body = done().body
		}
		return outcome{reply: truth, ending: endCut}
	default:
		return outcome{reply: s.faultReply(f, c, truth)}
	}
}

// performLate waits until the caller has given up and then for the delay, and performs the call.
func (s *Server) performLate(f Fault, c *call) outcome {
	select {
	case <-c.Context().Done():
		if s.wait(f.Delay) {
			s.perform(c)
		}
	case <-s.closed:
	}
	return outcome{ending: endHang}
}

// faultReply returns the reply of faults that respond in full.
func (s *Server) faultReply(f Fault, c *call, truth reply) reply {
	switch f.Kind {
	case FaultError:
		return f.refusal(http.StatusInternalServerError, confException)
	case FaultHTML:
		return reply{
			status: cmp.Or(f.Status, http.StatusBadGateway), header: map[string]string{"Content-Type": "text/html"},
			body: []byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"),
		}
	case FaultEmpty:
		truth.body = nil
		return truth
	case FaultKickToken:
		s.change(func() { s.desk.end(c.Header.Get(tokenHeader), usgKicked) })
		return refuse(http.StatusUnauthorized, usgKicked)
	case FaultThrottle:
		r := s.throttled(c)
		if f.RetryAfter > 0 {
			r = r.with(map[string]string{"Retry-After": strconv.Itoa(f.RetryAfter)})
		}
		return r
	case FaultRedirect:
		return reply{status: http.StatusFound, header: map[string]string{"Location": cmp.Or(f.Message, "http://elsewhere.invalid/")}}
	case FaultSurplus:
		truth.body = rewrite(truth.body, embellish)
		return truth
	case FaultOmit:
		truth.body = rewrite(truth.body, func(v any) any { return omit(v, f.Fields) })
		return truth
	default:
		return truth
	}
}

// refusal returns the fault's refusal, by default with the given status and code.
func (f Fault) refusal(status int, code string) reply {
	code = cmp.Or(f.Code, code)
	return refuseWith(cmp.Or(f.Status, status), code, cmp.Or(f.Message, message(code)))
}
