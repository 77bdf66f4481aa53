package meetingsim_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/meetingsim"
)

// detailReply is the part of a detail that these tests read, with the vendor's spelling.
type detailReply struct {
	ConferenceData struct {
		ConferenceID    string `json:"conferenceID"`
		Subject         string `json:"subject"`
		StartTime       string `json:"startTime"`
		EndTime         string `json:"endTime"`
		ConferenceState string `json:"conferenceState"`
		ScheduserName   string `json:"scheduserName"`
		UserUUID        string `json:"userUUID"`
		ConferenceType  int    `json:"conferenceType"`
		ConfType        string `json:"confType"`
		VmrFlag         int    `json:"vmrFlag"`
		VmrConferenceID string `json:"vmrConferenceID"`
		ConfUUID        string `json:"confUUID"`
		CycleSubConfID  string `json:"cycleSubConfID"`
		CycleParams     *struct {
			StartDate, EndDate, Cycle string
			Interval                  int
			Point                     []int
		} `json:"cycleParams"`
		SubConfs      []struct{ CycleSubConfID, StartTime, EndTime string } `json:"subConfs"`
		PasswordEntry []struct{ ConferenceRole, Password string }           `json:"passwordEntry"`
		ChairJoinURI  string                                                `json:"chairJoinUri"`
	} `json:"conferenceData"`
	Data struct {
		Offset, Limit, Count int
		Data                 []struct{ Name, State, Email, UserUUID string }
	} `json:"data"`
}

func TestDetail(t *testing.T) {
	t.Parallel()
	r := admin(t)
	ana := r.sim.AddUser(meetingsim.User{Name: "Ana", ThirdAccount: "ana"})
	var invitees []meetingsim.Invitee
	for i := range 25 {
		invitees = append(invitees, meetingsim.Invitee{Name: fmt.Sprintf("Guest %d", i), Email: fmt.Sprintf("g%d@corp", i)})
	}
	r.sim.AddMeeting(meetingsim.Meeting{
		ID: "914087436", VMRID: "266666666", Subject: "Budget", OwnerUUID: ana.UUID, Start: time.Date(2026, 11, 24, 9, 30, 45, 0, time.FixedZone("", 3600)),
		Length: 45 * time.Minute, Invitees: invitees,
	})

	got := get[detailReply](r, conferences+"/confDetail?conferenceID=914087436")
	d := got.ConferenceData
	facts := []string{d.ConferenceID, d.VmrConferenceID, d.Subject, d.StartTime, d.EndTime, d.ConferenceState, d.ScheduserName, d.UserUUID, d.ConfType}
	want := []string{"914087436", "266666666", "Budget", "2026-11-24 08:30", "2026-11-24 09:15", "Schedule", "Ana", ana.UUID, "FUTURE"}
	if diff := cmp.Diff(want, facts); diff != "" {
		t.Errorf("detail (-want +got):\n%s", diff)
	}
	if p := got.Data; p.Count != 25 || p.Limit != 20 || len(p.Data) != 20 || p.Data[0].State != "MEETTING" {
		t.Errorf("invitees: %d of %d, limit %d, first %+v; want 20 of 25, limit 20, state MEETTING", len(p.Data), p.Count, p.Limit, p.Data[0])
	}
	last := get[detailReply](r, conferences+"/confDetail?conferenceID=914087436&offset=20&limit=500").Data
	if len(last.Data) != 5 || last.Data[0].Email != "g20@corp" {
		t.Errorf("second page = %+v, want the last five", last)
	}
	if one := get[detailReply](r, conferences+"/confDetail?conferenceID=914087436&searchKey=g24").Data; len(one.Data) != 1 {
		t.Errorf("searchKey=g24 = %+v, want one invitee", one)
	}
	r.refused("the room number", r.call("GET", conferences+"/confDetail?conferenceID=266666666", ""), 400, "MMC.111070005")
	r.refused("no number", r.call("GET", conferences+"/confDetail", ""), 400, "MMC.111070001")
	r.refused("X-Type 3", r.call("GET", conferences+"/confDetail?conferenceID=914087436", "", "X-Type", "3"), 400, "MMC.111070001")
	r.refused("limit 0", r.call("GET", conferences+"/confDetail?conferenceID=914087436&limit=0", ""), 400, "MMC.111070001")
}

func TestDetailByRole(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddUser(meetingsim.User{ThirdAccount: "stranger"})
	guest := r.sim.AddUser(meetingsim.User{ThirdAccount: "guest"})
	owner := r.sim.AddUser(meetingsim.User{ThirdAccount: "owner"})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436", OwnerUUID: owner.UUID, Invitees: []meetingsim.Invitee{{UserUUID: guest.UUID}}})
	const target = conferences + "/confDetail?conferenceID=914087436"

	r.refused("a stranger", r.as("stranger").call("GET", target, ""), 403, "MMC.111070010")
	for user, want := range map[string]int{"guest": 1, "owner": 2, "": 2} {
		d := get[detailReply](r.as(user), target).ConferenceData
		if len(d.PasswordEntry) != want || (d.ChairJoinURI != "") != (want == 2) {
			t.Errorf("as %q: %d passwords and host link %q, want %d", user, len(d.PasswordEntry), d.ChairJoinURI, want)
		}
	}
}

func TestDetailInEveryState(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436", Start: noon.Add(time.Hour)})
	const target, online = conferences + "/confDetail?conferenceID=914087436", conferences + "/online/confDetail?conferenceID=914087436"

	r.refused("online detail of a planned meeting", r.call("GET", online, ""), 400, "MMC.111070005")
	r.sim.Start("914087436")
	d := get[detailReply](r, online).ConferenceData
	if d.ConferenceState != "Created" || d.ConfUUID == "" {
		t.Errorf("running: state %q, confUUID %q; want Created and one", d.ConferenceState, d.ConfUUID)
	}
	r.clock.advance(5 * time.Hour) // nobody leaves
	if got := get[detailReply](r, target).ConferenceData.ConferenceState; got != "Created" {
		t.Errorf("overtime: state %q, want Created", got)
	}
	r.sim.End("914087436")
	r.refused("an ended meeting", r.call("GET", target, ""), 400, "MMC.111070005")
	past := get[detailReply](r, conferences+"/history/confDetail?confUUID="+d.ConfUUID).ConferenceData
	if past.ConferenceID != "914087436" || past.ConferenceState != "Destroyed" {
		t.Errorf("history: %+v, want 914087436, Destroyed", past)
	}
	if r.sim.Start("914087436") {
		t.Error("Start() of an ended meeting = true, want false")
	}
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436", Subject: "The number again", Start: noon.Add(24 * time.Hour)})
	if got := get[detailReply](r, target).ConferenceData.Subject; got != "The number again" {
		t.Errorf("the number's next meeting is %q", got)
	}
	if n := len(r.sim.Meetings()); n != 2 {
		t.Errorf("Meetings() has %d, want both", n)
	}
}

func TestSeriesDetail(t *testing.T) {
	t.Parallel()
	r := admin(t, func(o *meetingsim.Options) { o.TokenLife = 365 * 24 * time.Hour })
	// Seven in the morning in Beijing is the previous day in UTC.
	r.sim.AddMeeting(meetingsim.Meeting{ID: "985325849", Start: time.Date(2026, 11, 29, 23, 0, 0, 0, time.UTC), Series: &meetingsim.Series{}})
	const target = conferences + "/confDetail?conferenceID=985325849"
	d := get[detailReply](r, target).ConferenceData
	if d.ConferenceType != 2 || d.ConfType != "CYCLE" || len(d.SubConfs) != 5 || d.CycleSubConfID != d.SubConfs[0].CycleSubConfID {
		t.Fatalf("detail = %+v, want a series of five", d)
	}
	p := d.CycleParams
	if got, want := []any{p.StartDate, p.EndDate, p.Cycle, p.Interval, p.Point}, []any{"2026-11-30", "2026-12-28", "Week", 1, []int{1}}; !cmp.Equal(got, want) {
		t.Errorf("cycleParams = %v, want %v", got, want)
	}
	if got, want := d.SubConfs[1].StartTime, "2026-12-06 23:00"; got != want {
		t.Errorf("second date = %q, want %q", got, want)
	}
	r.clock.advance(8 * 24 * time.Hour)
	if got := get[detailReply](r, target).ConferenceData; len(got.SubConfs) != 4 || got.StartTime != "2026-12-06 23:00" {
		t.Errorf("after the first date: %d left, next %q; want 4, 2026-12-06 23:00", len(got.SubConfs), got.StartTime)
	}
	r.sim.Start("985325849")
	r.sim.End("985325849")
	if m, _ := r.sim.Meeting("985325849"); len(m.Series.Occurrences) != 3 || m.State != meetingsim.StateScheduled {
		t.Errorf("after the second date ended: %d left, %q; want 3, planned", len(m.Series.Occurrences), m.State)
	}
	r.clock.advance(60 * 24 * time.Hour)
	r.refused("a series whose dates are over", r.call("GET", target, ""), 400, "MMC.111070005")
}

// listReply is the part of a list that these tests read.
type listReply struct {
	Offset, Limit, Count int
	Data                 []struct {
		ConferenceID         string `json:"conferenceID"`
		OnlineAttendeeAmount *int   `json:"onlineAttendeeAmount"`
	}
}

func (l listReply) ids() string {
	var ids []string
	for _, row := range l.Data {
		ids = append(ids, row.ConferenceID)
	}
	return strings.Join(ids, " ")
}

// office adds meetings of two people, in every state.
func office(r *rig) {
	ana := r.sim.AddUser(meetingsim.User{UUID: "ana", Name: "Ana", ThirdAccount: "ana"})
	day := 24 * time.Hour
	for _, m := range []meetingsim.Meeting{
		{ID: "914000003", Subject: "Offsite", OwnerUUID: ana.UUID, Start: noon.Add(10 * day)},
		{ID: "914000001", Subject: "Stand-up", OwnerUUID: ana.UUID, Start: noon.Add(time.Hour)},
		{ID: "914000002", Subject: "Review", VMRID: "266666666", Start: noon.Add(3 * day)},
		{ID: "914000004", Subject: "Incident", OwnerUUID: ana.UUID, Start: noon.Add(-time.Hour), State: meetingsim.StateRunning, People: 7},
		{ID: "914000005", Subject: "Yesterday", OwnerUUID: ana.UUID, Start: noon.Add(-day)},
		{ID: "914000006", Subject: "Long ago", Start: noon.Add(-40 * day)},
		{ID: "914000007", Subject: "Nobody came", Start: noon.Add(-day), State: meetingsim.StateScheduled},
	} {
		r.sim.AddMeeting(m)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	r := admin(t)
	office(r)
	ana := r.as("ana")
	yesterday := noon.Add(-30 * time.Hour).UnixMilli()
	for _, tt := range []struct {
		who    *rig
		target string
		want   string
	}{
		{r, "?queryAll=true", "914000004 914000001 914000002 914000003"},
		{r, "?queryAll=true&sortType=DSC_StartTIME", "914000003 914000002 914000001 914000004"},
		{r, "?queryAll=false", "914000002"},
		{r, "", "914000002"},
		{r, "?userUUID=ana", "914000004 914000001 914000003"},
		{r, "?queryAll=true&limit=2&offset=1", "914000001 914000002"},
		{r, "?queryAll=true&limit=9999&offset=3", "914000003"},
		{r, "?queryAll=true&offset=99", ""},
		{r, "?queryAll=true&queryConfMode=ADAY", "914000004 914000001"},
		{r, "?queryAll=true&queryConfMode=AWEEK", "914000004 914000001 914000002"},
		{r, "?queryAll=true&queryConfMode=AMONTH", "914000004 914000001 914000002 914000003"},
		{r, "?queryAll=true&searchKey=review", "914000002"},
		{r, "?queryAll=true&searchKey=266666666", "914000002"},
		{r, "?queryAll=true&searchKey=914000003", "914000003"},
		{r, "?queryAll=true&searchKey=Ana", "914000004 914000001 914000003"},
		{r, "?queryAll=true&searchKey=" + url.QueryEscape("周会 a&b"), ""},
		{ana, "?queryAll=true", "914000004 914000001 914000003"},
		{ana, "?userUUID=ana", "914000004 914000001 914000003"},
		{r, "/online?queryAll=true", "914000004"},
		{r, "/online", ""},
		{ana, "/online", "914000004"},
		{r, "/history?queryAll=true", "914000006 914000005"},
		{r, fmt.Sprintf("/history?queryAll=true&startDate=%d&endDate=%d", yesterday, noon.UnixMilli()), "914000005"},
		{ana, "/history", "914000005"},
	} {
		if got := get[listReply](tt.who, conferences+tt.target).ids(); got != tt.want {
			t.Errorf("GET %s = %q, want %q", tt.target, got, tt.want)
		}
	}
	if l := get[listReply](r, conferences+"?queryAll=true&limit=9999&offset=1"); l.Limit != 500 || l.Offset != 1 || l.Count != 4 {
		t.Errorf("page = %d+%d of %d, want 1+500 of 4", l.Offset, l.Limit, l.Count)
	}
	if l := get[listReply](r, conferences+"/online?queryAll=true"); l.Data[0].OnlineAttendeeAmount == nil || *l.Data[0].OnlineAttendeeAmount != 7 {
		t.Errorf("online = %+v, want seven people", l.Data)
	}
	r.refused("another's meetings", ana.call("GET", conferences+"?userUUID="+r.sim.Login().UUID, ""), 403, "MMC.111070002")
	for _, wrong := range []string{
		"?limit=-1", "?offset=x", "?searchKey=", "?searchKey=" + strings.Repeat("x", 129), "?queryAll=1", "?sortType=start",
		"?queryConfMode=YEAR", "/history?startDate=2026-11-23",
	} {
		r.refused(wrong, r.call("GET", conferences+wrong, ""), 400, "MMC.111070001")
	}
}

func TestSearchSkipsRooms(t *testing.T) {
	t.Parallel()
	r := admin(t, func(o *meetingsim.Options) { o.SearchSkipsRooms = true })
	office(r)
	if got := get[listReply](r, conferences+"?queryAll=true&searchKey=266666666").ids(); got != "" {
		t.Errorf("searchKey of a room = %q, want none", got)
	}
}

func TestAttendees(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436", People: 3, State: meetingsim.StateRunning, Invitees: []meetingsim.Invitee{{Name: "Wu", Host: true}}})
	type reply struct {
		Count int
		Data  []struct {
			Name string `json:"name"`
			Role int    `json:"role"`
		}
	}
	got := get[reply](r, conferences+"/online/conf-attendee?conf_id=914087436")
	if got.Count != 3 || got.Data[0].Name != "Wu" || got.Data[0].Role != 1 || got.Data[2].Name != "Guest" {
		t.Errorf("attendees = %+v, want Wu as host and two guests", got)
	}
	if got := get[reply](r, conferences+"/online/conf-attendee?conf_id=914087436&search_key=Wu"); got.Count != 1 {
		t.Errorf("search_key=Wu = %+v, want one", got)
	}
	r.refused("camel case", r.call("GET", conferences+"/online/conf-attendee?conferenceID=914087436", ""), 400, "MMC.111070001")
}
