package meetingsim_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
)

func TestUnknownCalls(t *testing.T) {
	t.Parallel()
	r := admin(t)
	for _, call := range [][2]string{
		{"GET", "/"},
		{"GET", "/v1/mmc/management/conference"},
		{"GET", conferences + "/"},
		{"POST", conferences + "?conferenceID=914087436"},
		{"DELETE", "/v2/mmc/management/conferences/914087436"},
		{"DELETE", conferences + "/914087436"},
		{"HEAD", me},
		{"POST", "/v1/usg/acs/auth/appauth"},
		{"GET", appauth},
	} {
		a := r.call(call[0], call[1], "")
		if a.status != 404 || call[0] != "HEAD" && a.code() != "APIG.0101" {
			t.Errorf("%s %s = %d %s, want 404 APIG.0101", call[0], call[1], a.status, a.body)
		}
	}
}

func TestPathPrefix(t *testing.T) {
	t.Parallel()
	r := admin(t, func(o *meetingsim.Options) { o.PathPrefix = "/huawei" })
	if a := r.call("GET", me, ""); a.status != 200 {
		t.Errorf("with the prefix = %d %s, want 200", a.status, a.body)
	}
	r.url = strings.TrimSuffix(r.url, "/huawei")
	r.refused("without it", r.call("GET", me, ""), 404, "APIG.0101")
}

func TestReplyHeaders(t *testing.T) {
	t.Parallel()
	r := admin(t)
	a := r.call("GET", conferences, "", "X-Request-Id", "mine-1")
	if id := a.header.Get("X-Request-Id"); len(id) != 32 {
		t.Errorf("X-Request-Id = %q, want 32 digits of the service's own", id)
	}
	for name, want := range map[string]string{"Server": "api-gateway", "Content-Type": "application/json;charset=UTF-8"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got := a.header.Get("X-Apig-Ratelimit-Api"); got != "" {
		t.Errorf("X-APIG-Ratelimit-Api = %q, want none without a limit", got)
	}
	if id := r.call("GET", me, "", "X-Request-Id", "mine-1").header.Get("X-Request-Id"); id != "mine-1" {
		t.Errorf("X-Request-Id of a USG call = %q, want the caller's", id)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	r := admin(t, func(o *meetingsim.Options) { o.RateLimit = 2 })
	for i, want := range []string{"remain:1,limit:2,time:1 minute", "remain:0,limit:2,time:1 minute"} {
		a := r.call("GET", me, "")
		if got := a.header.Get("X-APIG-Ratelimit-Api"); a.status != 200 || got != want {
			t.Errorf("call %d = %d, header %q; want 200, %q", i, a.status, got, want)
		}
	}
	a := r.call("GET", me, "")
	r.refused("the third call", a, 429, "APIG.0308")
	if !strings.Contains(a.body, "over ratelimit,limit:2,time:1 minute") || !strings.Contains(a.body, `"request_id":"`+a.header.Get("X-Request-Id")) {
		t.Errorf("body = %s, want the documented text and the request id", a.body)
	}
	if a := r.call("GET", conferences, ""); a.status != 200 {
		t.Errorf("another API = %d %s, want 200", a.status, a.body)
	}
	r.clock.advance(time.Minute)
	if a := r.call("GET", me, ""); a.status != 200 {
		t.Errorf("a minute later = %d %s, want 200", a.status, a.body)
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.call("POST", accountAuth, `{"account":"bot@corp","clientType":72,"pwd":"hunter2 \" x","HA2":"abc"}`, "Authorization", basic(account, password))
	r.call("POST", appauth, `{"appId":"`+appKey+`"}`)
	r.token = r.login("")
	weekly(r)
	body := `{"cycleSubConfIDs":["first"]}` + "\n"
	a := r.call("DELETE", occurrence+"?conferenceID=985325849&type=1", body)

	entries := r.sim.Journal()
	if got, want := entries[0].Body, `{"account":"bot@corp","clientType":72,"pwd":"••••••","HA2":"••••••"}`; got != want {
		t.Errorf("body of the login = %s, want %s", got, want)
	}
	if got, want := entries[1].Body, `{"appId":"••••••"}`; got != want || entries[1].Code != "USG.000000003" {
		t.Errorf("a login with the key in it = %s %s, want %s", got, entries[1].Code, want)
	}
	got := entries[3]
	if got.Duration < 0 || got.Duration == 0 && runtime.GOOS != "windows" { // whose clock is coarse
		t.Errorf("Duration = %v, want more", got.Duration)
	}
	got.Duration = 0
	want := meetingsim.Entry{
		At: noon, Method: "DELETE", Path: occurrence, Query: "conferenceID=985325849&type=1", Operation: "cancelOccurrence",
		Meeting: "985325849", Body: body, RequestID: a.header.Get("X-Request-Id"), Status: 200, Effect: true,
	}
	if got != want {
		t.Errorf("journal = %+v, want %+v", got, want)
	}
	for _, e := range entries {
		if text := fmt.Sprintf("%+v", e); strings.Contains(text, appKey) || strings.Contains(text, password) || strings.Contains(text, "hunter2") {
			t.Errorf("a secret in %s", text)
		}
	}
}

func TestWatchStops(t *testing.T) {
	t.Parallel()
	r := admin(t)
	pulses, stop := r.sim.Watch()
	r.sim.AddMeeting(meetingsim.Meeting{})
	r.sim.AddMeeting(meetingsim.Meeting{})
	<-pulses
	stop()
	r.sim.AddMeeting(meetingsim.Meeting{})
	select {
	case <-pulses:
		t.Error("a pulse after stop")
	default:
	}
	if n := len(r.sim.Meetings()); n != 3 {
		t.Errorf("Meetings() has %d, want 3 with numbers of their own", n)
	}
}

// TestDefaults checks the markers that leak tests search for, and that numbers look
// like the vendor's.
func TestDefaults(t *testing.T) {
	t.Parallel()
	r := admin(t)
	m := r.sim.AddMeeting(meetingsim.Meeting{})
	if len(m.ID) < 9 || strings.Trim(m.ID, "0123456789") != "" {
		t.Errorf("ID = %q, want nine digits or more", m.ID)
	}
	if m.HostPassword != "HOSTPW-"+m.ID || m.GuestPassword != "GUESTPW-"+m.ID || m.OwnerUUID != r.sim.Login().UUID || m.Length != time.Hour {
		t.Errorf("AddMeeting() = %+v, want passwords, owner and length filled", m)
	}
	a := r.call("GET", conferences+"/confDetail?conferenceID="+m.ID, "")
	for _, secret := range []string{m.HostPassword, m.GuestPassword, "HOSTLINK-" + m.ID, "GUESTLINK-" + m.ID} {
		if !strings.Contains(a.body, secret) {
			t.Errorf("detail has no %s: %s", secret, a.body)
		}
	}
	r.sim.Change(m.ID, func(m *meetingsim.Meeting) { m.ID, m.Length = "1", 2*time.Hour })
	if got, found := r.sim.Meeting(m.ID); !found || got.Length != 2*time.Hour {
		t.Errorf("Meeting(%s) = %+v, %v; want it under its number, two hours long", m.ID, got, found)
	}
	if !r.sim.Forget(m.ID) || r.sim.Forget(m.ID) || r.sim.End(m.ID) || len(r.sim.Meetings()) != 0 {
		t.Errorf("Remove() left %v, or said so twice", r.sim.Meetings())
	}
}

// TestCapturedBytes sends what the vendor's own Go SDK was seen to send, byte for byte
// except for the token.
func TestCapturedBytes(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436", Subject: "周会 a&b", State: meetingsim.StateRunning})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "984697426", Series: &meetingsim.Series{}})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "985325849", Series: &meetingsim.Series{Occurrences: []meetingsim.Occurrence{
		{ID: "04eb5acd0a0511ec8546359413178027", Start: noon.Add(time.Hour)}, {Start: noon.Add(25 * time.Hour)},
	}}})
	r.sim.AddUser(meetingsim.User{Account: "alice@corp", ThirdAccount: "alice@corp"})
	const agent = "User-Agent: huaweicloud-usdk-go/3.0; probe\r\n"
	headers := "Host: HOST\r\n" + agent + "Content-Type: application/json\r\nX-Access-Token: " + r.token + "\r\nAccept-Encoding: gzip\r\n\r\n"
	for _, raw := range []string{
		"POST /v1/usg/acs/auth/account HTTP/1.1\r\nHost: HOST\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: 39\r\n" +
			"Authorization: Basic Ym90QGNvcnA6UGFzc3cwcmQh\r\nContent-Type: application/json; charset=UTF-8\r\nAccept-Encoding: gzip\r\n\r\n" +
			`{"account":"bot@corp","clientType":72}` + "\n",
		"GET /v1/mmc/management/conferences/confDetail?conferenceID=914087436 HTTP/1.1\r\n" + headers,
		"GET /v1/mmc/management/conferences?limit=20&queryAll=true&searchKey=%E5%91%A8%E4%BC%9A%20a%26b&sortType=ASC_StartTIME HTTP/1.1\r\n" + headers,
		"GET /v1/usg/dcs/corp/member/alice@corp?accountType=1 HTTP/1.1\r\nAccept-Language: en-US\r\nX-Request-Id: r-1\r\n" + headers,
		"DELETE /v1/mmc/management/conferences?conferenceID=914087436&type=1 HTTP/1.1\r\n" + headers,
		"DELETE /v1/mmc/management/cycleconferences?conferenceID=984697426&type=1 HTTP/1.1\r\n" + headers,
		"DELETE /v1/mmc/management/conferences/cyclesubconf?conferenceID=985325849 HTTP/1.1\r\nContent-Length: 57\r\n" + headers +
			`{"cycleSubConfIDs":["04eb5acd0a0511ec8546359413178027"]}` + "\n",
		"POST /v1/usg/abs/users/list?idType=USER_ID HTTP/1.1\r\nContent-Length: 44\r\n" + headers +
			`[{"id":"ff808081699b56cb0169be103500012b"}]` + "\n",
	} {
		line, _, _ := strings.Cut(raw, "\r\n")
		if status, body := r.raw(raw); status != 200 {
			t.Errorf("%s = %d %s, want 200", line, status, body)
		}
	}
	if got := len(r.sim.Effects()); got != 3 {
		t.Errorf("Effects() = %v, want three", r.sim.Effects())
	}
}

// raw sends bytes over a new connection.
func (r *rig) raw(request string) (int, string) {
	r.Helper()
	u, err := url.Parse(r.url)
	if err != nil {
		r.Fatal(err)
	}
	conn, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", u.Host)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, strings.Replace(request, "HOST", u.Host, 1)); err != nil {
		r.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
