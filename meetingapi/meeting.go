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

// ID is a conferenceID, which every call of the API takes. People may see a different
// number; see Meeting.Number and Reader.Find.
type ID string

// Meeting describes a meeting, without its passwords and join links, which are never
// read. The service may leave out any field but ID: a zero time, an empty string,
// StateUnknown, KindUnknown and an Optional that is not known all mean that it did.
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
	Webinar    bool    // the service says that it is a webinar
	Room       bool    // in a cloud room or under a personal number, which other meetings share

	// Invited is how many people were invited. SomeInvitees are up to 20 of them, set
	// only by Reader.Meeting and Reader.Find; Reader.Invitees reads them all.
	Invited      Optional[int]
	SomeInvitees []Invitee

	// Whether the service notifies the invitees of changes to the meeting by e-mail,
	// text message or calendar. These are the booking's flags; it is not documented
	// whether a cancellation through this API obeys them.
	NotifyByMail, NotifyBySMS, NotifyByCalendar Optional[bool]

	PeopleOnline Optional[int] // how many people are in it; only from Running
	RequestID    string        // of the answer that this was read from
}

// Owner is the person who booked a meeting.
type Owner struct {
	Name string // display name; not unique
	UUID string // for Reader.User
}

// Kind says whether a meeting is a series.
type Kind string

// The kinds. KindUnknown, the zero value, means that the service didn't say, as in some
// rows of a list. Such a meeting can't be cancelled, because a series must not be
// cancelled as a single meeting.
const (
	KindUnknown Kind = ""
	KindSingle  Kind = "single"
	KindSeries  Kind = "series"
)

// State is a stage in a meeting's life.
type State string

// The states. StateUnknown, the zero value, is common for recurring meetings, for which
// the service leaves the field out.
const (
	StateUnknown State = ""
	Scheduled    State = "scheduled"
	Starting     State = "starting"
	Running      State = "running"
	Ended        State = "ended"
)

// states are the service's words for them.
var states = map[wire.Text]State{"Schedule": Scheduled, "Creating": Starting, "Created": Running, "Destroyed": Ended}

func meetingOf(w wire.Meeting, requestID string) Meeting {
	m := Meeting{
		ID:               ID(w.ConferenceID),
		Number:           string(w.ConferenceID),
		UUID:             string(w.ConfUUID),
		Subject:          string(w.Subject),
		Start:            w.StartTime.UTC(),
		End:              w.EndTime.UTC(),
		State:            states[w.ConferenceState],
		Owner:            Owner{Name: string(w.ScheduserName), UUID: string(w.UserUUID)},
		Kind:             kindOf(w),
		Webinar:          w.Webinar.On,
		Invited:          count(w.Size),
		NotifyByMail:     flag(w.ConfConfigInfo.V.IsSendNotify),
		NotifyBySMS:      flag(w.ConfConfigInfo.V.IsSendSms),
		NotifyByCalendar: flag(w.ConfConfigInfo.V.IsSendCalendar),
		PeopleOnline:     count(w.OnlineAmount),
		RequestID:        requestID,
	}
	if m.Kind == KindSeries {
		m.Series = seriesOf(w)
	}
	// A room number counts unless the flag explicitly says that it isn't one.
	if w.VMRConferenceID != "" && (w.VMRFlag.N == 1 || !w.VMRFlag.Set) {
		m.Number, m.Room = string(w.VMRConferenceID), true
	}
	return m
}

// detail reads a meeting and the page of invitees that comes with it.
func (r reply) detail() (Meeting, wire.Invitees, error) {
	var d wire.Detail
	if err := r.decode(&d); err != nil {
		return Meeting{}, wire.Invitees{}, err
	}
	if d.Meeting.V.ConferenceID == "" {
		return Meeting{}, wire.Invitees{}, r.malformed("meeting without an id")
	}
	m := meetingOf(d.Meeting.V, r.RequestID())
	// The list's count is current; the meeting's size is from the booking.
	if n := invited(d.Invitees.V); n.known {
		m.Invited = n
	}
	m.SomeInvitees = inviteesOf(d.Invitees.V)
	return m, d.Invitees.V, nil
}

const detailPath = "/v1/mmc/management/conferences/confDetail"

// Meeting reads a meeting that has not ended. The error is IsNotFound if there is no
// such meeting, if it is over, or if id is a room's number, for which use Find. If the
// service doesn't say whether the meeting is a series, neither in the details nor in its
// list, the error is ClassKindUnknown; if the list can't be read, it says why.
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
		case m.ID != id && m.Number != string(id): // some sites accept room numbers here
			return Meeting{}, answer.malformed("answer is about another meeting")
		case m.Kind == KindUnknown:
			return r.withKind(ctx, m, answer)
		}
		return m, err
	})
}

// withKind completes a meeting whose details don't say whether it is a series, from the
// list, unless it can't be cancelled anyway.
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
		final := *failed
		final.final = true // it has been retried already
		return Meeting{}, &final
	}
	unknown := answer.malformed("neither the details nor the list say whether it is a series")
	unknown.Class, unknown.cause = ClassKindUnknown, err
	return Meeting{}, unknown
}

// byStart sorts meetings by start; those without one come last.
func byStart(meetings []Meeting) {
	slices.SortStableFunc(meetings, func(a, b Meeting) int {
		if a.Start.IsZero() != b.Start.IsZero() {
			return b.Start.Compare(a.Start) // reversed, because the zero time is the earliest
		}
		return a.Start.Compare(b.Start)
	})
}
