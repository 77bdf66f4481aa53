package meetingapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"meetingbot/meetingapi"
)

// TestAnotherMeeting: an answer about another meeting is an error, because the caller
// could end up cancelling the wrong one.
func TestAnotherMeeting(t *testing.T) {
	t.Parallel()
	const single = `,"conferenceType":0`
	for _, tt := range []struct {
		name, detail string
		class        meetingapi.Class
	}{
		{"the meeting", `"conferenceID":"914087436"` + single, meetingapi.ClassNone},
		{"its id as a number", `"conferenceID":914087436` + single, meetingapi.ClassNone},
		{"a meeting in the room of that number", `"conferenceID":"985000001","vmrFlag":1,"vmrConferenceID":"914087436"` + single, meetingapi.ClassNone},
		{"another", `"conferenceID":"985000001"` + single, meetingapi.ClassServer},
		{"another, in another room", `"conferenceID":"985000001","vmrFlag":1,"vmrConferenceID":"914087437"` + single, meetingapi.ClassServer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			s.on(detailPath, answer(http.StatusOK, `{"conferenceData":{`+tt.detail+`}}`))
			if m, err := s.client(t).Meeting(t.Context(), "914087436"); meetingapi.ClassOf(err) != tt.class {
				t.Errorf("Meeting() = %s, %v; want %v", m.ID, err, tt.class)
			}
		})
	}
}

// TestKindLeftOut: if the details don't say whether a meeting is a series, the list or
// the next answer may. If neither does, it is an error, because a series must not be
// cancelled as a single meeting.
func TestKindLeftOut(t *testing.T) {
	t.Parallel()
	const single, series, neither = `"conferenceType":0`, `"conferenceType":2,"subConfs":[{"cycleSubConfID":"a"}]`, `"subject":"x"`
	for _, tt := range []struct {
		name    string
		details []string // in turn; the last one repeats
		row     string   // in the list; empty: it isn't there
		list    int      // the status of the list; 0: success
		want    meetingapi.Kind
		class   meetingapi.Class
		lists   int
	}{
		{name: "in the details", details: []string{single}, want: meetingapi.KindSingle},
		{name: "single in the list", details: []string{neither}, row: single, want: meetingapi.KindSingle, lists: 1},
		{name: "series in the list", details: []string{neither}, row: series, want: meetingapi.KindSeries, lists: 1},
		{name: "in the next answer", details: []string{neither, series}, want: meetingapi.KindSeries, lists: 1},
		{name: "nowhere", details: []string{neither}, row: neither, class: meetingapi.ClassKindUnknown, lists: 3},
		{name: "not in the list", details: []string{neither}, class: meetingapi.ClassKindUnknown, lists: 3},
		{name: "list fails", details: []string{neither}, list: http.StatusInternalServerError, class: meetingapi.ClassServer, lists: 3},
		{name: "list throttled", details: []string{neither}, list: http.StatusTooManyRequests, class: meetingapi.ClassThrottled, lists: 1},
		{name: "list refused", details: []string{neither}, list: http.StatusBadRequest, class: meetingapi.ClassKindUnknown, lists: 3},
		{name: "no list", details: []string{neither}, list: http.StatusNotFound, class: meetingapi.ClassUnavailable, lists: 3},
		{name: "a webinar", details: []string{neither + `,"webinar":true`}},
		{name: "over", details: []string{neither + `,"conferenceState":"Destroyed"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, details, lists := newService(t), tt.details, 0
			s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
				answer(http.StatusOK, `{"conferenceData":{"conferenceID":"914087436",`+details[0]+`}}`)(w, r)
				if len(details) > 1 {
					details = details[1:]
				}
			})
			s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
				lists++
				if tt.list != 0 {
					w.Header().Set("Retry-After", "3600")
					w.WriteHeader(tt.list)
					return
				}
				rows := `{"conferenceID":"914087437","conferenceType":0}`
				if tt.row != "" {
					rows += `,{"conferenceID":"914087436",` + tt.row + `}`
				}
				answer(http.StatusOK, `{"data":[`+rows+`]}`)(w, r)
			})
			m, err := s.client(t).Meeting(t.Context(), "914087436")
			if meetingapi.ClassOf(err) != tt.class || err == nil && m.Kind != tt.want || (m.Series != nil) != (tt.want == meetingapi.KindSeries) {
				t.Errorf("Meeting = %v, series %v, %v; want %v, %v", m.Kind, m.Series != nil, err, tt.want, tt.class)
			}
			if lists != tt.lists {
				t.Errorf("the list was asked for %d times, want %d", lists, tt.lists)
			}
		})
	}
}

// TestRoomKindLeftOut: Find returns a meeting of unknown kind as one of several in a room.
// If it is the only one, that is an error.
func TestRoomKindLeftOut(t *testing.T) {
	t.Parallel()
	for rows, want := range map[string][]meetingapi.Kind{
		"914087436 914087437": {meetingapi.KindSingle, meetingapi.KindUnknown},
		"914087437":           nil,
	} {
		s := newService(t)
		s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
			switch id := r.URL.Query().Get("conferenceID"); id {
			case "914087436":
				answer(http.StatusOK, `{"conferenceData":{"conferenceID":"914087436","conferenceType":0}}`)(w, r)
			case "914087437":
				answer(http.StatusOK, `{"conferenceData":{"conferenceID":"914087437"}}`)(w, r)
			default:
				answer(http.StatusBadRequest, `{"error_code":"MMC.111070005"}`)(w, r)
			}
		})
		s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
			var all []string
			for _, id := range strings.Fields(rows) {
				all = append(all, `{"conferenceID":"`+id+`","vmrConferenceID":"90012345","vmrFlag":1}`)
			}
			answer(http.StatusOK, `{"data":[`+strings.Join(all, ",")+`]}`)(w, r)
		})
		found, err := s.client(t).Find(t.Context(), "90012345")
		var got []meetingapi.Kind
		for _, m := range found {
			got = append(got, m.Kind)
		}
		if !slices.Equal(got, want) || (want == nil) != (meetingapi.ClassOf(err) == meetingapi.ClassKindUnknown) {
			t.Errorf("Find() in a room of %s = %v, %v; want %v", rows, got, err, want)
		}
	}
}
