package meetingsim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// conferenceReply is the response of every detail call.
type conferenceReply struct {
	ConferenceData conferenceInfo    `json:"conferenceData"`
	Data           page[participant] `json:"data"`
}

// participant is the vendor's ParticipantInfo: a person who was invited, not one who joined.
type participant struct {
	ParticipantID string `json:"participantID"`
	Name          string `json:"name"`
	Role          int    `json:"role"`
	State         string `json:"state"` // always MEETTING, the vendor's spelling
	AttendeeType  string `json:"attendeeType"`
	AccountID     string `json:"accountId"`
	Email         string `json:"email"`
	SMS           string `json:"sms"`
	UserUUID      string `json:"userUUID"`
	IsAutoInvite  int    `json:"isAutoInvite"`
}

// detail is ShowMeetingDetail (meeting_21_0018). It finds only scheduled and running
// meetings, and only by conferenceID.
func (s *Server) detail(c *call) reply {
	return s.show(c, "conferenceID", func(m Meeting, id string) bool { return m.ID == id && m.alive() })
}

// onlineDetail is ShowOnlineMeetingDetail (meeting_21_0026).
func (s *Server) onlineDetail(c *call) reply {
	return s.show(c, "conferenceID", func(m Meeting, id string) bool { return m.ID == id && m.State == StateRunning })
}

// historyDetail is ShowHisMeetingDetail (meeting_21_0052).
func (s *Server) historyDetail(c *call) reply {
	return s.show(c, "confUUID", func(m Meeting, id string) bool { return m.UUID == id && m.tookPlace() })
}

// tookPlace reports whether the meeting took place and is over.
func (m Meeting) tookPlace() bool { return m.UUID != "" && !m.alive() }

// show responds with the meeting whose id is in the named parameter.
func (s *Server) show(c *call, parameter string, fits func(Meeting, string) bool) reply {
	id, no := c.identifier(parameter)
	if no != nil {
		return *no
	}
	at, good := c.paging()
	if !good || !c.headerIn("X-Type", "0", "1", "2") || !c.headerIn("X-Query-Type", "0", "1") {
		return c.badRequest()
	}
	for _, b := range slices.Backward(s.meetings) {
		m := s.shown(b)
		if !fits(m, id) {
			continue
		}
		if !c.caller.admin() && !m.involves(c.caller) {
			return refuse(http.StatusForbidden, confRoleFailed)
		}
		return ok(conferenceReply{info(m, c.caller), slicePage(participants(m, at.key), at)})
	}
	return refuse(http.StatusBadRequest, confNotFound)
}

// identifier reads a parameter that identifies one meeting. The vendor's numbers are digits;
// anything else is refused before it is looked up.
func (c *call) identifier(parameter string) (string, *reply) {
	values := c.query[parameter]
	if len(values) != 1 || values[0] == "" {
		return "", new(refuse(http.StatusBadRequest, confBadRequest))
	}
	if parameter != "confUUID" && strings.Trim(values[0], "0123456789") != "" {
		return "", new(refuse(http.StatusBadRequest, confParameter))
	}
	return values[0], nil
}

// headerIn reports whether an optional header is missing or has one of the values.
func (c *call) headerIn(name string, values ...string) bool {
	v := c.Header.Get(name)
	return v == "" || slices.Contains(values, v)
}

// participants returns the invitees that match the search key.
func participants(m Meeting, key string) []participant {
	all := []participant{}
	for _, v := range m.Invitees {
		if key != "" && !strings.Contains(strings.ToLower(v.Name+" "+v.Account+" "+v.Email), strings.ToLower(key)) {
			continue
		}
		all = append(all, participant{
			ParticipantID: v.Phone, Name: v.Name, Role: v.role(), State: "MEETTING", AttendeeType: cmp.Or(v.Type, "normal"),
			AccountID: v.Account, Email: v.Email, SMS: v.Phone, UserUUID: v.UserUUID,
		})
	}
	return all
}

// attendees is ListOnlineConfAttendee: the people in a running meeting, invitees first, then
// anonymous walk-ins.
func (s *Server) attendees(c *call) reply {
	type attendee struct {
		ParticipantID string `json:"participant_id"`
		Name          string `json:"name"`
		CallNumber    string `json:"call_number"`
		Role          int    `json:"role"`
		ThirdAccount  string `json:"third_account"`
		Account       string `json:"account"`
		UserID        string `json:"user_id"`
	}
	id, no := c.identifier("conf_id")
	if no != nil {
		return *no
	}
	at, good := c.paging()
	if !good {
		return c.badRequest()
	}
	b := s.live(id)
	if b == nil || b.State != StateRunning {
		return refuse(http.StatusBadRequest, confNotFound)
	}
	if !c.caller.admin() && !b.involves(c.caller) {
		return refuse(http.StatusForbidden, confRoleFailed)
	}
	all := []attendee{}
	for i := range b.People {
		a := attendee{ParticipantID: hexID(), Name: "Guest"}
		if i < len(b.Invitees) {
			v := b.Invitees[i]
			a = attendee{a.ParticipantID, v.Name, v.Phone, v.role(), "", v.Account, v.UserUUID}
		}
		if strings.Contains(a.Name+" "+a.CallNumber, c.query.Get("search_key")) {
			all = append(all, a)
		}
	}
	return ok(slicePage(all, at))
}
