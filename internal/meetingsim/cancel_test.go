package meetingsim_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"meetingbot/internal/meetingsim"
)

const (
	conferences = "/v1/mmc/management/conferences"
	series      = "/v1/mmc/management/cycleconferences"
	occurrence  = conferences + "/cyclesubconf"
)

func TestCancelPlannedMeeting(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})

	a := r.call("DELETE", conferences+"?conferenceID=914087436", "")

	if want := `{"returnCode":0,"returnDesc":"SUCCESS"}`; a.status != 200 || a.body != want {
		t.Errorf("DELETE = %d %q, want 200 %q", a.status, a.body, want)
	}
	if got, want := a.header.Get("Content-Length"), "39"; got != want {
		t.Errorf("Content-Length = %q, want %q", got, want)
	}
	m, _ := r.sim.Meeting("914087436")
	if m.State != meetingsim.StateCancelled || r.sim.Cancelled("914087436") != 1 {
		t.Errorf("state %q, cancelled %d times; want %q, once", m.State, r.sim.Cancelled("914087436"), meetingsim.StateCancelled)
	}
	r.refused("a second DELETE", r.call("DELETE", conferences+"?conferenceID=914087436", ""), 400, "MMC.111070005")
	want := []meetingsim.Effect{{At: noon, Meeting: "914087436", Kind: meetingsim.EffectCancel, RequestID: a.header.Get("X-Request-Id"), Call: 1}}
	if diff := cmp.Diff(want, r.sim.Effects()); diff != "" {
		t.Errorf("Effects() (-want +got):\n%s", diff)
	}
}

func TestCancelRunningMeeting(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})
	r.sim.Start("914087436")

	r.refused("DELETE without type", r.call("DELETE", conferences+"?conferenceID=914087436", ""), 400, "MMC.111071067")
	if a := r.call("DELETE", conferences+"?conferenceID=914087436&type=1", ""); a.status != 200 {
		t.Errorf("DELETE with type=1 = %d %s, want 200", a.status, a.body)
	}
	ignore := cmpopts.IgnoreFields(meetingsim.Effect{}, "At", "RequestID")
	if diff := cmp.Diff([]meetingsim.Effect{{Meeting: "914087436", Kind: meetingsim.EffectEnd, Call: 2}}, r.sim.Effects(), ignore); diff != "" {
		t.Errorf("Effects() (-want +got):\n%s", diff)
	}
}

func TestCancelRefusals(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000001", VMRID: "266666666"})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000002", Series: &meetingsim.Series{}})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000003", Webinar: true})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000004"})
	r.sim.End("914000004")
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000005", Start: noon.Add(-3 * time.Hour), State: meetingsim.StateScheduled})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000006"})
	r.sim.Change("914000006", func(m *meetingsim.Meeting) { m.State = meetingsim.StateCreating })

	for _, tt := range []struct{ desc, target, body, code string }{
		{"no number", conferences, "", "MMC.111070001"},
		{"two numbers", conferences + "?conferenceID=914000001&conferenceID=914000002", "", "MMC.111070001"},
		{"letters", conferences + "?conferenceID=91400000a", "", "MMC.111071061"},
		{"unknown", conferences + "?conferenceID=999999999", "", "MMC.111070005"},
		{"room number", conferences + "?conferenceID=266666666", "", "MMC.111070005"},
		{"ended", conferences + "?conferenceID=914000004", "", "MMC.111070005"},
		{"lapsed", conferences + "?conferenceID=914000005", "", "MMC.111070005"},
		{"about to start", conferences + "?conferenceID=914000006&type=1", "", "MMC.111072004"},
		{"type 0", conferences + "?conferenceID=914000001&type=0", "", "MMC.111070001"},
		{"empty type", conferences + "?conferenceID=914000001&type=", "", "MMC.111070001"},
		{"a body", conferences + "?conferenceID=914000001", "{}", "MMC.111070001"},
		{"plain call on a series", conferences + "?conferenceID=914000002", "", "MMC.111070001"},
		{"plain call on a webinar", conferences + "?conferenceID=914000003", "", "MMC.111070001"},
		{"series call on a single meeting", series + "?conferenceID=914000001", "", "MMC.111070001"},
		{"occurrence call on a single meeting", occurrence + "?conferenceID=914000001", `{"cycleSubConfIDs":["x"]}`, "MMC.111070001"},
		{"occurrence call without a body", occurrence + "?conferenceID=914000002", "", "MMC.111071016"},
		{"occurrence call without ids", occurrence + "?conferenceID=914000002", `{"cycleSubConfIDs":[]}`, "MMC.111071016"},
		{"occurrence call with an unknown id", occurrence + "?conferenceID=914000002", `{"cycleSubConfIDs":["x"]}`, "MMC.111070005"},
		{"occurrence call with half a body", occurrence + "?conferenceID=914000002", `{"cycleSubConfIDs":["x"`, "MMC.111070001"},
	} {
		r.refused(tt.desc, r.call("DELETE", tt.target, tt.body), 400, tt.code)
	}
	if got := r.sim.Effects(); len(got) != 0 {
		t.Errorf("Effects() = %v, want none", got)
	}
}

func TestCancelPermissions(t *testing.T) {
	t.Parallel()
	r := admin(t)
	ana := r.sim.AddUser(meetingsim.User{ThirdAccount: "ana", Name: "Ana"})
	r.sim.AddUser(meetingsim.User{ThirdAccount: "deputy", AdminType: 1})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000001"})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914000002", OwnerUUID: ana.UUID})

	r.refused("another's meeting", r.as("ana").call("DELETE", conferences+"?conferenceID=914000001", ""), 403, "MMC.111070002")
	if a := r.as("ana").call("DELETE", conferences+"?conferenceID=914000002", ""); a.status != 200 {
		t.Errorf("own meeting = %d %s, want 200", a.status, a.body)
	}
	if a := r.as("deputy").call("DELETE", conferences+"?conferenceID=914000001", ""); a.status != 200 {
		t.Errorf("an administrator = %d %s, want 200", a.status, a.body)
	}
	ordinary := admin(t, func(o *meetingsim.Options) { o.Ordinary = true })
	ordinary.sim.AddMeeting(meetingsim.Meeting{ID: "914000003", OwnerUUID: "somebody"})
	ordinary.refused("the ordinary login", ordinary.call("DELETE", conferences+"?conferenceID=914000003", ""), 403, "MMC.111070002")
}

// weekly adds a series with dates at 14:00 on three Mondays.
func weekly(r *rig) meetingsim.Meeting {
	first := noon.Add(2 * time.Hour)
	return r.sim.AddMeeting(meetingsim.Meeting{ID: "985325849", Series: &meetingsim.Series{Occurrences: []meetingsim.Occurrence{
		{ID: "third", Start: first.AddDate(0, 0, 14)}, {ID: "first", Start: first}, {ID: "second", Start: first.AddDate(0, 0, 7)},
	}}})
}

func TestCancelOccurrences(t *testing.T) {
	t.Parallel()
	r := admin(t)
	weekly(r)
	const target = occurrence + "?conferenceID=985325849"

	a := r.call("DELETE", target, `{"cycleSubConfIDs":["first"]}`)
	if a.status != 200 || a.body != "" || a.header.Get("Content-Length") != "0" {
		t.Errorf("DELETE = %d %q with length %q, want 200 and 0 bytes", a.status, a.body, a.header.Get("Content-Length"))
	}
	m, _ := r.sim.Meeting("985325849")
	if want := noon.Add(2*time.Hour).AddDate(0, 0, 7); m.State != meetingsim.StateScheduled || !m.Start.Equal(want) {
		t.Errorf("series is %q at %v, want %q at %v", m.State, m.Start, meetingsim.StateScheduled, want)
	}

	r.sim.Start("985325849")
	r.refused("the running date", r.call("DELETE", target, `{"cycleSubConfIDs":["third","second"]}`), 400, "MMC.111071067")
	if a := r.call("DELETE", target+"&type=1", `{"cycleSubConfIDs":["third","second","third"]}`); a.status != 200 {
		t.Errorf("DELETE of all = %d %s, want 200", a.status, a.body)
	}
	if m, _ = r.sim.Meeting("985325849"); m.State != meetingsim.StateCancelled {
		t.Errorf("series without dates is %q, want %q", m.State, meetingsim.StateCancelled)
	}
	var got []string
	for _, e := range r.sim.Effects() {
		got = append(got, e.Kind+" "+e.Detail)
	}
	if diff := cmp.Diff([]string{"occurrence first", "occurrence second", "occurrence third"}, got); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if n := r.sim.Cancelled("985325849"); n != 2 {
		t.Errorf("Cancelled() = %d, want 2 calls", n)
	}
}

func TestCancelSeries(t *testing.T) {
	t.Parallel()
	r := admin(t)
	weekly(r)
	r.sim.Start("985325849")
	r.refused("a running series", r.call("DELETE", series+"?conferenceID=985325849", ""), 400, "MMC.111071067")
	if a := r.call("DELETE", series+"?conferenceID=985325849&type=1", ""); a.status != http.StatusOK || len(a.body) != 39 {
		t.Errorf("DELETE = %d %q, want 200 and 39 bytes", a.status, a.body)
	}
	r.refused("a second DELETE", r.call("DELETE", series+"?conferenceID=985325849", ""), 400, "MMC.111070005")
}

func TestStopKeepsBooking(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})
	const ask, stop = "/v1/mmc/control/conferences/token?conferenceID=914087436", "/v1/mmc/control/conferences/stop?conferenceID=914087436"

	r.refused("no password", r.call("GET", ask, ""), 400, "MMC.111070001")
	r.refused("a wrong password", r.call("GET", ask, "", "X-Login-Type", "1", "X-Password", "x"), 400, "MMC.111072065")
	r.refused("a planned meeting", r.call("GET", ask, "", "X-Login-Type", "1", "X-Password", "HOSTPW-914087436"), 400, "MMC.111072005")
	r.sim.Start("914087436")
	r.refused("no token", r.call("PUT", stop, ""), 401, "MMC.111072065")
	token := func(password string) string {
		type reply struct{ Data struct{ Token string } }
		return decode[reply](r, r.call("GET", ask, "", "X-Login-Type", "1", "X-Password", password), "token").Data.Token
	}
	r.refused("a guest", r.call("PUT", stop, "", "X-Conference-Authorization", token("GUESTPW-914087436")), 403, "MMC.111070002")
	if a := r.call("PUT", stop, "", "X-Conference-Authorization", token("HOSTPW-914087436")); a.status != 200 {
		t.Errorf("stop = %d %s, want 200", a.status, a.body)
	}
	if m, _ := r.sim.Meeting("914087436"); m.State != meetingsim.StateScheduled || r.sim.Cancelled("914087436") != 0 {
		t.Errorf("after stop the meeting is %q, want %q and not cancelled", m.State, meetingsim.StateScheduled)
	}
}
