package meetingapi

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// ID is a conferenceID, which every call of the API takes. The number that people see
// may be a different one; see Meeting.Number and Reader.Find.
type ID string

// Meeting is what the service says about a meeting, without its passwords and join
// links, which are never read. The service may leave out any field but ID: a zero
// time, an empty string, StateUnknown, KindUnknown and an Optional that is not known
// all mean that it didn't say.
type Meeting struct {
	ID         ID
	Number     string    // what people see: the room's number, or else ID
	UUID       string    // of one session; empty before the first start
	Subject    string    // may be empty
	Start, End time.Time // UTC; zero if unknown
	State      State
	Owner      Owner
	Kind       Kind
	Series     *Series // set if and only if Kind is KindSeries
	Webinar    bool    // the service says it is one
	Room       bool    // held in a cloud room or under a personal number, which other meetings share

	// Invited is how many people were invited. SomeInvitees are the first of them (up
	// to 20, and only in Meeting and Find); others may be invited too.
	// Reader.Invitees reads them all.
	Invited      Optional[int]
	SomeInvitees []Invitee

	// Whether the service itself notifies the invitees of changes to the meeting, by
	// e-mail, by text message, in their calendars. These are the booking's flags; it
	// is not documented whether a cancellation through this API obeys them.
	NotifyByMail, NotifyBySMS, NotifyByCalendar Optional[bool]

	PeopleOnline Optional[int] // how many people are in it; only from Running
	RequestID    string        // of the answer this was read from
}

// Owner is the person who booked a meeting.
type Owner struct {
	Name string // display name; not unique
	UUID string // the key for Reader.User
}

// Kind says whether a meeting is a series.
type Kind string

// The kinds. KindUnknown, the zero value, means that the service doesn't say, as rows of
// a list may not. Such a meeting can't be cancelled: a series must not be cancelled as a
// single meeting.
const (
	KindUnknown Kind = ""
	KindSingle  Kind = "single"
	KindSeries  Kind = "series"
)

// State is where a meeting is in its life.
type State string

// The states. StateUnknown, the zero value, is common for recurring meetings: the
// service leaves the field out.
const (
	StateUnknown State = ""
	Scheduled    State = "scheduled"
	Starting     State = "starting"
	Running      State = "running"
	Ended        State = "ended"
)

func stateOf(s wire.Text) State {
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

func meetingOf(w wire.Meeting, requestID string) Meeting {
	m := Meeting{
		ID:               ID(w.ConferenceID),
		Number:           string(w.ConferenceID),
		UUID:             string(w.ConfUUID),
		Subject:          string(w.Subject),
		Start:            w.StartTime.UTC(),
		End:              w.EndTime.UTC(),
		State:            stateOf(w.ConferenceState),
		Owner:            Owner{Name: string(w.ScheduserName), UUID: string(w.UserUUID)},
		Kind:             kindOf(w),
		Webinar:          w.Webinar.On,
		Invited:          count(w.Size),
		NotifyByMail:     yesNo(w.ConfConfigInfo.V.IsSendNotify),
		NotifyBySMS:      yesNo(w.ConfConfigInfo.V.IsSendSms),
		NotifyByCalendar: yesNo(w.ConfConfigInfo.V.IsSendCalendar),
		PeopleOnline:     count(w.OnlineAmount),
		RequestID:        requestID,
	}
	if m.Kind == KindSeries {
		m.Series = seriesOf(w)
	}
	// A room's number counts unless the flag explicitly says that it isn't a room.
	if w.VMRConferenceID != "" && (w.VMRFlag.N == 1 || !w.VMRFlag.Set) {
		m.Number, m.Room = string(w.VMRConferenceID), true
	}
	return m
}

// detail is a meeting, and the page of those invited that the same answer holds.
func (r reply) detail() (Meeting, wire.Invitees, error) {
	var d wire.Detail
	if err := r.decode(&d); err != nil {
		return Meeting{}, wire.Invitees{}, err
	}
	if d.Meeting.V.ConferenceID == "" {
		return Meeting{}, wire.Invitees{}, r.nonsense("meeting without an id")
	}
	m := meetingOf(d.Meeting.V, r.RequestID())
	// The list's own count is of people invited now; the size is from the booking.
	if n := invited(d.Invitees.V); n.known {
		m.Invited = n
	}
	m.SomeInvitees = inviteesOf(d.Invitees.V)
	return m, d.Invitees.V, nil
}

const detailPath = "/v1/mmc/management/conferences/confDetail"

// Meeting reads a meeting that has not ended. The error is IsNotFound if there is
// none, if it is over, or if id is a room's number; use Find for those. If the service
// says neither in the details nor in its list whether the meeting is a series, the
// error is ClassKindUnknown; if the list can't be read, it says why.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0018.html
func (r *Reader) Meeting(ctx context.Context, id ID) (Meeting, error) {
	if id == "" {
		return Meeting{}, unsent(OpMeeting, "", ClassBadRequest, "empty meeting id")
	}
	q := url.Values{"conferenceID": {string(id)}}
	return read(ctx, r.s, get(OpMeeting, string(id), detailPath, q), func(answer reply) (Meeting, error) {
		m, _, err := answer.detail()
		switch {
		case err != nil:
			return m, err
		case m.ID != id && m.Number != string(id): // some sites know the numbers of rooms here
			return Meeting{}, answer.nonsense("another meeting than the one that was asked for")
		case m.Kind == KindUnknown:
			return r.withKind(ctx, m, answer)
		}
		return m, err
	})
}

// withKind adds to a meeting that could be cancelled whether it is a series, which its
// details have left out.
func (r *Reader) withKind(ctx context.Context, m Meeting, answer reply) (Meeting, error) {
	if m.Webinar || m.State == Ended {
		return m, nil
	}
	rows, err := r.Upcoming(ctx, ListOptions{All: true, Search: string(m.ID)})
	for _, row := range rows.Meetings {
		if row.ID == m.ID && row.Kind != KindUnknown {
			m.Kind, m.Series = row.Kind, row.Series
			return m, nil
		}
	}
	err = cmp.Or(err, rows.Err)
	var failed *Error
	if may, _ := temporary(err); may && errors.As(err, &failed) {
		once := *failed
		once.final = true // it was tried again already
		return Meeting{}, &once
	}
	unsaid := answer.nonsense("neither the details nor the list say whether it is a series")
	unsaid.Class, unsaid.cause = ClassKindUnknown, err
	return Meeting{}, unsaid
}

// byStart orders meetings by time; those without one come last.
func byStart(meetings []Meeting) {
	slices.SortStableFunc(meetings, func(a, b Meeting) int {
		if a.Start.IsZero() != b.Start.IsZero() {
			return b.Start.Compare(a.Start) // turned round: the zero time is the earliest
		}
		return a.Start.Compare(b.Start)
	})
}
