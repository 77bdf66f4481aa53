package meetingsim_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"meetingbot/internal/meetingsim"
)

// panel returns a rig that calls the control API of another rig's service.
func panel(t *testing.T, r *rig) *rig {
	t.Helper()
	server := httptest.NewServer(r.sim.Control())
	t.Cleanup(func() {
		r.client.CloseIdleConnections()
		server.Close()
	})
	other := *r
	other.url, other.token = server.URL, ""
	return &other
}

const asJSON = "application/json"

func TestControl(t *testing.T) {
	t.Parallel()
	r := admin(t)
	p := panel(t, r)
	post := func(target, body string) answer {
		return p.call("POST", target, body, "Content-Type", asJSON)
	}
	type meeting struct {
		ID, Subject, State, Length, Start string
		People                            int
		Series                            *struct{ Occurrences []struct{ ID string } }
	}
	m := decode[meeting](p, post("/meetings", `{"subject":"Budget","length":"45m","start":"2026-11-23T14:00:00Z"}`), "POST /meetings")
	if m.Subject != "Budget" || m.Length != "45m0s" || m.State != "Schedule" {
		t.Errorf("added %+v, want Budget for 45 min", m)
	}
	if a := post("/meetings/"+m.ID+"/change", `{"subject":"Budget 2"}`); a.status != 200 {
		t.Errorf("change = %d %s, want 200", a.status, a.body)
	}
	if a := post("/meetings/"+m.ID+"/start", ""); a.status != 200 {
		t.Errorf("start = %d %s, want 200", a.status, a.body)
	}
	got := get[[]meeting](p, "/meetings")
	if len(got) != 1 || got[0].Subject != "Budget 2" || got[0].State != "Created" || got[0].People != 1 || got[0].Length != "45m0s" {
		t.Errorf("GET /meetings = %+v, want Budget 2 running", got)
	}
	if full, _ := r.sim.Meeting(m.ID); full.HostPassword != "HOSTPW-"+m.ID {
		t.Errorf("a change lost the host password: %q", full.HostPassword)
	}
	if a := p.call("GET", "/meetings", ""); strings.Contains(a.body, "PW-") {
		t.Errorf("GET /meetings shows a password: %s", a.body)
	}
	for _, call := range []answer{post("/meetings/"+m.ID+"/end", ""), p.call("DELETE", "/meetings/"+m.ID, "")} {
		if call.status != 200 {
			t.Errorf("end, remove = %d %s, want 200", call.status, call.body)
		}
	}
	for _, call := range []answer{post("/meetings/"+m.ID+"/end", ""), post("/meetings/"+m.ID+"/change", "{}"), p.call("DELETE", "/meetings/"+m.ID, "")} {
		if call.status != 404 {
			t.Errorf("on a meeting that is gone = %d %s, want 404", call.status, call.body)
		}
	}
	weekly := decode[meeting](p, post("/meetings", `{"series":{"cycle":"Day","interval":2}}`), "POST /meetings")
	if weekly.Series == nil || len(weekly.Series.Occurrences) != 5 {
		t.Errorf("a series = %+v, want five dates", weekly)
	}
}

func TestControlFaultsAndJournals(t *testing.T) {
	t.Parallel()
	r := admin(t)
	p := panel(t, r)
	post := func(target, body string) answer {
		return p.call("POST", target, body, "Content-Type", asJSON)
	}
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})
	if a := post("/faults", `{"operation":"cancel","kind":"error","status":500,"after":true,"delay":"1ms","times":1}`); a.status != 200 {
		t.Fatalf("POST /faults = %d %s, want 200", a.status, a.body)
	}
	if a := post("/delay", `{"delay":"1ms"}`); a.status != 200 {
		t.Errorf("POST /delay = %d %s, want 200", a.status, a.body)
	}
	if got := get[[]struct{ Kind string }](p, "/faults"); len(got) != 1 || got[0].Kind != "error" {
		t.Errorf("GET /faults = %+v, want the error", got)
	}
	if a := r.call("DELETE", oneDelete, ""); a.status != 500 {
		t.Errorf("DELETE = %d %s, want 500", a.status, a.body)
	}
	effects := get[[]struct{ Meeting, Kind, RequestID string }](p, "/effects")
	journal := get[[]struct {
		Operation, RequestID, Duration string
		Status                         int
		Effect                         bool
	}](p, "/journal")
	last := journal[len(journal)-1]
	if len(effects) != 1 || effects[0].Kind != "cancel" || last.Operation != "cancel" || !last.Effect || last.Status != 500 || effects[0].RequestID != last.RequestID {
		t.Errorf("effects %+v, journal %+v; want one cancel behind a 500", effects, last)
	}
	post("/faults", `{"kind":"hang"}`)
	if a := p.call("DELETE", "/faults", ""); a.status != 200 || len(r.sim.Faults()) != 0 {
		t.Errorf("DELETE /faults = %d, left %v; want none", a.status, r.sim.Faults())
	}
	type user struct{ UUID, Name string }
	if u := decode[user](p, post("/users", `{"name":"Ana","thirdAccount":"ana"}`), "POST /users"); u.UUID == "" || u.Name != "Ana" {
		t.Errorf("POST /users = %+v, want Ana with a UUID", u)
	}
}

func TestControlRefusals(t *testing.T) {
	t.Parallel()
	r := admin(t)
	p := panel(t, r)
	for _, tt := range []struct {
		target, body, kind string
		want               int
	}{
		{"/faults", `{"kind":"nonsense"}`, asJSON, 400},
		{"/faults", `{"kind":"hang","operation":"x"}`, asJSON, 400},
		{"/faults", `{"kind":"hang","delay":5}`, asJSON, 400},
		{"/faults", `{"kind":"hang","delay":"-1s"}`, asJSON, 400},
		{"/faults", `{"kind":"hang","time":1}`, asJSON, 400},
		{"/meetings", `{`, asJSON, 400},
		{"/meetings", `{}`, "text/plain", 415},
		{"/delay", `{"delay":"soon"}`, asJSON, 400},
		{"/nowhere", `{}`, asJSON, 404},
	} {
		if a := p.call("POST", tt.target, tt.body, "Content-Type", tt.kind); a.status != tt.want {
			t.Errorf("POST %s %s = %d %s, want %d", tt.target, tt.body, a.status, a.body, tt.want)
		}
	}
	if len(r.sim.Faults())+len(r.sim.Meetings()) != 0 {
		t.Errorf("refused calls left %v and %v", r.sim.Faults(), r.sim.Meetings())
	}
}
