package meetingsim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"meetingbot/internal/meetingsim"
)

// TestOmit: the named fields are missing from the response, and nothing else is.
func TestOmit(t *testing.T) {
	t.Parallel()
	all := []string{
		"subConfs", "cycleSubConfID", "conferenceState", "confConfigInfo", "isSendNotify", "partAttendeeInfo", "size", "accountId",
		"conferenceID", "subject", "conferenceType", "cycleParams", "userUUID",
	}
	for fields, want := range map[string][]string{
		"subConfs":         {"subConfs"},
		"state":            {"conferenceState"},
		"flags":            {"confConfigInfo", "isSendNotify"},
		"attendees":        {"partAttendeeInfo", "size", "accountId"},
		"":                 {"subConfs", "conferenceState", "confConfigInfo", "isSendNotify", "partAttendeeInfo", "size", "accountId"},
		"subject, state":   {"subject", "conferenceState"},
		"isSendNotify":     {"isSendNotify"},
		"conferenceType":   {"conferenceType"},
		"nobody knows me ": nil,
	} {
		r := admin(t)
		r.sim.AddMeeting(meetingsim.Meeting{
			ID: "914087436", Series: &meetingsim.Series{}, Invitees: []meetingsim.Invitee{{Name: "Ana", Account: "ana@corp"}},
		})
		r.sim.Fault(meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultOmit, Fields: fields})
		a := r.call("GET", oneDetail, "")
		if a.status != 200 || !json.Valid([]byte(a.body)) {
			t.Fatalf("detail without %q = %d %s, want 200 and JSON", fields, a.status, a.body)
		}
		gone := ""
		if strings.Contains(fields, "subConfs") || fields == "" { // it is also in the dates, so it proves nothing
			gone = "cycleSubConfID"
		}
		for _, name := range all {
			if name == gone {
				continue
			}
			left := strings.Contains(a.body, fmt.Sprintf("%q:", name))
			if want := !contains(want, name); left != want {
				t.Errorf("detail without %q: %s is there: %v, want %v: %s", fields, name, left, want, a.body)
			}
		}
	}
}

func contains(all []string, one string) bool {
	for _, v := range all {
		if v == one {
			return true
		}
	}
	return false
}

// TestOmitLeavesTheRowsOfAList: a list without attendees still has its rows.
func TestOmitLeavesTheRowsOfAList(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436"})
	r.sim.Fault(meetingsim.Fault{Kind: meetingsim.FaultOmit})
	if got := get[listReply](r, conferences); got.ids() != "914087436" || strings.Contains(r.call("GET", conferences, "").body, "conferenceState") {
		t.Errorf("list = %+v, want the meeting without its state", got)
	}
}

// TestInviteesOnTheWire checks the invited people and rooms, and how they are notified.
func TestInviteesOnTheWire(t *testing.T) {
	t.Parallel()
	r := admin(t)
	m := meetingsim.Meeting{ID: "914087436", Notify: &meetingsim.Notify{SMS: true}}
	for i := range 2000 {
		m.Invitees = append(m.Invitees, meetingsim.Invitee{Name: fmt.Sprintf("Guest %d", i)})
	}
	m.Invitees[1999].Type = "terminal"
	r.sim.AddMeeting(m)
	m.Notify.SMS = false // the service keeps its own copy
	a := r.call("GET", oneDetail, "")
	if !strings.Contains(a.body, `"isSendNotify":false,"isSendSms":true,"isSendCalendar":false`) || !strings.Contains(a.body, `"count":2000`) {
		t.Errorf("detail = %.3000s, want the flags as booked and 2000 invited", a.body)
	}
	a = r.call("GET", oneDetail+"&offset=1999&limit=500", "")
	if !strings.Contains(a.body, `"attendeeType":"terminal"`) || strings.Count(a.body, `"participantID"`) != 1 {
		t.Errorf("the last page = %.3000s, want one room system", a.body)
	}
}
