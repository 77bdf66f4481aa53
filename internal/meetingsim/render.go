package meetingsim

import (
	"cmp"
	"slices"
	"time"
)

// clockFormat is the vendor's time format. It is in UTC and doesn't say so.
const clockFormat = "2006-01-02 15:04"

// conferenceInfo is the vendor's ConferenceInfo, in the order of its samples.
type conferenceInfo struct {
	ConferenceID    string            `json:"conferenceID"`
	MediaTypes      string            `json:"mediaTypes"`
	Subject         string            `json:"subject,omitempty"`
	Size            int               `json:"size"`
	TimeZoneID      string            `json:"timeZoneID"`
	StartTime       string            `json:"startTime"`
	EndTime         string            `json:"endTime"`
	ConferenceState string            `json:"conferenceState,omitempty"`
	AccessNumber    string            `json:"accessNumber"`
	Language        string            `json:"language"`
	PasswordEntry   []passwordEntry   `json:"passwordEntry"`
	UserUUID        string            `json:"userUUID"`
	SchedulerName   string            `json:"scheduserName"` // the vendor's spelling
	DeptName        string            `json:"deptName"`
	ConferenceType  int               `json:"conferenceType"`
	ConfType        string            `json:"confType"`
	CycleParams     *cycleParams      `json:"cycleParams,omitempty"`
	CycleSubConfID  string            `json:"cycleSubConfID,omitempty"`
	SubConfs        []subConf         `json:"subConfs,omitempty"`
	IsAutoMute      int               `json:"isAutoMute"`
	IsAutoRecord    int               `json:"isAutoRecord"`
	MultiStreamFlag int               `json:"multiStreamFlag"`
	ChairJoinURI    string            `json:"chairJoinUri,omitempty"`
	GuestJoinURI    string            `json:"guestJoinUri"`
	RecordType      int               `json:"recordType"`
	VmrFlag         int               `json:"vmrFlag"`
	VmrID           string            `json:"vmrID,omitempty"`
	VmrConferenceID string            `json:"vmrConferenceID,omitempty"`
	ConfUUID        string            `json:"confUUID,omitempty"`
	Role            string            `json:"role,omitempty"`
	Webinar         bool              `json:"webinar"`
	Online          *int              `json:"onlineAttendeeAmount,omitempty"`
	PartAttendees   []partAttendee    `json:"partAttendeeInfo,omitempty"`
	ConfConfigInfo  confConfiguration `json:"confConfigInfo"`
}

type passwordEntry struct {
	Role     string `json:"conferenceRole"`
	Password string `json:"password"`
}

type cycleParams struct {
	StartDate     string `json:"startDate"` // in the meeting's own time zone, unlike everything else
	EndDate       string `json:"endDate"`
	Cycle         string `json:"cycle"`
	Interval      int    `json:"interval"`
	Point         []int  `json:"point,omitempty"`
	PreRemindDays int    `json:"preRemindDays"`
}

type subConf struct {
	CycleSubConfID string            `json:"cycleSubConfID"`
	ConferenceID   string            `json:"conferenceID"`
	MediaType      string            `json:"mediaType"`
	StartTime      string            `json:"startTime"`
	EndTime        string            `json:"endTime"`
	IsAutoRecord   int               `json:"isAutoRecord"`
	ConfConfigInfo confConfiguration `json:"confConfigInfo"`
}

type partAttendee struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Type  string `json:"type"`
	Role  int    `json:"role"`
}

type confConfiguration struct {
	IsSendNotify        bool `json:"isSendNotify"`
	IsSendSms           bool `json:"isSendSms"`
	IsSendCalendar      bool `json:"isSendCalendar"`
	CallInRestriction   int  `json:"callInRestriction"`
	AllowGuestStartConf bool `json:"allowGuestStartConf"`
	EnableWaitingRoom   bool `json:"enableWaitingRoom"`
	ProlongLength       int  `json:"prolongLength"`
}

// configuration returns the settings made when the meeting was booked.
func (m Meeting) configuration() confConfiguration {
	c := confConfiguration{IsSendNotify: true, IsSendCalendar: true, AllowGuestStartConf: true, EnableWaitingRoom: true, ProlongLength: 15}
	if n := m.Notify; n != nil {
		c.IsSendNotify, c.IsSendSms, c.IsSendCalendar = n.Mail, n.SMS, n.Calendar
	}
	return c
}

const media = "Voice,Video,Data"

// info returns the meeting as this caller sees it. It isn't documented whether an administrator
// who isn't the host gets the host's password. Here they do, because that is the case in which
// a client must be careful.
func info(m Meeting, caller *User) conferenceInfo {
	i := conferenceInfo{
		ConferenceID: m.ID, MediaTypes: media, Subject: m.Subject, Size: len(m.Invitees), TimeZoneID: m.TimeZoneID,
		StartTime: clock(m.Start), EndTime: clock(m.end()), ConferenceState: m.State, AccessNumber: "+991117", Language: "en-US",
		UserUUID: m.OwnerUUID, SchedulerName: m.OwnerName, DeptName: "Example Corp", ConfType: "FUTURE",
		IsAutoMute: 1, MultiStreamFlag: 1, Webinar: m.Webinar, ConfConfigInfo: m.configuration(),
		GuestJoinURI: "https://c.meeting.huaweicloud.com/#/j/" + m.ID + "/GUESTLINK-" + m.ID,
		ConfUUID:     m.UUID, Role: "general", PartAttendees: partAttendees(m.Invitees),
	}
	if caller.admin() || m.hosts(caller) {
		i.Role = "chair"
		i.ChairJoinURI = "https://c.meeting.huaweicloud.com/#/j/" + m.ID + "/HOSTLINK-" + m.ID
		i.PasswordEntry = append(i.PasswordEntry, passwordEntry{"chair", m.HostPassword})
	}
	i.PasswordEntry = append(i.PasswordEntry, passwordEntry{"general", m.GuestPassword})
	if m.State == StateCancelled { // ended by a DELETE; the history has no other word for it
		i.ConferenceState = StateEnded
	}
	if m.VMRID != "" {
		i.VmrFlag, i.VmrConferenceID, i.VmrID = 1, m.VMRID, "room"+m.VMRID
	}
	if m.Series != nil {
		i.ConferenceType, i.ConfType = 2, "CYCLE"
		i.CycleParams, i.SubConfs = cycle(m), subConfs(m)
		if len(i.SubConfs) > 0 {
			i.CycleSubConfID = i.SubConfs[0].CycleSubConfID
		}
	}
	return i
}

func clock(t time.Time) string { return t.UTC().Format(clockFormat) }

// cycle returns the recurrence rule, with its first and last date in the meeting's zone.
func cycle(m Meeting) *cycleParams {
	r := m.Series
	p := &cycleParams{Cycle: r.Cycle, Interval: r.Interval, Point: r.Points, PreRemindDays: 1}
	first, last := m.Start, m.Start
	if n := len(r.Occurrences); n > 0 {
		last = r.Occurrences[n-1].Start
	}
	where := zone(m.TimeZoneID)
	p.StartDate, p.EndDate = first.In(where).Format(time.DateOnly), last.In(where).Format(time.DateOnly)
	return p
}

// subConfs returns the remaining dates; the vendor books at most fifty.
func subConfs(m Meeting) []subConf {
	var all []subConf
	for _, o := range m.Series.Occurrences[:min(len(m.Series.Occurrences), 50)] {
		all = append(all, subConf{
			CycleSubConfID: o.ID, ConferenceID: m.ID, MediaType: media,
			StartTime: clock(o.Start), EndTime: clock(o.Start.Add(o.Length)), ConfConfigInfo: m.configuration(),
		})
	}
	return all
}

// partAttendees returns the first twenty invitees, without e-mail and with a masked phone.
func partAttendees(invitees []Invitee) []partAttendee {
	var all []partAttendee
	for _, v := range invitees[:min(len(invitees), 20)] {
		all = append(all, partAttendee{Name: v.Name, Phone: "****", Type: cmp.Or(v.Type, "normal"), Role: v.role()})
	}
	return all
}

func (v Invitee) role() int {
	if v.Host {
		return 1
	}
	return 0
}

// hosts reports whether the user booked the meeting or was invited as its host.
func (m Meeting) hosts(u *User) bool {
	return m.OwnerUUID == u.UUID || slices.ContainsFunc(m.Invitees, func(v Invitee) bool { return v.Host && v.is(u) })
}

// involves reports whether the user booked the meeting or was invited to it.
func (m Meeting) involves(u *User) bool {
	return m.OwnerUUID == u.UUID || slices.ContainsFunc(m.Invitees, func(v Invitee) bool { return v.is(u) })
}

func (v Invitee) is(u *User) bool {
	return v.UserUUID == u.UUID || v.UserUUID == "" && v.Account != "" && (v.Account == u.Account || v.Account == u.ThirdAccount)
}

// zone returns the location of a vendor's time zone number. It knows those that tests use; the
// others are UTC, as is everything if the machine has no zone data.
func zone(id string) *time.Location {
	names := map[string]string{
		"5": "America/Los_Angeles", "9": "America/Chicago", "13": "America/New_York", "19": "America/Sao_Paulo",
		"26": "Europe/London", "27": "Europe/Berlin", "29": "Europe/Paris", "56": "Asia/Shanghai",
	}
	where, err := time.LoadLocation(names[id])
	if err != nil {
		return time.UTC
	}
	return where
}
