package meetingsim_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/memnet"
)

// inMemory runs f with a service served over pipes, in fake time. The bubble fails if the
// service leaves anything running.
func inMemory(t *testing.T, f func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := memnet.New("memory")
		sim := meetingsim.New(meetingsim.Options{AppID: appID, AppKey: appKey})
		server := &http.Server{Handler: sim}
		go func() { _ = server.Serve(l) }()
		transport := &http.Transport{DialContext: l.DialContext}
		r := &rig{T: t, sim: sim, url: "http://memory", client: &http.Client{Transport: transport}}
		defer func() {
			sim.Close()
			transport.CloseIdleConnections()
			_ = server.Close()
		}()
		r.token = r.login("")
		f(r)
	})
}

// TestLate: the call takes effect once, only after the caller has given up and the
// delay has passed.
func TestLate(t *testing.T) {
	t.Parallel()
	inMemory(t, func(r *rig) {
		r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})
		r.sim.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultLate, Delay: 30 * time.Second, Times: 1})
		began := time.Now()
		ctx, cancel := context.WithTimeout(r.Context(), 6*time.Second)
		defer cancel()
		if a := r.do(ctx, "DELETE", oneDelete, ""); a.err == nil {
			r.Errorf("DELETE = %d %s, want no answer", a.status, a.body)
		}
		<-time.After(29 * time.Second)
		if got := r.sim.Effects(); len(got) != 0 {
			r.Errorf("effects 29 s after the caller left: %v, want none", got)
		}
		<-time.After(2 * time.Second)
		got := r.sim.Effects()
		if len(got) != 1 || got[0].At.Sub(began) != 36*time.Second || got[0].Kind != meetingsim.EffectCancel {
			r.Fatalf("effects 31 s after the caller left: %v, want one, 36 s after the call", got)
		}
		e := r.sim.Journal()[got[0].Call]
		if e.Operation != meetingsim.OpCancel || e.Status != 0 || !e.At.Equal(began) {
			r.Errorf("the call behind the effect = %+v, want the DELETE that was given up", e)
		}
	})
}

// TestLateEndsAtClose: a closed service performs nothing more.
func TestLateEndsAtClose(t *testing.T) {
	t.Parallel()
	inMemory(t, func(r *rig) {
		r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})
		r.sim.Fault(meetingsim.Fault{Kind: meetingsim.FaultLate, Delay: time.Hour})
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		r.do(ctx, "DELETE", oneDelete, "")
		r.sim.Close()
		<-time.After(2 * time.Hour)
		if got := r.sim.Effects(); len(got) != 0 {
			r.Errorf("effects of a closed service: %v, want none", got)
		}
	})
}

// TestFaultFor: faults of every kind that operators and gateways cause go away after For.
func TestFaultFor(t *testing.T) {
	t.Parallel()
	for _, f := range []meetingsim.Fault{
		{Kind: meetingsim.FaultError, Status: 401, Code: "USG.206020000"},
		{Kind: meetingsim.FaultError, Status: 403, Code: "MMC.111070002"},
		{Kind: meetingsim.FaultError, Status: 503},
		{Kind: meetingsim.FaultThrottle},
		{Kind: meetingsim.FaultThrottle, RetryAfter: 3600},
		{Kind: meetingsim.FaultHTML, Status: 504},
	} {
		f.For = 2 * time.Second
		r := faulty(t, f)
		for range 3 {
			if a := r.call("GET", oneDetail, ""); a.status == 200 {
				t.Errorf("%s within its time = 200, want trouble", f.Kind)
			}
			r.clock.advance(500 * time.Millisecond)
		}
		if got := r.sim.Faults(); len(got) != 1 || got[0].For != 500*time.Millisecond {
			t.Errorf("Faults() near the end = %+v, want half a second of it left", got)
		}
		r.clock.advance(500 * time.Millisecond)
		if a := r.call("GET", oneDetail, ""); a.status != 200 || len(r.sim.Faults()) != 0 {
			t.Errorf("%s after its time = %d, faults %v, want 200 and none", f.Kind, a.status, r.sim.Faults())
		}
	}
}

// TestLastDate: a platform may refuse to cancel the last date of a series.
func TestLastDate(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436", Series: &meetingsim.Series{Occurrences: []meetingsim.Occurrence{
		{ID: "first", Start: noon.Add(time.Hour)}, {ID: "second", Start: noon.Add(25 * time.Hour)}, {ID: "third", Start: noon.Add(49 * time.Hour)},
	}}})
	r.sim.Fault(meetingsim.Fault{Kind: meetingsim.FaultLastDate})
	const dates = conferences + "/cyclesubconf?conferenceID=914087436"
	r.refused("all three", r.call("DELETE", dates, `{"cycleSubConfIDs":["first","second","third"]}`), 400, "MMC.111070001")
	if a := r.call("DELETE", dates, `{"cycleSubConfIDs":["first","second"]}`); a.status != 200 {
		t.Errorf("two of three = %d %s, want 200", a.status, a.body)
	}
	r.refused("the last", r.call("DELETE", dates, `{"cycleSubConfIDs":["third"]}`), 400, "MMC.111070001")
	if n := len(r.sim.Effects()); n != 2 {
		t.Errorf("%d effects, want two", n)
	}
	if a := r.call("DELETE", "/v1/mmc/management/cycleconferences?conferenceID=914087436", ""); a.status != 200 {
		t.Errorf("the series = %d %s, want 200", a.status, a.body)
	}
}
