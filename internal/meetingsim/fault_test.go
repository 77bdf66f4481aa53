package meetingsim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
)

const (
	oneDelete = conferences + "?conferenceID=914087436"
	oneDetail = conferences + "/confDetail?conferenceID=914087436"
)

// faulty returns a rig with one meeting and one armed fault.
func faulty(t *testing.T, f meetingsim.Fault) *rig {
	t.Helper()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})
	r.sim.Fault(f)
	return r
}

// TestFaultFrom: a fault that waits for calls neither meets those calls nor any before them.
func TestFaultFrom(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultError, From: meetingsim.OpDetail + "," + meetingsim.OpCancel})
	for _, row := range []struct {
		method, path string
		status       int
	}{{"GET", oneDetail, 200}, {"GET", oneDetail, 200}, {"DELETE", oneDelete, 200}, {"GET", oneDetail, 500}} {
		if a := r.call(row.method, row.path, ""); a.status != row.status {
			t.Errorf("%s %s = %d %s, want %d", row.method, row.path, a.status, a.body, row.status)
		}
	}
}

// TestFaultsBeforeAndAfterTheEffect is the main test of faults: the caller sees the
// same either way, but the meeting doesn't.
func TestFaultsBeforeAndAfterTheEffect(t *testing.T) {
	t.Parallel()
	for _, f := range []meetingsim.Fault{
		{Kind: meetingsim.FaultError, Status: 500},
		{Kind: meetingsim.FaultHTML},
		{Kind: meetingsim.FaultReset},
		{Kind: meetingsim.FaultHalfJSON},
		{Kind: meetingsim.FaultThrottle},
		{Kind: meetingsim.FaultRedirect},
		{Kind: meetingsim.FaultKickToken},
	} {
		for _, after := range []bool{false, true} {
			f := f
			f.Operation, f.After, f.Times = meetingsim.OpCancel, after, 1
			t.Run(fmt.Sprintf("%s after=%v", f.Kind, after), func(t *testing.T) {
				t.Parallel()
				r := faulty(t, f)
				a := r.do(t.Context(), "DELETE", oneDelete, "")
				if a.err == nil && a.status == 200 {
					t.Errorf("DELETE = %d %s, want a failure", a.status, a.body)
				}
				m, _ := r.sim.Meeting("914087436")
				if got := m.State == meetingsim.StateCancelled; got != after || r.sim.Journal()[1].Effect != after {
					t.Errorf("After %v: state %q, journal %+v", after, m.State, r.sim.Journal()[1])
				}
				if got := r.sim.Faults(); len(got) != 0 {
					t.Errorf("Faults() = %v, want none after its one time", got)
				}
			})
		}
	}
}

// TestFaultReplies checks the responses on the wire.
func TestFaultReplies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault meetingsim.Fault
		check func(answer) bool
		want  string
	}{
		{
			meetingsim.Fault{Kind: meetingsim.FaultError}, func(a answer) bool {
				return a.status == 500 && a.body == `{"error_code":"MMC.111070003","error_msg":"CONF_EXCEPTION"}`
			}, "500 CONF_EXCEPTION",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultError, Status: 412, Code: "USG.1", Message: "text"},
			func(a answer) bool { return a.status == 412 && a.body == `{"error_code":"USG.1","error_msg":"text"}` }, "412 USG.1 text",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultHTML}, func(a answer) bool {
				return a.status == 502 && a.header.Get("Content-Type") == "text/html" && strings.HasPrefix(a.body, "<html>")
			}, "502 and a page",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultThrottle}, func(a answer) bool {
				return a.status == 429 && a.code() == "APIG.0308" && a.header.Get("Retry-After") == "" &&
					strings.Contains(a.body, "The throttling threshold has been reached: policy ip over ratelimit,limit:100,time:1 minute")
			}, "429 APIG.0308 without Retry-After",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultThrottle, RetryAfter: 3},
			func(a answer) bool { return a.status == 429 && a.header.Get("Retry-After") == "3" }, "429 with Retry-After 3",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultRedirect, Message: "http://127.0.0.2/"},
			func(a answer) bool { return a.status == 302 && a.header.Get("Location") == "http://127.0.0.2/" }, "302 to 127.0.0.2",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultEmpty},
			func(a answer) bool { return a.status == 200 && a.body == "" }, "200 and nothing",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultHalfJSON}, func(a answer) bool {
				return a.status == 200 && errors.Is(a.err, io.ErrUnexpectedEOF) && strings.HasPrefix(a.body, `{"conferenceData":{"conferenceID":"914087436"`)
			}, "200 and half a detail",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultReset}, func(a answer) bool {
				return errors.Is(a.err, syscall.ECONNRESET) || errors.Is(a.err, errResetOnWindows)
			}, "a reset",
		},
		{
			meetingsim.Fault{Kind: meetingsim.FaultSurplus}, func(a answer) bool {
				return a.status == 200 && strings.Contains(a.body, `"x-release"`) && strings.Contains(a.body, `"size":"0"`) && json.Valid([]byte(a.body))
			}, "the detail and more",
		},
	} {
		tt.fault.Operation = meetingsim.OpDetail
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			r := faulty(t, tt.fault)
			// A new connection, or the client would repeat a read that was reset.
			r.client.CloseIdleConnections()
			a := r.do(t.Context(), "GET", oneDetail, "")
			if !tt.check(a) {
				t.Errorf("GET under %+v = %d %q %v, want %s", tt.fault, a.status, a.body, a.err, tt.want)
			}
			if a.err == nil && len(a.header.Get("X-Request-Id")) != 32 {
				t.Errorf("X-Request-Id = %q, want 32 digits", a.header.Get("X-Request-Id"))
			}
			r.sim.ClearFaults()
			if a := r.call("GET", oneDetail, ""); a.status != 200 {
				t.Errorf("GET after ClearFaults = %d %s, want 200", a.status, a.body)
			}
		})
	}
}

// TestCutEmptyReply: an empty success that is cut off must not look complete.
func TestCutEmptyReply(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Operation: meetingsim.OpCancelOccurrence, Kind: meetingsim.FaultHalfJSON, After: true})
	weekly(r)
	a := r.do(t.Context(), "DELETE", occurrence+"?conferenceID=985325849", `{"cycleSubConfIDs":["first"]}`)
	if !errors.Is(a.err, io.ErrUnexpectedEOF) || r.sim.Cancelled("985325849") != 1 {
		t.Errorf("DELETE = %q %v, cancelled %d; want half a body, once", a.body, a.err, r.sim.Cancelled("985325849"))
	}
}

func TestSurplusKeepsTheFacts(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Kind: meetingsim.FaultSurplus})
	d := get[detailReply](r, oneDetail).ConferenceData
	if d.ConferenceID != "914087436" || d.ConferenceState != "Schedule" || d.StartTime != "2026-11-23 14:00" {
		t.Errorf("detail = %+v, want the true one", d)
	}
	if a := r.call("DELETE", oneDelete, ""); a.status != 200 || r.sim.Cancelled("914087436") != 1 {
		t.Errorf("DELETE = %d %s, cancelled %d; want 200, once", a.status, a.body, r.sim.Cancelled("914087436"))
	}
}

func TestEmptyDeleteTakesEffect(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Kind: meetingsim.FaultEmpty})
	if a := r.call("DELETE", oneDelete, ""); a.status != 200 || a.body != "" || r.sim.Cancelled("914087436") != 1 {
		t.Errorf("DELETE = %d %q, cancelled %d; want 200, nothing, once", a.status, a.body, r.sim.Cancelled("914087436"))
	}
}

// TestHang waits for the call in the journal before the caller gives up.
func TestHang(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		r := faulty(t, meetingsim.Fault{Kind: meetingsim.FaultHang, After: after})
		ctx, leave := context.WithCancel(t.Context())
		answered := make(chan answer, 1)
		go func() { answered <- r.do(ctx, "DELETE", oneDelete, "") }()
		r.await("the hanging DELETE", func() bool {
			return len(r.sim.Journal()) == 2 && (r.sim.Cancelled("914087436") == 1) == after
		})
		if e := r.sim.Journal()[1]; e.Status != 0 || e.Lost {
			t.Errorf("journal of a hanging call = %+v, want status 0, and not lost yet", e)
		}
		leave()
		if a := <-answered; !errors.Is(a.err, context.Canceled) {
			t.Errorf("DELETE = %d %v, want no answer", a.status, a.err)
		}
		r.await("the journal to call it lost", func() bool { return r.sim.Journal()[1].Lost })
	}
}

// TestJournalMarksLost checks that calls without a complete response are marked.
func TestJournalMarksLost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind meetingsim.FaultKind
		lost bool
	}{{meetingsim.FaultReset, true}, {meetingsim.FaultHalfJSON, true}, {meetingsim.FaultEmpty, false}, {meetingsim.FaultHTML, false}} {
		r := faulty(t, meetingsim.Fault{Kind: tt.kind, After: true})
		r.do(t.Context(), "DELETE", oneDelete, "")
		if tt.lost {
			r.await("the journal to call it lost", func() bool { return r.sim.Journal()[1].Lost })
		} else if e := r.sim.Journal()[1]; e.Lost {
			t.Errorf("%s: the journal says %+v, want an answer that came", tt.kind, e)
		}
	}
}

// TestJournalMarksHungUp checks that an answer to a caller that has hung up is marked as lost.
func TestJournalMarksHungUp(t *testing.T) {
	t.Parallel()
	r := admin(t)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	r.sim.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "DELETE", oneDelete, nil))
	if e := r.sim.Journal()[1]; !e.Lost {
		t.Errorf("the journal says %+v, want the answer to be lost", e)
	}
}

// TestHangEndsWithCaller checks that no handler is left for a client that has hung up.
func TestHangEndsWithCaller(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Kind: meetingsim.FaultHang})
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan any, 1)
	go func() {
		defer func() { ended <- recover() }()
		r.sim.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "DELETE", oneDelete, nil))
	}()
	r.await("the hanging DELETE", func() bool { return len(r.sim.Journal()) == 2 })
	leave()
	select {
	case got := <-ended:
		if got != any(http.ErrAbortHandler) {
			t.Errorf("the handler ended with %v, want %v", got, http.ErrAbortHandler)
		}
	case <-time.After(10 * time.Second):
		t.Error("the handler did not end")
	}
}

func TestCloseEndsHangingCalls(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Kind: meetingsim.FaultHang})
	answered := make(chan answer, 1)
	go func() { answered <- r.do(t.Context(), "DELETE", oneDelete, "") }()
	r.await("the hanging DELETE", func() bool { return len(r.sim.Journal()) == 2 })
	r.sim.Close()
	if a := <-answered; a.err == nil {
		t.Errorf("DELETE = %d %s, want a broken connection", a.status, a.body)
	}
}

// TestSlowCallOutlivesCaller: after a timeout, a client must expect a late effect.
func TestSlowCallOutlivesCaller(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultSlow, Delay: 50 * time.Millisecond, Times: 1})
	ctx, leave := context.WithCancel(t.Context())
	answered := make(chan answer, 1)
	go func() { answered <- r.do(ctx, "DELETE", oneDelete, "") }()
	r.await("the DELETE", func() bool { return len(r.sim.Journal()) == 2 })
	leave()
	<-answered
	r.await("its effect", func() bool { return r.sim.Cancelled("914087436") == 1 })
}

func TestSlowAfterTheEffect(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Kind: meetingsim.FaultSlow, Delay: 20 * time.Millisecond, After: true})
	if a := r.call("DELETE", oneDelete, ""); a.status != 200 {
		t.Errorf("DELETE = %d %s, want 200", a.status, a.body)
	}
	if e := r.sim.Journal()[1]; e.Duration < 20*time.Millisecond || !e.Effect {
		t.Errorf("journal = %+v, want 20 ms and an effect", e)
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.Delay(20 * time.Millisecond)
	r.call("GET", me, "")
	r.call("GET", "/nowhere", "")
	for _, e := range r.sim.Journal()[1:] {
		if e.Duration < 20*time.Millisecond {
			t.Errorf("%s %s took %v, want 20 ms", e.Method, e.Path, e.Duration)
		}
	}
}

func TestLag(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultLag, Delay: 10 * time.Second})
	if a := r.call("DELETE", oneDelete, ""); a.status != 200 {
		t.Fatalf("DELETE = %d %s, want 200", a.status, a.body)
	}
	if got := get[detailReply](r, oneDetail).ConferenceData.ConferenceState; got != "Schedule" {
		t.Errorf("state while lagging = %q, want Schedule", got)
	}
	if got := get[listReply](r, conferences).ids(); got != "914087436" {
		t.Errorf("list while lagging = %q, want the meeting", got)
	}
	r.refused("another DELETE", r.call("DELETE", oneDelete, ""), 400, "MMC.111070005")
	r.clock.advance(10 * time.Second)
	r.refused("the detail later", r.call("GET", oneDetail, ""), 400, "MMC.111070005")
}

func TestKickedTokenStaysDead(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Kind: meetingsim.FaultKickToken, Times: 1})
	r.refused("the call", r.call("GET", oneDetail, ""), 401, "USG.206020002")
	r.refused("the next", r.call("GET", oneDetail, ""), 401, "USG.206020002")
	r.token = r.login("")
	if a := r.call("GET", oneDetail, ""); a.status != 200 {
		t.Errorf("with a new token = %d %s, want 200", a.status, a.body)
	}
}

func TestFaultMatching(t *testing.T) {
	t.Parallel()
	r := faulty(t, meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultError, Times: 2})
	r.sim.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultThrottle, Times: 1})
	var got []int
	for range 4 {
		got = append(got, r.call("GET", oneDetail, "").status, r.call("DELETE", oneDelete, "").status)
	}
	want := []int{200, 500, 200, 500, 200, 429, 200, 200}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("statuses = %v, want %v", got, want)
		}
	}
}

func TestProbability(t *testing.T) {
	t.Parallel()
	draw := func() (n int) {
		r := admin(t, func(o *meetingsim.Options) { o.Seed = 7 })
		r.sim.Fault(meetingsim.Fault{Operation: meetingsim.OpMe, Kind: meetingsim.FaultError, Probability: 0.3})
		for range 200 {
			if r.call("GET", me, "").status == 500 {
				n++
			}
		}
		return n
	}
	if first, second := draw(), draw(); first != second || first < 30 || first > 90 {
		t.Errorf("a fault of 0.3 met %d and %d of 200 calls, want the same and about 60", first, second)
	}
}

func TestFaultPanics(t *testing.T) {
	t.Parallel()
	r := admin(t)
	for _, f := range []meetingsim.Fault{
		{Kind: "nonsense"},
		{Kind: meetingsim.FaultHang, Operation: "delete"},
		{Kind: meetingsim.FaultHang, Times: -1},
		{Kind: meetingsim.FaultHang, For: -1},
		{Kind: meetingsim.FaultLastDate, Operation: meetingsim.OpCancel},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Fault(%+v) did not panic", f)
				}
			}()
			r.sim.Fault(f)
		}()
	}
}

// await waits until done reports true, checking after every change in the service.
func (r *rig) await(what string, done func() bool) {
	r.Helper()
	pulses, stop := r.sim.Watch()
	defer stop()
	late := time.After(10 * time.Second)
	for !done() {
		select {
		case <-pulses:
		case <-late:
			r.Fatalf("%s did not come about; journal: %+v", what, r.sim.Journal())
		}
	}
}

// errResetOnWindows is WSAECONNRESET. On Windows, syscall.ECONNRESET is a number
// invented by Go.
const errResetOnWindows = syscall.Errno(10054)
