package meetingapi_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/meetingapi"
)

// recorder is a listener that records the raw bytes of each request.
type recorder struct {
	net.Listener
	mu   sync.Mutex
	raw  []string
	open sync.WaitGroup
}

func newRecorder(t *testing.T, reply func(r *http.Request) string) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	rec := &recorder{Listener: l}
	rec.open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			rec.open.Go(func() { rec.serve(conn, reply) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		rec.open.Wait()
	})
	return rec
}

func (rec *recorder) serve(conn net.Conn, reply func(r *http.Request) string) {
	defer conn.Close()
	var raw bytes.Buffer
	br := bufio.NewReader(io.TeeReader(conn, &raw))
	for {
		req, err := http.ReadRequest(br)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		rec.mu.Lock()
		rec.raw = append(rec.raw, raw.String())
		rec.mu.Unlock()
		raw.Reset()
		body := reply(req)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
	}
}

// TestOracle compares requests byte for byte with captures of the vendor's own SDK, except
// for the User-Agent.
func TestOracle(t *testing.T) {
	t.Parallel()
	const (
		tail = "Content-Type: application/json\r\nX-Access-Token: cnrPROBETOKEN\r\nAccept-Encoding: gzip\r\n\r\n"
		head = " HTTP/1.1\r\nHost: HOST\r\nUser-Agent: probe\r\n"
	)
	rec := newRecorder(t, func(r *http.Request) string {
		switch {
		case strings.Contains(r.URL.Path, "/auth/"):
			return `{"accessToken":"cnrPROBETOKEN","validPeriod":3600}`
		case strings.HasSuffix(r.URL.Path, "/list"):
			return `[{"id":"ff808081699b56cb0169be103500012b"}]`
		case strings.Contains(r.URL.Path, "/member/"):
			return `{"id":"u"}`
		case strings.HasSuffix(r.URL.Path, "/confDetail"):
			return detailBody
		case strings.HasSuffix(r.URL.Path, "/member"):
			return `{"count":1,"data":[{"id":"u","email":"alice+x@corp.example"}]}`
		case r.Method == http.MethodGet:
			return `{"count":0,"data":[]}`
		default:
			return `{"returnCode":0,"returnDesc":"SUCCESS"}`
		}
	})
	transport, err := meetingapi.NewTransport(nil)
	if err != nil {
		t.Fatalf("NewTransport(nil): %v", err)
	}
	t.Cleanup(transport.CloseIdleConnections)
	c := newAPI(t, meetingapi.Config{
		BaseURL: "http://" + rec.Addr().String(), UserAgent: "probe", HTTP: &http.Client{Transport: transport},
		Auth: meetingapi.Account{Name: "bot@corp", Password: "Passw0rd!"},
	})
	d := c.Canceler
	ctx := t.Context()
	one, many := single(t), recurring(t)
	end := meetingapi.CancelOptions{End: true}

	for _, tt := range []struct {
		name string
		call func() error
		want string
	}{
		{"login", func() error { return c.Login(ctx) }, "POST /v1/usg/acs/auth/account" + head +
			"Content-Length: 39\r\nAuthorization: Basic Ym90QGNvcnA6UGFzc3cwcmQh\r\nContent-Type: application/json; charset=UTF-8\r\nAccept-Encoding: gzip\r\n\r\n" +
			`{"account":"bot@corp","clientType":72}` + "\n"},
		{"cancel", func() error { return d.Cancel(ctx, one, meetingapi.CancelOptions{}) }, "DELETE /v1/mmc/management/conferences?conferenceID=914087436" + head + tail},
		{"cancel and end", func() error { return d.Cancel(ctx, one, end) }, "DELETE /v1/mmc/management/conferences?conferenceID=914087436&type=1" + head + tail},
		{"detail", func() error { _, err := c.Meeting(ctx, "914087436"); return err }, "GET /v1/mmc/management/conferences/confDetail?conferenceID=914087436" + head + tail},
		{"series", func() error { return d.CancelSeries(ctx, many, end) }, "DELETE /v1/mmc/management/cycleconferences?conferenceID=985325849&type=1" + head + tail},
		{"occurrence", func() error {
			return d.CancelOccurrences(ctx, many, []meetingapi.OccurrenceID{"04eb5acd0a0511ec8546359413178027"}, meetingapi.CancelOptions{})
		}, "DELETE /v1/mmc/management/conferences/cyclesubconf?conferenceID=985325849" + head + "Content-Length: 57\r\n" + tail +
			`{"cycleSubConfIDs":["04eb5acd0a0511ec8546359413178027"]}` + "\n"},
		{"user", func() error { _, err := c.User(ctx, "ff808081699b56cb0169be103500012b"); return err }, "POST /v1/usg/abs/users/list?idType=USER_ID" + head +
			"Content-Length: 44\r\n" + tail + `[{"id":"ff808081699b56cb0169be103500012b"}]` + "\n"},
		{"member", func() error { _, err := c.Member(ctx, "alice@corp"); return err }, "GET /v1/usg/dcs/corp/member/alice@corp?accountType=0" + head + tail},
		{
			"invitees", func() error { _, err := c.Invitees(ctx, "914087436", 0); return err },
			"GET /v1/mmc/management/conferences/confDetail?conferenceID=914087436&limit=500" + head + tail,
		},
		{
			"user by e-mail", func() error { _, err := c.UserByEmail(ctx, "alice+x@corp.example"); return err },
			"GET /v1/usg/dcs/corp/member?limit=100&searchKey=alice%2Bx%40corp.example" + head + tail,
		},
		{"list", func() error {
			_, err := c.Upcoming(ctx, meetingapi.ListOptions{All: true, Search: "周会 a&b", Max: 20})
			return err
		}, "GET /v1/mmc/management/conferences?limit=20&queryAll=true&queryConfMode=ALL&searchKey=%E5%91%A8%E4%BC%9A%20a%26b&sortType=ASC_StartTIME" + head + tail},
		{"online", func() error { _, err := c.Running(ctx, meetingapi.ListOptions{}); return err }, "GET /v1/mmc/management/conferences/online?limit=500" + head + tail},
		{"history", func() error {
			_, err := c.History(ctx, time.UnixMilli(1700000000000), time.UnixMilli(1700000600000), meetingapi.ListOptions{Max: 1})
			return err
		}, "GET /v1/mmc/management/conferences/history?endDate=1700000600000&limit=1&sortType=DSC_StartTIME&startDate=1700000000000" + head + tail},
	} {
		rec.mu.Lock()
		rec.raw = nil
		rec.mu.Unlock()
		if err := tt.call(); err != nil {
			t.Fatalf("%s: %v, want no error", tt.name, err)
		}
		rec.mu.Lock()
		got := strings.Join(rec.raw, "")
		rec.mu.Unlock()
		want := strings.Replace(tt.want, "HOST", rec.Addr().String(), 1)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: wrong bytes (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestSiteHeaders checks the raw bytes of every call, including the login: headers that
// are configured are sent, others are not.
func TestSiteHeaders(t *testing.T) {
	t.Parallel()
	rec := newRecorder(t, func(r *http.Request) string {
		if strings.Contains(r.URL.Path, "/auth/") {
			return `{"accessToken":"cnrPROBETOKEN","validPeriod":3600}`
		}
		for _, m := range methods(t) {
			if m.path == r.Method+" "+r.URL.Path {
				return m.good
			}
		}
		return `{"id":"u1","userAccount":"ana@corp"}`
	})
	for _, tt := range []struct {
		site, kind string
		want       string
	}{
		{"", "", ""},
		{"site-7", "", "X-Site-Id: site-7\r\n"},
		{"", "portal", "X-Authorization-Type: portal\r\n"},
		{"site-7", "portal", "X-Authorization-Type: portal\r\nX-Site-Id: site-7\r\n"},
	} {
		for _, m := range methods(t) {
			transport, err := meetingapi.NewTransport(nil)
			if err != nil {
				t.Fatalf("NewTransport(nil): %v", err)
			}
			rec.mu.Lock()
			rec.raw = nil
			rec.mu.Unlock()
			c := newAPI(t, meetingapi.Config{
				BaseURL: "http://" + rec.Addr().String(), HTTP: &http.Client{Transport: transport},
				Auth: meetingapi.AppID{ID: "app", Key: "key"}, SiteID: tt.site, AuthorizationType: tt.kind,
			})
			if err := m.call(t.Context(), c); err != nil {
				t.Fatalf("%s: %v, want no error", m.name, err)
			}
			transport.CloseIdleConnections()
			rec.mu.Lock()
			got := rec.raw
			rec.mu.Unlock()
			if len(got) < 2 {
				t.Errorf("%s sent %q, want a login and a call", m.name, got)
			}
			for _, raw := range got {
				var sent strings.Builder
				for line := range strings.Lines(raw) {
					if strings.HasPrefix(line, "X-Site-Id") || strings.HasPrefix(line, "X-Authorization-Type") {
						sent.WriteString(line)
					}
				}
				if sent.String() != tt.want {
					t.Errorf("%s with site %q and type %q sent %q in %q, want %q", m.name, tt.site, tt.kind, sent.String(), raw, tt.want)
				}
			}
		}
	}
}

// TestInvalidSiteHeaders: New rejects an invalid header value, without quoting it.
func TestInvalidSiteHeaders(t *testing.T) {
	t.Parallel()
	auth := meetingapi.Account{Name: "a", Password: "b"}
	for name, c := range map[string]meetingapi.Config{
		"SiteID":            {Auth: auth, SiteID: "hidden\r\nX-Access-Token: x"},
		"AuthorizationType": {Auth: auth, AuthorizationType: "hidden\x00"},
		"UserAgent":         {Auth: auth, UserAgent: "hidden\n"},
	} {
		if _, _, err := meetingapi.New(c); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("New with a bad %s = %v, want an error that names it but doesn't quote it", name, err)
		}
	}
}

// TestAppIDLogin checks the App ID login, which the SDK doesn't support, against bytes
// built from its page, and the nonce against the rule there.
func TestAppIDLogin(t *testing.T) {
	t.Parallel()
	var raw string
	rec := newRecorder(t, func(*http.Request) string { return `{"accessToken":"x","validPeriod":60}` })
	transport, err := meetingapi.NewTransport(nil)
	if err != nil {
		t.Fatalf("NewTransport(nil): %v", err)
	}
	t.Cleanup(transport.CloseIdleConnections)
	app := meetingapi.AppID{ID: "fdb8e4699586458bbd10c834872dcc62", Key: "0123456789abcdef0123456789abcdef", UserID: "testuser@mycorp.com"}
	c := newAPI(t, meetingapi.Config{
		BaseURL: "http://" + rec.Addr().String(), HTTP: &http.Client{Transport: transport}, Auth: app,
		UserAgent: "Go-http-client/1.1", Now: func() time.Time { return time.Unix(1627722929-600, 0) },
	})
	if err := c.Login(t.Context()); err != nil {
		t.Fatalf("Login() = %v, want no error", err)
	}
	rec.mu.Lock()
	raw = strings.Join(rec.raw, "")
	rec.mu.Unlock()
	_, rest, _ := strings.Cut(raw, `"nonce":"`)
	nonce, _, _ := strings.Cut(rest, `"`)
	if len(nonce) < 32 || len(nonce) > 64 || strings.Trim(nonce, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != "" {
		t.Fatalf("nonce = %q, want 32 to 64 letters and digits", nonce)
	}
	body := `{"appId":"fdb8e4699586458bbd10c834872dcc62","clientType":72,"expireTime":1627722929,"nonce":"` + nonce + `","userId":"testuser@mycorp.com"}`
	want := "POST /v2/usg/acs/auth/appauth HTTP/1.1\r\nHost: " + rec.Addr().String() + "\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: " + strconv.Itoa(len(body)) +
		"\r\nAuthorization: " + meetingapi.Authorization(app, 1627722929, nonce) +
		"\r\nContent-Type: application/json; charset=UTF-8\r\nX-Token-Type: LongTicket\r\nAccept-Encoding: gzip\r\n\r\n" + body
	if diff := cmp.Diff(want, raw); diff != "" {
		t.Errorf("wrong bytes (-want +got):\n%s", diff)
	}
}
