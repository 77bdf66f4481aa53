package meetingapi_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"meetingbot/meetingapi"
)

// TestAbsentIsNotEmpty: a value that the service leaves out, or sends as nonsense, is
// not known rather than 0, "no" or "none".
func TestAbsentIsNotEmpty(t *testing.T) {
	t.Parallel()
	known := func(m meetingapi.Meeting) string {
		dates := "no series"
		if m.Series != nil {
			dates = "dates not known"
			if all, ok := m.Series.Occurrences.Get(); ok {
				dates = fmt.Sprintf("%d dates", len(all))
			}
		}
		return fmt.Sprintf("%v; %s; invited %v; mail %v, sms %v, calendar %v; in it %v",
			cmp.Or(m.State, "unknown"), dates, m.Invited, m.NotifyByMail, m.NotifyBySMS, m.NotifyByCalendar, m.PeopleOnline)
	}
	const nothing = "unknown; no series; invited not known; mail not known, sms not known, calendar not known; in it not known"
	changed := func(old, with string) string { return strings.Replace(nothing, old, with, 1) }
	for _, tt := range []struct{ fields, data, want string }{
		{`"x":1`, `null`, nothing},
		{`"conferenceState":null,"size":null,"confConfigInfo":null,"onlineAttendeeAmount":null`, `{}`, nothing},
		{`"conferenceState":"","size":"","confConfigInfo":{},"onlineAttendeeAmount":""`, `{"data":null}`, nothing},
		{`"conferenceState":"Surprise","size":-1,"confConfigInfo":[],"onlineAttendeeAmount":-3`, `[]`, nothing},
		{`"confConfigInfo":{"isSendNotify":"maybe","isSendSms":null,"isSendCalendar":7}`, `{"count":"many"}`, nothing},

		{`"conferenceType":2`, `null`, changed("no series", "dates not known")},
		{`"conferenceType":2,"subConfs":null`, `null`, changed("no series", "dates not known")},
		{`"conferenceType":2,"subConfs":""`, `null`, changed("no series", "dates not known")},
		{`"conferenceType":2,"subConfs":[]`, `null`, changed("no series", "0 dates")},
		{`"conferenceType":2,"subConfs":[{"cycleSubConfID":"a"},{"cycleSubConfID":"b"}]`, `null`, changed("no series", "2 dates")},
		// A date listed twice is one date.
		{`"conferenceType":2,"subConfs":[{"cycleSubConfID":"a"},{"cycleSubConfID":"b"},{"cycleSubConfID":"a"}]`, `null`, changed("no series", "2 dates")},
		// A date listed with two different times is uncertain.
		{`"conferenceType":2,"subConfs":[{"cycleSubConfID":"a"},{"cycleSubConfID":"a","startTime":"2026-11-25 01:00"}]`, `null`, changed("no series", "dates not known")},
		// A date without an id makes all dates uncertain.
		{`"conferenceType":2,"subConfs":[{"cycleSubConfID":"a"},{"startTime":"2026-11-25 01:00"}]`, `null`, changed("no series", "dates not known")},
		{`"conferenceType":2,"subConfs":[{"cycleSubConfID":"a"},null]`, `null`, changed("no series", "dates not known")},
		{`"conferenceType":2,"subConfs":[{"cycleSubConfID":"a"},"b"]`, `null`, changed("no series", "dates not known")},

		{`"size":0`, `null`, changed("invited not known", "invited 0")},
		{`"size":"12"`, `null`, changed("invited not known", "invited 12")},
		{`"size":12`, `{"count":7,"data":[]}`, changed("invited not known", "invited 7")},
		{`"size":12`, `{"data":[{"name":"Ana"}]}`, changed("invited not known", "invited 1")},
		{`"x":1`, `{"count":0}`, changed("invited not known", "invited 0")},
		{`"x":1`, `{"data":[]}`, changed("invited not known", "invited 0")},
		{`"x":1`, `{"data":[` + strings.Repeat(`{"name":"Ana"},`, 19) + `{"name":"Bob"}]}`, nothing}, // a full page: there may be more

		{`"confConfigInfo":{"isSendNotify":true}`, `null`, changed("mail not known", "mail true")},
		{
			`"confConfigInfo":{"isSendNotify":false,"isSendSms":"0","isSendCalendar":1}`, `null`,
			changed("mail not known, sms not known, calendar not known", "mail false, sms false, calendar true"),
		},
		{`"onlineAttendeeAmount":0`, `null`, changed("in it not known", "in it 0")},
	} {
		m, err := meetingapi.DecodeDetail([]byte(`{"conferenceData":{"conferenceID":"1",` + tt.fields + `},"data":` + tt.data + `}`))
		if got := known(m); err != nil || got != tt.want {
			t.Errorf("detail with %s and data %s:\n got %s, %v\nwant %s", tt.fields, tt.data, got, err, tt.want)
		}
	}
}

func TestOptional(t *testing.T) {
	t.Parallel()
	var unknown meetingapi.Optional[int]
	if v, known := unknown.Get(); v != 0 || known || unknown.Or(7) != 7 || unknown.String() != "not known" {
		t.Errorf("the zero Optional = %d, %v, Or(7) %d, %q", v, known, unknown.Or(7), unknown)
	}
	zero := meetingapi.Known(0)
	if v, known := zero.Get(); v != 0 || !known || zero.Or(7) != 0 || zero.String() != "0" {
		t.Errorf("Known(0) = %d, %v, Or(7) %d, %q", v, known, zero.Or(7), zero)
	}
}

// TestMayHaveMore: if the service lists its maximum of dates, there may be more.
func TestMayHaveMore(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{0: false, 49: false, 50: true} {
		s := &meetingapi.Series{Occurrences: meetingapi.Known(make([]meetingapi.Occurrence, n))}
		if s.MayHaveMore() != want {
			t.Errorf("MayHaveMore() of %d dates = %t, want %t", n, !want, want)
		}
	}
	if (&meetingapi.Series{}).MayHaveMore() {
		t.Error("MayHaveMore() without any dates = true, want false")
	}
}

// TestCancelUnknownDates: dates that the service didn't list can't be cancelled. The
// error is not "not found", which would mean "already cancelled".
func TestCancelUnknownDates(t *testing.T) {
	t.Parallel()
	s := newService(t)
	m, err := meetingapi.DecodeDetail([]byte(`{"conferenceData":{"conferenceID":"985325849","conferenceType":2}}`))
	if err != nil {
		t.Fatalf("DecodeDetail: %v", err)
	}
	series, ok := m.Recurring()
	if !ok {
		t.Fatalf("Recurring() of %+v = false", m)
	}
	c := s.client(t)
	err = c.CancelOccurrences(t.Context(), series, []meetingapi.OccurrenceID{"second"}, meetingapi.CancelOptions{})
	if meetingapi.ClassOf(err) != meetingapi.ClassBadRequest || len(s.requests()) != 0 {
		t.Errorf("CancelOccurrences = %v, sent %q, want %v and nothing", err, s.requests(), meetingapi.ClassBadRequest)
	}
	s.on(seriesPath, answer(200, ""))
	if err := c.CancelSeries(t.Context(), series, meetingapi.CancelOptions{}); err != nil {
		t.Errorf("CancelSeries of it = %v, want no error", err)
	}
}

// invited answers details with n invitees, by offset and limit.
func invited(n int, row func(i int) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.FormValue("offset"))
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		var data []string
		for i := offset; i < min(n, offset+min(limit, 500)); i++ {
			data = append(data, row(i))
		}
		answer(200, fmt.Sprintf(`{"conferenceData":{"conferenceID":"1"},"data":{"offset":%d,"limit":%d,"count":%d,"data":[%s]}}`,
			offset, limit, n, strings.Join(data, ",")))(w, r)
	}
}

func TestInvitees(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.on(detailPath, invited(2000, func(i int) string {
		switch i {
		case 0:
			return `{"name":"Meeting room 4","attendeeType":"terminal","participantID":"+99111"}`
		case 1:
			return `{"name":"Ana","type":"outside","email":"same@example.com"}` // as older services spell it
		case 2:
			return `{"name":"Ana Maria","attendeeType":"normal","email":"same@example.com","accountId":"ana@corp","userUUID":"u1"}`
		case 3, 4:
			return `{"name":"Twice","email":"twice@example.com"}` // the same in every field
		case 5:
			return `{}`
		}
		return fmt.Sprintf(`{"name":"Guest %d"}`, i)
	}))
	got, err := s.client(t).Invitees(t.Context(), "1", 0)
	if err != nil || got.More || got.Err != nil || got.Total.Or(-1) != 2000 || len(got.Invitees) != 1998 || len(s.requests()) != 4 {
		t.Fatalf("Invitees = %d rows of %v in %d calls, more %v, %v, %v; want 1998 of 2000 in 4", len(got.Invitees), got.Total, len(s.requests()), got.More, got.Err, err)
	}
	want := []meetingapi.Invitee{
		{Name: "Meeting room 4", Type: meetingapi.InviteeRoom},
		{Name: "Ana", Email: "same@example.com", Type: meetingapi.InviteeExternal},
		{Name: "Ana Maria", Email: "same@example.com", Account: "ana@corp", UserUUID: "u1", Type: meetingapi.InviteeUser},
		{Name: "Twice", Email: "twice@example.com"},
		{Name: "Guest 6"},
	}
	if diff := diffOf(want, got.Invitees[:5]); diff != "" {
		t.Errorf("the first invitees (-want +got):\n%s", diff)
	}
	if got.Meeting.ID != "" {
		t.Errorf("the meeting is %+v, want none: the answer doesn't say whether it is a series", got.Meeting)
	}
	few, err := s.client(t).Invitees(t.Context(), "1", 50)
	if err != nil || len(few.Invitees) != 50 || !few.More || few.Total.Or(-1) != 2000 {
		t.Errorf("Invitees, 50 at most = %d of %v, more %v, %v; want 50 rows of 2000 and more", len(few.Invitees), few.Total, few.More, err)
	}
	s.on(detailPath, answer(200, `{"conferenceData":{"conferenceID":"1","subject":"Now","conferenceType":0},"data":{"count":0,"data":[]}}`))
	if got, err := s.client(t).Invitees(t.Context(), "1", 0); err != nil || got.Meeting.Subject != "Now" {
		t.Errorf("the meeting is %+v, %v, want the one in the answer", got.Meeting, err)
	}
}

func TestUnknownInvitees(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		data  string
		rows  int
		more  bool
		total string
		class meetingapi.Class
	}{
		{`null`, 0, true, "not known", meetingapi.ClassNone},
		{`{}`, 0, true, "not known", meetingapi.ClassNone},
		{`{"data":[]}`, 0, false, "not known", meetingapi.ClassNone},
		{`{"count":0}`, 0, false, "0", meetingapi.ClassNone},
		{`{"count":4}`, 0, false, "", meetingapi.ClassServer},
		{`{"count":4,"data":[]}`, 0, false, "", meetingapi.ClassServer},
		{`{"count":1,"data":[{"name":"Ana"}]}`, 1, false, "1", meetingapi.ClassNone},
		{`{"data":[{"name":"Ana"},7]}`, 1, false, "not known", meetingapi.ClassNone},
	} {
		s := newService(t)
		s.on(detailPath, answer(200, `{"conferenceData":{"conferenceID":"1"},"data":`+tt.data+`}`))
		got, err := s.client(t, once).Invitees(t.Context(), "1", 0)
		if meetingapi.ClassOf(err) != tt.class || len(got.Invitees) != tt.rows || got.More != tt.more || err == nil && got.Total.String() != tt.total {
			t.Errorf("Invitees of %s = %d of %v, more %v, %v; want %d of %s, %v, %v", tt.data, len(got.Invitees), got.Total, got.More, err, tt.rows, tt.total, tt.more, tt.class)
		}
	}
	s := newService(t)
	s.on(detailPath, answer(400, refusal("MMC.111070005", "")))
	if _, err := s.client(t).Invitees(t.Context(), "1", 0); !meetingapi.IsNotFound(err) {
		t.Errorf("Invitees of an unknown meeting = %v, want %v", err, meetingapi.ClassNotFound)
	}
	if _, err := s.client(t).Invitees(t.Context(), "", 0); meetingapi.ClassOf(err) != meetingapi.ClassBadRequest {
		t.Errorf("Invitees of an empty id = %v, want %v", err, meetingapi.ClassBadRequest)
	}
}
