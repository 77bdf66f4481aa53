package meetingapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/meetingapi"
)

// rows answers a list of n meetings, numbered from 0, by offset and limit, with at most
// most rows per page.
func rows(n, most int, withCount bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.FormValue("offset"))
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		limit = min(limit, most)
		var data []string
		for i := offset; i < min(n, offset+limit); i++ {
			data = append(data, fmt.Sprintf(`{"conferenceID":"%d","startTime":%q,"onlineAttendeeAmount":%d}`,
				i, time.Unix(int64(i)*60, 0).UTC().Format("2006-01-02 15:04"), i))
		}
		count := ""
		if withCount {
			count = fmt.Sprintf(`"count":%d,`, n)
		}
		answer(200, fmt.Sprintf(`{%s"offset":%d,"limit":%d,"data":[%s]}`, count, offset, limit, strings.Join(data, ",")))(w, r)
	}
}

// lists returns the three lists of a client, by path.
func lists(c *api) map[string]func(context.Context, meetingapi.ListOptions) (meetingapi.List, error) {
	return map[string]func(context.Context, meetingapi.ListOptions) (meetingapi.List, error){
		listPath: c.Upcoming, onlinePath: c.Running,
		historyPath: func(ctx context.Context, o meetingapi.ListOptions) (meetingapi.List, error) {
			return c.History(ctx, time.Unix(0, 0), time.Unix(9, 0), o)
		},
	}
}

func TestListsReadAllPages(t *testing.T) {
	t.Parallel()
	for _, path := range []string{listPath, onlinePath, historyPath} {
		for _, tt := range []struct {
			have, most, max int
			count           bool
			want, calls     int
			more            bool
		}{
			{0, 500, 0, true, 0, 1, false},
			{0, 500, 0, false, 0, 1, false},
			{1, 500, 0, true, 1, 1, false},
			{499, 500, 0, false, 499, 1, false},
			{500, 500, 0, false, 500, 2, false},
			{500, 500, 0, true, 500, 1, false},
			{501, 500, 0, true, 501, 2, false},
			{1203, 500, 0, false, 1203, 3, false},
			{1203, 500, 7, false, 7, 1, true},
			{7, 500, 7, true, 7, 1, false},
			{45, 20, 0, true, 45, 3, false},  // a service with smaller pages than requested
			{45, 20, 0, false, 45, 3, false}, // with the page size in every answer
			{1203, 500, 600, true, 600, 2, true},
			{9000, 500, 0, true, 9000, 18, false},
			{12_000, 500, 0, true, 10_000, 20, true}, // paging ends here in any case
		} {
			s := newService(t)
			s.on(path, rows(tt.have, tt.most, tt.count))
			got, err := lists(s.client(t))[path](t.Context(), meetingapi.ListOptions{Max: tt.max})
			if err != nil || len(got.Meetings) != tt.want || len(s.requests()) != tt.calls || got.More != tt.more || got.Err != nil {
				t.Errorf("%s of %d, Max %d, count told %v: %d rows in %d calls, more %v, %v, want %d in %d, %v",
					path, tt.have, tt.max, tt.count, len(got.Meetings), len(s.requests()), got.More, err, tt.want, tt.calls, tt.more)
			}
			seen := map[meetingapi.ID]bool{}
			for _, m := range got.Meetings {
				seen[m.ID] = true
			}
			if len(seen) != tt.want {
				t.Errorf("%s of %d: %d different meetings, want %d", path, tt.have, len(seen), tt.want)
			}
		}
	}
}

// TestListEndsIfOffsetIsIgnored: a service that ignores the offset sends the first page
// forever. The list must end, and report that there may be more.
func TestListEndsIfOffsetIsIgnored(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ count, calls int }{{1000, 5}, {3, 2}, {4, 2}} {
		s := newService(t)
		s.on(listPath, answer(200, fmt.Sprintf(`{"count":%d,"data":[{"conferenceID":"1"},{"conferenceID":"2"}]}`, tt.count)))
		got, err := s.client(t).Upcoming(t.Context(), meetingapi.ListOptions{})
		if err != nil || len(got.Meetings) != 2 || len(s.requests()) != tt.calls || !got.More {
			t.Errorf("Upcoming of %d = %d meetings in %d calls, more %v, %v, want 2 in %d and more",
				tt.count, len(got.Meetings), len(s.requests()), got.More, err, tt.calls)
		}
	}
}

func TestListQueries(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, p := range []string{listPath, onlinePath, historyPath} {
		s.on(p, answer(200, `{"data":[]}`))
	}
	c, ctx := s.client(t), t.Context()
	o := meetingapi.ListOptions{All: true, User: "u", Search: strings.Repeat("周", 200), Max: 9}
	_, _ = c.Upcoming(ctx, o) // User overrides All
	o.Search = "a b"
	_, _ = c.Running(ctx, o)
	_, _ = c.History(ctx, time.UnixMilli(5), time.UnixMilli(6), o)
	_, _ = c.Upcoming(ctx, meetingapi.ListOptions{})
	want := []string{
		listPath + "?limit=9&queryConfMode=ALL&searchKey=" + strings.Repeat("%E5%91%A8", 128) + "&sortType=ASC_StartTIME&userUUID=u",
		onlinePath + "?limit=9&queryAll=true&searchKey=a%20b",
		historyPath + "?endDate=6&limit=9&queryAll=true&searchKey=a%20b&sortType=DSC_StartTIME&startDate=5",
		listPath + "?limit=500&queryConfMode=ALL&sortType=ASC_StartTIME",
	}
	if diff := cmp.Diff(want, s.requests()); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
}

func TestListRows(t *testing.T) {
	t.Parallel()
	s := newService(t)
	body := `{"count":"3","data":[null,5,{"conferenceID":""},
		{"conferenceID":"late","startTime":"2026-11-26 10:00","onlineAttendeeAmount":4},
		{"conferenceID":"none"},
		{"conferenceID":"early","startTime":"2026-11-25 10:00","conferenceState":"Creating"}]}`
	for _, p := range []string{listPath, onlinePath, historyPath} {
		s.on(p, answer(200, body))
	}
	c, ctx := s.client(t), t.Context()
	ids := func(l meetingapi.List, err error) string {
		if err != nil {
			t.Errorf("list: %v", err)
		}
		var b strings.Builder
		for _, m := range l.Meetings {
			fmt.Fprintf(&b, "%s/%v/%d ", m.ID, m.State, m.PeopleOnline.Or(-1))
		}
		return b.String()
	}
	if got, want := ids(c.Upcoming(ctx, meetingapi.ListOptions{})), "early/starting/-1 late//4 none//-1 "; got != want {
		t.Errorf("Upcoming = %s, want %s", got, want)
	}
	if got, want := ids(c.Running(ctx, meetingapi.ListOptions{})), "early/starting/-1 late/running/4 none/running/-1 "; got != want {
		t.Errorf("Running = %s, want %s", got, want)
	}
	if got, want := ids(c.History(ctx, time.Unix(0, 0), time.Unix(1, 0), meetingapi.ListOptions{})), "late/ended/4 none/ended/-1 early/starting/-1 "; got != want {
		t.Errorf("History = %s, want %s", got, want)
	}
}

// directory answers details by id and lists by search.
func directory(s *service, meetings map[string]string, searchable bool) {
	s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
		if m, ok := meetings[r.FormValue("conferenceID")]; ok {
			answer(200, `{"conferenceData":`+m+`}`)(w, r)
			return
		}
		answer(400, refusal("MMC.111070005", "CONF_DATA_NOT_FOUND"))(w, r)
	})
	s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
		var data []string
		for _, m := range meetings {
			if key := r.FormValue("searchKey"); key == "" || (searchable && strings.Contains(m, key)) {
				data = append(data, m)
			}
		}
		slices.Sort(data)
		answer(200, `{"data":[`+strings.Join(data, ",")+`]}`)(w, r)
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	meetings := map[string]string{
		"914087436": `{"conferenceID":"914087436","conferenceType":0,"startTime":"2026-11-25 10:00"}`,
		"990001":    `{"conferenceID":"990001","conferenceType":0,"vmrFlag":1,"vmrConferenceID":"7700","startTime":"2026-11-27 10:00"}`,
		"990002":    `{"conferenceID":"990002","conferenceType":0,"vmrFlag":1,"vmrConferenceID":"7700","startTime":"2026-11-26 10:00"}`,
		"990003":    `{"conferenceID":"990003","conferenceType":0,"vmrFlag":1,"vmrConferenceID":"8800","startTime":"2026-11-28 10:00"}`,
		"990004":    `{"conferenceID":"990004","conferenceType":0,"subject":"about 7700 and 9999"}`,
	}
	for _, searchable := range []bool{true, false} {
		s := newService(t)
		directory(s, meetings, searchable)
		c := s.client(t)
		for number, want := range map[string]string{
			"914087436":             "914087436 ",
			" 914 087-436":          "914087436 ",
			"914\u2013087\u00a0436": "914087436 ",
			"8800":                  "990003 ",
			"77 00":                 "990002 990001 ",
			"9999":                  "",
			"":                      "",
		} {
			got, err := c.Find(t.Context(), number)
			var ids strings.Builder
			for _, m := range got {
				fmt.Fprintf(&ids, "%s ", m.ID)
			}
			if ids.String() != want {
				t.Errorf("Find(%q), search knows rooms %v = %s, %v, want %s", number, searchable, ids.String(), err, want)
			}
			switch class := meetingapi.ClassOf(err); {
			case want != "" && err != nil, number == "9999" && class != meetingapi.ClassNotFound, number == "" && class != meetingapi.ClassBadRequest:
				t.Errorf("Find(%q) = %v", number, err)
			}
		}
	}
}

// TestFindSpecialCases: a meeting that ends between the list and its details is left out if there are others,
// an ordinary user still finds their own meetings, and failures are returned.
func TestFindSpecialCases(t *testing.T) {
	t.Parallel()
	row := `{"conferenceID":"990001","conferenceType":0,"vmrFlag":1,"vmrConferenceID":"7700"}`
	session := strings.Replace(row, "{", `{"confUUID":"u1","startTime":"2026-11-25 10:00",`, 1)
	notFound, listed := answer(400, refusal("MMC.111070005", "CONF_DATA_NOT_FOUND")), answer(200, `{"data":[`+row+`]}`)
	thenFound := func() http.HandlerFunc { return sequence(notFound, answer(200, `{"conferenceData":`+row+`}`)) }
	for _, tt := range []struct {
		desc         string
		detail, list http.HandlerFunc
		want         meetingapi.Class
	}{
		{"a meeting that just ended", notFound, listed, meetingapi.ClassNotFound},
		{"a meeting that is just closing", sequence(notFound, answer(400, refusal("MMC.111072006", "CONF_IS_CLOSED"))), listed, meetingapi.ClassEnded},
		{"two meetings, one of which is just closing", func(w http.ResponseWriter, r *http.Request) {
			switch r.FormValue("conferenceID") {
			case "990001":
				answer(200, `{"conferenceData":`+row+`}`)(w, r)
			case "990002":
				answer(400, refusal("MMC.111071072", "CONF_CLOSED_RECENTLY"))(w, r)
			default:
				notFound(w, r)
			}
		}, answer(200, `{"data":[`+row+`,`+strings.Replace(row, "990001", "990002", 1)+`]}`), meetingapi.ClassNone},
		{"a meeting of an ordinary user", thenFound(), func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("queryAll") == "true" {
				answer(403, refusal("MMC.111070002", "CONF_INSUFFICIENT_PERMISSIONS"))(w, r)
				return
			}
			listed(w, r)
		}, meetingapi.ClassNone},
		{"a meeting that is listed per session", thenFound(), answer(200, `{"count":2,"data":[`+row+`,`+session+`]}`), meetingapi.ClassNone},
		{"a meeting whose details fail", sequence(notFound, answer(500, "")), listed, meetingapi.ClassServer},
		{"a meeting whose list fails", notFound, answer(500, ""), meetingapi.ClassServer},
		{"another user's meeting", answer(403, refusal("MMC.111070010", "")), listed, meetingapi.ClassDenied},
	} {
		s := newService(t)
		s.on(detailPath, tt.detail)
		s.on(listPath, tt.list)
		got, err := s.client(t, once).Find(t.Context(), "7700")
		if meetingapi.ClassOf(err) != tt.want || tt.want == meetingapi.ClassNone && len(got) != 1 {
			t.Errorf("Find of %s = %v, %v, want one meeting or %v", tt.desc, got, err, tt.want)
		}
	}
}

// TestListsOfOrdinaryLogin: a login that may not see all meetings gets its own from each
// list. If those are refused too, the refusal is returned.
func TestListsOfOrdinaryLogin(t *testing.T) {
	t.Parallel()
	for _, path := range []string{listPath, onlinePath, historyPath} {
		s := newService(t)
		list := lists(s.client(t))[path]
		own := answer(200, `{"count":1,"data":[{"conferenceID":"990001"}]}`)
		s.on(path, func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("queryAll") == "true" {
				answer(403, refusal("MMC.111070002", "CONF_INSUFFICIENT_PERMISSIONS"))(w, r)
				return
			}
			own(w, r)
		})
		if got, err := list(t.Context(), meetingapi.ListOptions{All: true, Search: "9900"}); err != nil || len(got.Meetings) != 1 {
			t.Errorf("%s of all = %v, %v, want the login's own meeting", path, got, err)
		}
		own = answer(403, refusal("MMC.111070002", "CONF_INSUFFICIENT_PERMISSIONS"))
		if got, err := list(t.Context(), meetingapi.ListOptions{All: true}); !meetingapi.IsDenied(err) {
			t.Errorf("%s refused altogether = %v, %v, want %v", path, got, err, meetingapi.ClassDenied)
		}
	}
}

func TestPeopleOnline(t *testing.T) {
	t.Parallel()
	empty, notFound := answer(200, `{"data":[]}`), answer(400, refusal("MMC.111070005", ""))
	for _, tt := range []struct {
		desc             string
		online, attendee http.HandlerFunc
		want             int // -1: not known
		class            meetingapi.Class
	}{
		{"count in the list", answer(200, `{"data":[{"conferenceID":"12","onlineAttendeeAmount":9},{"conferenceID":"1","onlineAttendeeAmount":"4"}]}`), notFound, 4, meetingapi.ClassNone},
		{"count of attendees", answer(200, `{"data":[{"conferenceID":"1"}]}`), answer(200, `{"count":5,"data":[{}]}`), 5, meetingapi.ClassNone},
		{"no count", answer(200, `{"data":[{"conferenceID":"1"}]}`), notFound, -1, meetingapi.ClassNone},
		{"no list of running meetings", answer(404, "<html>"), answer(200, `{"count":5}`), 5, meetingapi.ClassNone},
		{"not running", empty, notFound, -1, meetingapi.ClassNotFound},
		{"not allowed", answer(403, ""), answer(200, `{"count":5}`), -1, meetingapi.ClassDenied},
	} {
		s := newService(t)
		s.on(onlinePath, tt.online)
		s.on(attendeePath, tt.attendee)
		c := s.client(t, once)
		got, err := c.PeopleOnline(t.Context(), "1")
		if got.Or(-1) != tt.want || meetingapi.ClassOf(err) != tt.class {
			t.Errorf("PeopleOnline, %s = %v, %v, want %d, %v", tt.desc, got, err, tt.want, tt.class)
		}
	}
}

func TestUser(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		user  meetingapi.User
		class meetingapi.Class
	}{
		`[{"id":"u1","statusCode":0,"account":"ana@corp","name":"Ana","email":"ana@example.com","deptName":"IT","phone":"+55"}]`: {
			user: meetingapi.User{UUID: "u1", Account: "ana@corp", Name: "Ana", Email: "ana@example.com"},
		},
		`[{"id":"u0","email":"other@example.com"},{"id":"u1","statusCode":"1"}]`: {user: meetingapi.User{UUID: "u1"}},
		`[{"id":"u1","statusCode":2}]`:                                           {class: meetingapi.ClassNotFound},
		`[{"id":"u1","statusCode":3}]`:                                           {class: meetingapi.ClassDenied},
		`[]`:                                                                     {class: meetingapi.ClassNotFound},
		`{}`:                                                                     {class: meetingapi.ClassServer},
		`[{"id":"u0","email":"other@example.com"}]`: {class: meetingapi.ClassNotFound},
		`[{"id`: {class: meetingapi.ClassServer},
	} {
		s := newService(t)
		s.on(usersPath, answer(200, body))
		got, err := s.client(t).User(t.Context(), "u1")
		if got != want.user || meetingapi.ClassOf(err) != want.class {
			t.Errorf("User(u1) with %s = %+v, %v, want %+v, %v", body, got, err, want.user, want.class)
		}
	}
	s := newService(t)
	if _, err := s.client(t).User(t.Context(), ""); meetingapi.ClassOf(err) != meetingapi.ClassBadRequest || s.loginCount() != 0 {
		t.Errorf("User(\"\") = %v after %d logins, want %v and none", err, s.loginCount(), meetingapi.ClassBadRequest)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.on(usersPath, func(w http.ResponseWriter, r *http.Request) {
		var keys []struct{ ID string }
		if err := json.NewDecoder(r.Body).Decode(&keys); err != nil {
			t.Errorf("body: %v", err)
		}
		rows := []string{`{"id":"stranger","email":"stranger@example.com"}`}
		for i, k := range keys {
			// Of four, one is a user, one unchanged, one unknown, one hidden.
			rows = append(rows, fmt.Sprintf(`{"id":%q,"statusCode":%d,"email":"%s@example.com"}`, k.ID, i%4, k.ID))
		}
		answer(200, "["+strings.Join(rows, ",")+"]")(w, r)
	})
	c := s.client(t)
	var ids []string
	for i := range 250 {
		ids = append(ids, strconv.Itoa(i))
	}
	got, err := c.Users(t.Context(), ids)
	if err != nil || len(got) != 126 || len(s.requests()) != 3 {
		t.Errorf("Users of 250 = %d users in %d calls, %v, want 126 in 3", len(got), len(s.requests()), err)
	}
	if want := (meetingapi.User{UUID: "104", Email: "104@example.com"}); got["104"] != want {
		t.Errorf("Users of 250 has %+v at 104, want %+v", got["104"], want)
	}
	s.on(usersPath, func(w http.ResponseWriter, r *http.Request) {
		if len(s.requests()) > 4 {
			answer(500, "")(w, r)
			return
		}
		answer(200, `[{"id":"0","statusCode":0}]`)(w, r)
	})
	if got, err := s.client(t, once).Users(t.Context(), ids); err == nil || len(got) != 1 {
		t.Errorf("Users whose second call fails = %v, %v, want those of the first", got, err)
	}
	if got, err := c.Users(t.Context(), nil); err != nil || len(got) != 0 || len(s.requests()) != 5 {
		t.Errorf("Users(nil) = %v, %v after %d calls, want nothing and no call", got, err, len(s.requests())-5)
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client(t)
	s.on(memberPath, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("accountType") == "0" {
			answer(200, `{"id":"u1","userAccount":"ana@corp","name":"Ana","email":"ana@example.com"}`)(w, r)
			return
		}
		answer(400, refusal("USG.201040000", ""))(w, r)
	})
	want := meetingapi.User{UUID: "u1", Account: "ana@corp", Name: "Ana", Email: "ana@example.com"}
	for _, account := range []string{"ana@corp", "a/../b?c#d e%", "周"} {
		if got, err := c.Member(t.Context(), account); got != want || err != nil {
			t.Errorf("Member(%q) = %+v, %v, want %+v", account, got, err, want)
		}
	}
	paths := []string{
		memberPath + "ana@corp?accountType=1", memberPath + "ana@corp?accountType=0",
		memberPath + "a%2F..%2Fb%3Fc%23d%20e%25?accountType=1", memberPath + "a%2F..%2Fb%3Fc%23d%20e%25?accountType=0",
		memberPath + "%E5%91%A8?accountType=1", memberPath + "%E5%91%A8?accountType=0",
	}
	if diff := cmp.Diff(paths, s.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	for _, account := range []string{"", ".", ".."} {
		if _, err := c.Member(t.Context(), account); meetingapi.ClassOf(err) != meetingapi.ClassBadRequest {
			t.Errorf("Member(%q) = %v, want %v", account, err, meetingapi.ClassBadRequest)
		}
	}
	s.on(memberPath, answer(400, refusal("USG.201040000", "")))
	if _, err := c.Member(t.Context(), "unknown"); !meetingapi.IsNotFound(err) {
		t.Errorf("Member(unknown) = %v, want %v", err, meetingapi.ClassNotFound)
	}
	s.on(memberPath, answer(200, `{}`))
	c = s.client(t, once)
	if _, err := c.Member(t.Context(), "unknown"); meetingapi.ClassOf(err) != meetingapi.ClassServer {
		t.Errorf("Member with an empty answer = %v, want %v", err, meetingapi.ClassServer)
	}
}
