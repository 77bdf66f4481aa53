package meetingapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetingbot/meetingapi"
)

// Whatever a service, a gateway or a proxy sends: decoding doesn't panic, values keep the
// promises of their types, and an error has a class and doesn't quote the answer.

// odd adds seeds: JSON of the wrong shape, and the given bodies.
func odd(f *testing.F, bodies ...string) {
	f.Helper()
	for _, b := range append(bodies, "", "null", "{}", "[]", `"x"`, "7", "-1e999", "[[", `{"data":{}}`, `{"data":[]}`, `{"count":-1,"data":[null,7,"x",[],{}]}`, "\xff\xfe", `{"a":`) {
		f.Add([]byte(b))
	}
}

// classed checks that a decoder's error has a class and is one line.
func classed(t *testing.T, body []byte, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var e *meetingapi.Error
	if !errors.As(err, &e) || e.Class <= meetingapi.ClassOther || e.Class == meetingapi.ClassUnknownOutcome {
		t.Errorf("error %v of %q has class %v", err, body, meetingapi.ClassOf(err))
	}
	if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' }) {
		t.Errorf("error %q is more than one line", err)
	}
}

func sound(t *testing.T, m meetingapi.Meeting) {
	t.Helper()
	_, single := m.Single()
	_, recurring := m.Recurring()
	if m.ID == "" || m.Number == "" || single && recurring || (m.Series != nil) != (m.Kind == meetingapi.KindSeries) {
		t.Errorf("meeting %+v: single %v, recurring %v", m, single, recurring)
	}
	if (single || recurring) && (m.Kind == meetingapi.KindUnknown || m.Webinar) {
		t.Errorf("meeting %+v can be cancelled", m)
	}
	if m.Invited.Or(0) < 0 || m.PeopleOnline.Or(0) < 0 {
		t.Errorf("meeting with %v invited and %v in it", m.Invited, m.PeopleOnline)
	}
	if m.Series == nil {
		return
	}
	all, known := m.Series.Occurrences.Get()
	if !known && len(all) > 0 {
		t.Errorf("%d occurrences that are not known", len(all))
	}
	for _, o := range all {
		if o.ID == "" {
			t.Error("an occurrence without an id")
		}
	}
}

func FuzzDetail(f *testing.F) {
	odd(f, detailBody, seriesBody,
		`{"conferenceData":{"conferenceID":1e9,"subConfs":[null,1,{"cycleSubConfID":"a"}],"cycleParams":{"point":["1",null,{}]}}}`,
		`{"conferenceData":{"conferenceID":"\ud800"},"data":{"data":[[],null,{"email":7}]}}`,
		`{"conferenceData":{"conferenceID":1,"conferenceType":"2","subConfs":[{}],"confConfigInfo":{"isSendSms":"no"}}}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := meetingapi.DecodeDetail(body)
		if classed(t, body, err); (m.ID == "") != (err != nil) {
			t.Errorf("detail %q = %+v, %v, want a meeting or an error", body, m, err)
		}
		if err == nil {
			sound(t, m)
		}
		// Passwords and the host's link are not read, wherever they are.
		var clean struct {
			ConferenceData map[string]json.RawMessage `json:"conferenceData"`
		}
		if json.Unmarshal(body, &clean) == nil && len(clean.ConferenceData) > 0 {
			clean.ConferenceData["passwordEntry"] = json.RawMessage(`[{"conferenceRole":"chair","password":"sesame-sesame"}]`)
			clean.ConferenceData["chairJoinUri"] = json.RawMessage(`"https://sesame-sesame"`)
			with, _ := json.Marshal(clean)
			m, err := meetingapi.DecodeDetail(with)
			if s := fmt.Sprintf("%+v %v", m, err); strings.Contains(s, "sesame-sesame") {
				t.Errorf("detail %q shows a password: %s", with, s)
			}
		}
	})
}

func FuzzInvitees(f *testing.F) {
	odd(f, detailBody, `{"conferenceData":{"conferenceID":"1"},"data":{"count":1,"data":[{"name":"x","type":"terminal"}]}}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		all, length, err := meetingapi.DecodeInvitees(body)
		if classed(t, body, err); len(all) > length || err != nil && len(all) > 0 {
			t.Errorf("%d invitees of %d rows, %v", len(all), length, err)
		}
	})
}

func FuzzList(f *testing.F) {
	odd(f, `{"offset":0,"limit":20,"count":1,"data":[{"conferenceID":"1","conferenceType":2}]}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		all, length, err := meetingapi.DecodeList(body)
		if classed(t, body, err); len(all) > length || err != nil && len(all) > 0 {
			t.Errorf("%d meetings of %d rows, %v", len(all), length, err)
		}
		for _, m := range all {
			sound(t, m)
		}
	})
}

func FuzzAttendees(f *testing.F) {
	odd(f, `{"count":5,"data":[{}]}`, `{"count":"5"}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := meetingapi.DecodeAttendees(body)
		classed(t, body, err)
		if v, known := n.Get(); v < 0 || known != (err == nil) {
			t.Errorf("%v attendees, %v", n, err)
		}
	})
}

func FuzzPeople(f *testing.F) {
	odd(f, `[{"id":"u1","statusCode":0,"email":"ana@example.com"}]`, `[{"id":"u1","statusCode":"3"}]`,
		`{"id":"u1","userAccount":"ana@corp"}`, `{"count":1,"data":[{"id":"u1","email":"ana@example.com"}]}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		u, err := meetingapi.DecodeUser(body, "u1")
		if classed(t, body, err); err == nil && u.UUID != "u1" {
			t.Errorf("u1 is %+v", u)
		}
		u, err = meetingapi.DecodeMember(body)
		if classed(t, body, err); err == nil && u.UUID+u.Account == "" {
			t.Errorf("a member is %+v", u)
		}
		all, length, err := meetingapi.DecodeMembers(body)
		if classed(t, body, err); len(all) > length {
			t.Errorf("%d people of %d rows", len(all), length)
		}
		for _, u := range all {
			if u.UUID == "" {
				t.Errorf("a user without an id: %+v", u)
			}
		}
	})
}

// FuzzRefusal classifies answers: only a 2xx without a code is a success, and only a
// change can have an unknown outcome.
func FuzzRefusal(f *testing.F) {
	for _, b := range []string{"", refusal("MMC.111070005", "CONF_DATA_NOT_FOUND"), `{"returnCode":0}`, `{"returnCode":7}`, "<html>", `{"error_code":{},"error_msg":[]}`} {
		for _, status := range []int{200, 302, 400, 401, 429, 500, 503} {
			f.Add(status, []byte(b), "3", "X-Request", true)
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, retry, id string, change bool) {
		h := http.Header{"Retry-After": {retry}, "X-Request-Id": {id}}
		err := meetingapi.DecodeRefusal(status, h, body, change)
		if err == nil {
			if status < 200 || status > 299 {
				t.Errorf("status %d with %q is a success", status, body)
			}
			return
		}
		var e *meetingapi.Error
		if !errors.As(err, &e) || e.Class <= meetingapi.ClassOther || e.Status != status || e.RetryAfter < 0 || e.RetryAfter > 24*time.Hour {
			t.Errorf("status %d with %q = %+v", status, body, err)
		}
		if !change && meetingapi.IsUnknownOutcome(err) {
			t.Errorf("a read with status %d and %q has an unknown outcome", status, body)
		}
		if change && e.Class == meetingapi.ClassServer {
			t.Errorf("a change with status %d and %q failed, which can't be known", status, body)
		}
		if meetingapi.IsThrottled(err) && e.RetryAfter == 0 {
			t.Errorf("throttled without RetryAfter: %v", err)
		}
		if s := err.Error(); strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) || len(s) > 400 {
			t.Errorf("error %q quotes the answer", s)
		}
	})
}
