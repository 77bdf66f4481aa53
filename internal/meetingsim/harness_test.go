package meetingsim_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"meetingbot/internal/meetingsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appID    = "fdb8e4699586458bbd10c834872dcc62"
	appKey   = "0123456789abcdef0123456789abcdef"
	account  = "bot@corp"
	password = "Passw0rd!"
	nonce    = "EycLQsHwxhzK9OW8UEKWNfH2I3CGR2nINuU1EBpv162d42d92s"
)

// A rig is a service behind a real listener, and a plain HTTP client for it.
type rig struct {
	*testing.T
	sim    *meetingsim.Server
	url    string
	client *http.Client
	token  string
	clock  *clock
}

// clock is a clock that tests advance.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// noon is when every test begins.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// start returns a rig without a token. Options can be changed before the service is created.
func start(t *testing.T, change ...func(*meetingsim.Options)) *rig {
	t.Helper()
	c := &clock{at: noon}
	o := meetingsim.Options{AppID: appID, AppKey: appKey, Account: account, Password: password, Now: c.now}
	for _, f := range change {
		f(&o)
	}
	sim := meetingsim.New(o)
	server := httptest.NewServer(sim)
	client := &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		sim.Close()
		server.Close()
	})
	return &rig{T: t, sim: sim, url: server.URL + o.PathPrefix, client: client, clock: c}
}

// admin returns a rig logged in as the enterprise's administrator.
func admin(t *testing.T, change ...func(*meetingsim.Options)) *rig {
	t.Helper()
	r := start(t, change...)
	r.token = r.login("")
	return r
}

// An answer is a response.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

func (a answer) code() string {
	var e struct {
		Code string `json:"error_code"`
	}
	_ = json.Unmarshal([]byte(a.body), &e)
	return e.Code
}

// do sends a call with the rig's token and more headers as pairs of names and values. The value
// "-" removes a header.
func (r *rig) do(ctx context.Context, method, target, body string, headers ...string) answer {
	r.Helper()
	req, err := http.NewRequestWithContext(ctx, method, r.url+target, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	if r.token != "" {
		req.Header.Set("X-Access-Token", r.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if req.Header.Set(headers[i], headers[i+1]); headers[i+1] == "-" {
			req.Header.Del(headers[i])
		}
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(b), err}
}

func (r *rig) call(method, target, body string, headers ...string) answer {
	r.Helper()
	a := r.do(r.Context(), method, target, body, headers...)
	if a.err != nil {
		r.Fatalf("%s %s: %v", method, target, a.err)
	}
	return a
}

// get decodes a successful response.
func get[T any](r *rig, target string) T {
	r.Helper()
	a := r.call("GET", target, "")
	return decode[T](r, a, "GET "+target)
}

func decode[T any](r *rig, a answer, what string) T {
	r.Helper()
	var v T
	if a.status != http.StatusOK {
		r.Fatalf("%s = %d %s, want 200", what, a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		r.Fatalf("%s: %v in %s", what, err, a.body)
	}
	return v
}

// refused checks the status and code of an error.
func (r *rig) refused(what string, a answer, status int, code string) {
	r.Helper()
	if a.status != status || a.code() != code {
		r.Errorf("%s = %d %s, want %d %s", what, a.status, a.body, status, code)
	}
}

func sign(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func authorization(signature string) string {
	return "HMAC-SHA256 signature=" + signature + ",access=" + base64.StdEncoding.EncodeToString([]byte(appID))
}

// login returns the token of an App ID login as this user; empty means the administrator.
func (r *rig) login(user string) string {
	r.Helper()
	body := marshal(r, map[string]any{"appId": appID, "clientType": 72, "expireTime": 0, "nonce": nonce, "userId": user})
	a := r.call("POST", "/v2/usg/acs/auth/appauth", body, "Authorization", authorization(sign(appKey, appID+":"+user+":0:"+nonce)),
		"X-Token-Type", "LongTicket", "X-Access-Token", "-")
	return decode[struct {
		AccessToken string `json:"accessToken"`
	}](r, a, "appauth").AccessToken
}

// as returns the rig logged in as another user.
func (r *rig) as(user string) *rig {
	r.Helper()
	other := *r
	other.token = r.login(user)
	return &other
}

func marshal(r *rig, v any) string {
	r.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		r.Fatal(err)
	}
	return string(b)
}
