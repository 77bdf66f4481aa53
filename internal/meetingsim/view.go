package meetingsim

import (
	"encoding/json"
	"fmt"
	"time"
)

// span is a duration that JSON writes as "1.5s".
type span time.Duration

// MarshalJSON writes the duration as a string.
func (d span) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalJSON reads the form that MarshalJSON writes.
func (d *span) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("a duration is a string such as \"1.5s\": %w", err)
	}
	v, err := time.ParseDuration(text)
	if err == nil && v < 0 {
		err = fmt.Errorf("duration %q is negative", text)
	}
	*d = span(v)
	return err
}

// meetingView is a meeting without its passwords.
type meetingView struct {
	ID         string        `json:"id"`
	RoomID     string        `json:"roomID"`
	UUID       string        `json:"uuid"`
	Subject    string        `json:"subject"`
	Start      time.Time     `json:"start"`
	Length     span          `json:"length"`
	State      string        `json:"state"`
	OwnerUUID  string        `json:"ownerUUID"`
	OwnerName  string        `json:"ownerName"`
	TimeZoneID string        `json:"timeZoneID"`
	People     int           `json:"people"`
	Webinar    bool          `json:"webinar"`
	Series     *seriesView   `json:"series,omitempty"`
	Invitees   []inviteeView `json:"invitees,omitempty"`
	Notify     *notifyView   `json:"notify,omitempty"`
}

type seriesView struct {
	Cycle       string           `json:"cycle"`
	Interval    int              `json:"interval"`
	Points      []int            `json:"points"`
	Occurrences []occurrenceView `json:"occurrences"`
}

type occurrenceView struct {
	ID     string    `json:"id"`
	Start  time.Time `json:"start"`
	Length span      `json:"length"`
}

type inviteeView struct {
	Name     string `json:"name"`
	UserUUID string `json:"userUUID"`
	Account  string `json:"account"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
	Host     bool   `json:"host"`
	Type     string `json:"type"`
}

type notifyView struct {
	Mail     bool `json:"mail"`
	SMS      bool `json:"sms"`
	Calendar bool `json:"calendar"`
}

func viewMeeting(m Meeting) meetingView {
	v := meetingView{
		ID: m.ID, RoomID: m.VMRID, UUID: m.UUID, Subject: m.Subject, Start: m.Start, Length: span(m.Length), State: m.State,
		OwnerUUID: m.OwnerUUID, OwnerName: m.OwnerName, TimeZoneID: m.TimeZoneID, People: m.People, Webinar: m.Webinar,
		Invitees: views(m.Invitees, func(i Invitee) inviteeView { return inviteeView(i) }),
	}
	if m.Notify != nil {
		v.Notify = new(notifyView(*m.Notify))
	}
	if m.Series != nil {
		v.Series = &seriesView{m.Series.Cycle, m.Series.Interval, m.Series.Points, views(m.Series.Occurrences, func(o Occurrence) occurrenceView {
			return occurrenceView{o.ID, o.Start, span(o.Length)}
		})}
	}
	return v
}

// meeting applies the view to m and keeps what the view doesn't show.
func (v meetingView) meeting(m Meeting) Meeting {
	m.ID, m.VMRID, m.UUID, m.Subject, m.Start, m.Length, m.State = v.ID, v.RoomID, v.UUID, v.Subject, v.Start, time.Duration(v.Length), v.State
	m.OwnerUUID, m.OwnerName, m.TimeZoneID, m.People, m.Webinar = v.OwnerUUID, v.OwnerName, v.TimeZoneID, v.People, v.Webinar
	m.Invitees = views(v.Invitees, func(i inviteeView) Invitee { return Invitee(i) })
	m.Series, m.Notify = nil, nil
	if v.Notify != nil {
		m.Notify = new(Notify(*v.Notify))
	}
	if v.Series != nil {
		m.Series = &Series{v.Series.Cycle, v.Series.Interval, v.Series.Points, views(v.Series.Occurrences, func(o occurrenceView) Occurrence {
			return Occurrence{o.ID, o.Start, time.Duration(o.Length)}
		})}
	}
	return m
}

type userView struct {
	UUID         string `json:"uuid"`
	Account      string `json:"account"`
	ThirdAccount string `json:"thirdAccount"`
	Name         string `json:"name"`
	Email        string `json:"email"`
	Phone        string `json:"phone"`
	HideEmail    bool   `json:"hideEmail"`
	Forbidden    bool   `json:"forbidden"`
	AdminType    int    `json:"adminType"`
}

type entryView struct {
	At        time.Time `json:"at"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Query     string    `json:"query"`
	Operation string    `json:"operation"`
	Meeting   string    `json:"meeting"`
	Body      string    `json:"body"`
	RequestID string    `json:"requestID"`
	Status    int       `json:"status"`
	Code      string    `json:"code"`
	Effect    bool      `json:"effect"`
	Duration  span      `json:"duration"`
	SiteID    string    `json:"siteID"`
	AuthType  string    `json:"authorizationType"`
}

func viewEntry(e Entry) entryView {
	return entryView{
		e.At, e.Method, e.Path, e.Query, e.Operation, e.Meeting, e.Body, e.RequestID, e.Status, e.Code, e.Effect, span(e.Duration),
		e.SiteID, e.AuthorizationType,
	}
}

type effectView struct {
	At        time.Time `json:"at"`
	Meeting   string    `json:"meeting"`
	Kind      string    `json:"kind"`
	Detail    string    `json:"detail"`
	RequestID string    `json:"requestID"`
	Call      int       `json:"call"`
}

func viewEffect(e Effect) effectView { return effectView(e) }

type faultView struct {
	Operation   string    `json:"operation"`
	Kind        FaultKind `json:"kind"`
	Status      int       `json:"status"`
	Code        string    `json:"code"`
	Message     string    `json:"message"`
	After       bool      `json:"after"`
	Delay       span      `json:"delay"`
	Times       int       `json:"times"`
	Probability float64   `json:"probability"`
	RetryAfter  int       `json:"retryAfter"`
	For         span      `json:"for"`
	Fields      string    `json:"fields"`
}

func viewFault(f Fault) faultView {
	return faultView{
		f.Operation, f.Kind, f.Status, f.Code, f.Message, f.After, span(f.Delay), f.Times, f.Probability, f.RetryAfter, span(f.For), f.Fields,
	}
}

func (v faultView) fault() Fault {
	return Fault{
		Operation: v.Operation, Kind: v.Kind, Status: v.Status, Code: v.Code, Message: v.Message, After: v.After,
		Delay: time.Duration(v.Delay), Times: v.Times, For: time.Duration(v.For), Probability: v.Probability,
		RetryAfter: v.RetryAfter, Fields: v.Fields,
	}
}
