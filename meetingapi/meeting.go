package meetingapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// ID is a conferenceID: what every call of the API wants. The number that
// people see may be another one; see Meeting.Number and Client.Find.
type ID string

// Meeting is what the service tells about a meeting, without its passwords and
// join links, which are never read.
type Meeting struct {
	ID           ID
	Number       string    // what people see: the room's number, else ID
	UUID         string    // of one meeting held; empty until it was started
	Subject      string    // may be empty
	Start, End   time.Time // UTC; zero if not told
	State        State
	Owner        Owner
	Series       *Series // nil: a single meeting
	Webinar      bool
	Room         bool // held in a cloud room or under a personal number, which other meetings share
	Invitees     []Invitee
	Size         int    // how many were invited
	PeopleOnline int    // how many are in it; filled by Running only
	RequestID    string // of the answer this was read from
}

// Owner is who booked a meeting.
type Owner struct {
	Name       string // display name; not unique
	UUID       string // the key for Client.User
	Department string
}

// Invitee is somebody invited, from the first page of the list (20).
type Invitee struct {
	Name     string
	Email    string
	Account  string // meeting account, or the third-party id under App ID login
	UserUUID string
}

// State is where a meeting is in its life.
type State int

// The states. StateUnknown, the zero value, is common for recurring meetings:
// the service leaves the field out.
const (
	StateUnknown State = iota
	Scheduled
	Starting
	Running
	Ended
)

// String returns the state as one lower-case word.
func (s State) String() string {
	if s < StateUnknown || s > Ended {
		return "unknown"
	}
	return [...]string{"unknown", "scheduled", "starting", "running", "ended"}[s]
}

func stateOf(s text) State {
	switch s {
	case "Schedule":
		return Scheduled
	case "Creating":
		return Starting
	case "Created":
		return Running
	case "Destroyed":
		return Ended
	default:
		return StateUnknown
	}
}

// wireMeeting is ConferenceInfo, as far as it is ours to know.
type wireMeeting struct {
	ConferenceID    text              `json:"conferenceID"`
	VMRConferenceID text              `json:"vmrConferenceID"`
	VMRFlag         number            `json:"vmrFlag"`
	ConfUUID        text              `json:"confUUID"`
	Subject         text              `json:"subject"`
	StartTime       text              `json:"startTime"`
	EndTime         text              `json:"endTime"`
	TimeZoneID      text              `json:"timeZoneID"`
	ConferenceState text              `json:"conferenceState"`
	ScheduserName   text              `json:"scheduserName"`
	UserUUID        text              `json:"userUUID"`
	DeptName        text              `json:"deptName"`
	ConferenceType  number            `json:"conferenceType"`
	ConfType        text              `json:"confType"`
	CycleParams     object[wireRule]  `json:"cycleParams"`
	SubConfs        list[wireSubConf] `json:"subConfs"`
	Webinar         flag              `json:"webinar"`
	Size            number            `json:"size"`
	OnlineAmount    number            `json:"onlineAttendeeAmount"`
}

// wireInvitee is ParticipantInfo.
type wireInvitee struct {
	Name      text `json:"name"`
	Email     text `json:"email"`
	AccountID text `json:"accountId"`
	UserUUID  text `json:"userUUID"`
}

// meeting turns the wire's shape into ours.
func (w wireMeeting) meeting(requestID string) Meeting {
	m := Meeting{
		ID:           ID(w.ConferenceID),
		Number:       string(w.ConferenceID),
		UUID:         string(w.ConfUUID),
		Subject:      string(w.Subject),
		Start:        utc(w.StartTime),
		End:          utc(w.EndTime),
		State:        stateOf(w.ConferenceState),
		Owner:        Owner{Name: string(w.ScheduserName), UUID: string(w.UserUUID), Department: string(w.DeptName)},
		Series:       w.series(),
		Webinar:      bool(w.Webinar),
		Size:         w.Size.n,
		PeopleOnline: w.OnlineAmount.n,
		RequestID:    requestID,
	}
	// A room's number counts unless the flag says in so many words that it
	// is no room.
	if w.VMRConferenceID != "" && (w.VMRFlag.n == 1 || !w.VMRFlag.set) {
		m.Number, m.Room = string(w.VMRConferenceID), true
	}
	return m
}

// wireDetail is the answer of confDetail.
type wireDetail struct {
	ConferenceData object[wireMeeting] `json:"conferenceData"`
	Data           object[struct {
		Data list[wireInvitee] `json:"data"`
	}] `json:"data"`
}

func (r reply) detail() (Meeting, error) {
	var d wireDetail
	if err := r.decode(&d); err != nil {
		return Meeting{}, err
	}
	if d.ConferenceData.v.ConferenceID == "" {
		return Meeting{}, r.nonsense("meeting without an id")
	}
	m := d.ConferenceData.v.meeting(r.requestID)
	for _, w := range d.Data.v.Data {
		i := Invitee{Name: string(w.Name), Email: string(w.Email), Account: string(w.AccountID), UserUUID: string(w.UserUUID)}
		if i != (Invitee{}) {
			m.Invitees = append(m.Invitees, i)
		}
	}
	return m, nil
}

// Meeting reads a meeting that has not ended. The error is IsNotFound if there
// is none, if it is over, or if id is a room's number; Find knows those.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0018.html
func (c *Client) Meeting(ctx context.Context, id ID) (Meeting, error) {
	if id == "" {
		return Meeting{}, &Error{Op: OpMeeting, Class: ClassBadRequest, Message: "empty meeting id; nothing was sent", final: true}
	}
	var m Meeting
	err := c.read(ctx, call{
		op: OpMeeting, target: string(id), method: http.MethodGet, limit: largeBody,
		path:  "/v1/mmc/management/conferences/confDetail",
		query: url.Values{"conferenceID": {string(id)}},
	}, func(r reply) (err error) {
		m, err = r.detail()
		return err
	})
	return m, err
}

// byStart orders meetings by time, those without one last.
func byStart(meetings []Meeting) {
	slices.SortStableFunc(meetings, func(a, b Meeting) int {
		if a.Start.IsZero() != b.Start.IsZero() {
			if a.Start.IsZero() {
				return 1
			}
			return -1
		}
		return a.Start.Compare(b.Start)
	})
}
