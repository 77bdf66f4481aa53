package meetingapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"meetingbot/internal/memnet"
	"meetingbot/meetingapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// basePath is a prefix of every path, to catch a client that drops the path of its
// BaseURL.
const basePath = "/gateway/meeting"

const (
	loginPath      = "POST /v2/usg/acs/auth/appauth"
	accountPath    = "POST /v1/usg/acs/auth/account"
	detailPath     = "GET /v1/mmc/management/conferences/confDetail"
	listPath       = "GET /v1/mmc/management/conferences"
	onlinePath     = "GET /v1/mmc/management/conferences/online"
	attendeePath   = "GET /v1/mmc/management/conferences/online/conf-attendee"
	historyPath    = "GET /v1/mmc/management/conferences/history"
	usersPath      = "POST /v1/usg/abs/users/list"
	membersPath    = "GET /v1/usg/dcs/corp/member"
	memberPath     = "GET /v1/usg/dcs/corp/member/"
	cancelPath     = "DELETE /v1/mmc/management/conferences"
	seriesPath     = "DELETE /v1/mmc/management/cycleconferences"
	occurrencePath = "DELETE /v1/mmc/management/conferences/cyclesubconf"
)

// service is a Meeting service on loopback. A test sets its answers by path; by default,
// logins succeed and everything else is a 501.
type service struct {
	*httptest.Server
	mu       sync.Mutex
	handlers map[string]http.HandlerFunc
	got      []string // method, path and query of each request, without the base path
	logins   int
	pipes    *memnet.Network // nil: TCP
}

func newService(t testing.TB) *service {
	t.Helper()
	s := &service{handlers: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// inBubble runs f with a service behind pipes, in fake time, so that it doesn't matter how
// busy the machine is.
func inBubble(t *testing.T, f func(*testing.T, *service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &service{handlers: map[string]http.HandlerFunc{}, pipes: memnet.New("memory")}
		s.Server = &httptest.Server{Listener: s.pipes, Config: &http.Server{Handler: http.HandlerFunc(s.serve)}}
		s.Start()
		t.Cleanup(s.Close)
		f(t, s)
	})
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), basePath)
	if !ok {
		http.Error(w, "outside the base path", http.StatusTeapot)
		return
	}
	key := r.Method + " " + path
	s.mu.Lock()
	h := s.handlers[key]
	if h == nil && strings.HasPrefix(key, memberPath) {
		h = s.handlers[memberPath]
	}
	entry := key
	if r.URL.RawQuery != "" {
		entry += "?" + r.URL.RawQuery
	}
	s.got = append(s.got, entry)
	if key == loginPath || key == accountPath {
		s.logins++
		if h == nil {
			h = token(fmt.Sprintf("token-%d", s.logins), time.Hour)
		}
	}
	s.mu.Unlock()
	if h == nil {
		http.Error(w, "not set", http.StatusNotImplemented)
		return
	}
	h(w, r)
}

// on sets the answer of a path.
func (s *service) on(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[path] = h
}

// requests returns the requests that arrived, without logins.
func (s *service) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var got []string
	for _, g := range s.got {
		if g != loginPath && g != accountPath {
			got = append(got, g)
		}
	}
	return got
}

func (s *service) loginCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// api is both halves of a client, and their Config.
type api struct {
	*meetingapi.Reader
	*meetingapi.Canceler
	HTTP *http.Client
}

func newAPI(t testing.TB, c meetingapi.Config) *api {
	t.Helper()
	r, d, err := meetingapi.New(c)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return &api{r, d, c.HTTP}
}

// client returns a client of s whose retries barely wait.
func (s *service) client(t testing.TB, change ...func(*meetingapi.Config)) *api {
	t.Helper()
	transport, err := meetingapi.NewTransport(nil)
	if err != nil {
		t.Fatalf("NewTransport(nil): %v", err)
	}
	if s.pipes != nil {
		transport.DialContext = meetingapi.Guard(s.pipes.DialContext)
	}
	t.Cleanup(transport.CloseIdleConnections)
	c := meetingapi.Config{
		BaseURL:   s.URL + basePath,
		Auth:      meetingapi.AppID{ID: "app", Key: "app-key-0123456789"},
		HTTP:      &http.Client{Transport: transport},
		ReadRetry: meetingapi.Retry{Wait: time.Millisecond, MaxWait: 2 * time.Millisecond},
	}
	for _, f := range change {
		f(&c)
	}
	return newAPI(t, c)
}

// once turns off retries.
func once(c *meetingapi.Config) { c.ReadRetry.More = -1 }

// answer replies with a status and a body.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.Header().Set("X-Request-Id", "a02164ff20cbc841c6c0e9ab38a07e5b")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// refusal is the service's error body.
func refusal(code, name string) string {
	b, _ := json.Marshal(map[string]string{"error_code": code, "error_msg": name})
	return string(b)
}

// token answers a login.
func token(value string, life time.Duration) http.HandlerFunc {
	return answer(200, fmt.Sprintf(`{"accessToken":%q,"tokenType":0,"validPeriod":%d,"createTime":1627712287000,"expireTime":1627768613,
		"user":{"userId":"u","userType":2,"adminType":0,"name":"admin"}}`, value, int(life.Seconds())))
}

// sequence answers with each handler in turn, and then repeats the last.
func sequence(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mu.Unlock()
		h(w, r)
	}
}

// silence holds the request until the client gives up.
func silence(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// hangUp reads the request and closes the connection without an answer.
func hangUp(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	panic(http.ErrAbortHandler)
}

// A detail as documented, including passwords and links.
const detailBody = `{"conferenceData":{"conferenceID":"914087436","subject":"Weekly sync","size":3,"timeZoneID":"56",
	"startTime":"2026-11-25 13:00","endTime":"2026-11-25 14:30","conferenceState":"Schedule","mediaTypes":"HDVideo,Voice",
	"scheduserName":"Ana","userUUID":"ff808081699b56cb0169be103500012b","deptName":"IT","conferenceType":0,"confType":"FUTURE",
	"passwordEntry":[{"conferenceRole":"chair","password":"chair-pw-914"},{"conferenceRole":"general","password":"guest-pw-914"}],
	"chairJoinUri":"https://meeting.example.com/#/j/914087436/chair-link","guestJoinUri":"https://meeting.example.com/#/j/914087436/guest-link"},
	"data":{"offset":0,"limit":20,"count":2,"data":[
	{"participantID":"+99111","name":"Ana","role":1,"accountId":"ana@corp","email":"ana@example.com","userUUID":"ff808081699b56cb0169be103500012b"},
	{"participantID":"+99112","name":"Bob","role":0,"accountId":"bob@corp","email":"","userUUID":"u-bob"}]}}`

const seriesBody = `{"conferenceData":{"conferenceID":"985325849","subject":"Stand-up","timeZoneID":"56","conferenceType":2,"confType":"CYCLE",
	"cycleParams":{"startDate":"2026-11-25","endDate":"2026-12-31","cycle":"Week","interval":1,"point":[1,3],"preRemindDays":1},
	"startTime":"2026-11-25 01:00","endTime":"2026-11-25 01:15","userUUID":"u-ana","scheduserName":"Ana",
	"subConfs":[{"cycleSubConfID":"second","startTime":"2026-11-30 01:00","endTime":"2026-11-30 01:15"},
	{"cycleSubConfID":"04eb5acd0a0511ec8546359413178027","startTime":"2026-11-25 01:00","endTime":"2026-11-25 01:15"}]}}`

// single returns the meeting of detailBody.
func single(t testing.TB) meetingapi.Single {
	t.Helper()
	m, err := meetingapi.DecodeDetail([]byte(detailBody))
	if err != nil {
		t.Fatalf("DecodeDetail: %v", err)
	}
	s, ok := m.Single()
	if !ok {
		t.Fatalf("Single() of %+v = false, want true", m)
	}
	return s
}

func recurring(t testing.TB) meetingapi.Recurring {
	t.Helper()
	m, err := meetingapi.DecodeDetail([]byte(seriesBody))
	if err != nil {
		t.Fatalf("DecodeDetail: %v", err)
	}
	r, ok := m.Recurring()
	if !ok {
		t.Fatalf("Recurring() of %+v = false, want true", m)
	}
	return r
}

// method is one method of the API, for tests that cover all of them.
type method struct {
	name   string
	path   string
	good   string
	change bool
	call   func(context.Context, *api) error
}

func methods(t testing.TB) []method {
	one, many := single(t), recurring(t)
	list := `{"offset":0,"limit":20,"count":0,"data":[]}`
	return []method{
		{"Meeting", detailPath, detailBody, false, func(ctx context.Context, c *api) error {
			return errorOf(c.Meeting(ctx, "914087436"))
		}},
		{"Find", detailPath, detailBody, false, func(ctx context.Context, c *api) error {
			return errorOf(c.Find(ctx, "914 087-436"))
		}},
		{"Upcoming", listPath, list, false, func(ctx context.Context, c *api) error {
			return errorOf(c.Upcoming(ctx, meetingapi.ListOptions{All: true}))
		}},
		{"Running", onlinePath, list, false, func(ctx context.Context, c *api) error {
			return errorOf(c.Running(ctx, meetingapi.ListOptions{}))
		}},
		{"History", historyPath, list, false, func(ctx context.Context, c *api) error {
			return errorOf(c.History(ctx, time.UnixMilli(0), time.UnixMilli(1), meetingapi.ListOptions{}))
		}},
		{"Invitees", detailPath, detailBody, false, func(ctx context.Context, c *api) error {
			return errorOf(c.Invitees(ctx, "914087436", 0))
		}},
		{"UserByEmail", membersPath, `{"count":1,"data":[{"id":"u1","email":"ana@example.com"}]}`, false, func(ctx context.Context, c *api) error {
			return errorOf(c.UserByEmail(ctx, "ana@example.com"))
		}},
		{"User", usersPath, `[{"id":"u1","statusCode":0,"email":"ana@example.com"}]`, false, func(ctx context.Context, c *api) error {
			return errorOf(c.User(ctx, "u1"))
		}},
		{"Users", usersPath, `[{"id":"u1","statusCode":0,"email":"ana@example.com"}]`, false, func(ctx context.Context, c *api) error {
			return errorOf(c.Users(ctx, []string{"u1", "u2"}))
		}},
		{"Member", memberPath, `{"id":"u1","userAccount":"ana@corp"}`, false, func(ctx context.Context, c *api) error {
			return errorOf(c.Member(ctx, "ana@corp"))
		}},
		{"Cancel", cancelPath, "", true, func(ctx context.Context, c *api) error {
			return c.Cancel(ctx, one, meetingapi.CancelOptions{})
		}},
		{"CancelSeries", seriesPath, "", true, func(ctx context.Context, c *api) error {
			return c.CancelSeries(ctx, many, meetingapi.CancelOptions{})
		}},
		{"CancelOccurrences", occurrencePath, "", true, func(ctx context.Context, c *api) error {
			return c.CancelOccurrences(ctx, many, []meetingapi.OccurrenceID{"second"}, meetingapi.CancelOptions{})
		}},
	}
}

func errorOf[T any](_ T, err error) error { return err }
