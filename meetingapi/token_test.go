package meetingapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"meetingbot/meetingapi"
)

// clock is a Config.Now that a test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func TestTokenIsRenewedBeforeItExpires(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		life   time.Duration
		margin time.Duration
	}{
		{15 * time.Hour, 5 * time.Minute},
		{50 * time.Minute, 5 * time.Minute},
		{10 * time.Minute, time.Minute},
	} {
		s, now := newService(t), &clock{t: time.Unix(1_800_000_000, 0)}
		s.on(loginPath, token("t", tt.life))
		s.on(detailPath, answer(200, detailBody))
		c := s.client(t, func(c *meetingapi.Config) { c.Now = now.now })
		read := func(wantLogins int) {
			t.Helper()
			if _, err := c.Meeting(t.Context(), "914087436"); err != nil {
				t.Fatalf("Meeting: %v", err)
			}
			if got := s.loginCount(); got != wantLogins {
				t.Errorf("life %v: %d logins at %v, want %d", tt.life, got, now.now(), wantLogins)
			}
		}
		if got := c.TokenExpiry(); !got.IsZero() {
			t.Errorf("TokenExpiry() before any login = %v, want the zero time", got)
		}
		read(1)
		if got, want := c.TokenExpiry(), now.now().Add(tt.life); !got.Equal(want) {
			t.Errorf("TokenExpiry() = %v, want %v", got, want)
		}
		now.add(tt.life - tt.margin - time.Second)
		read(1)
		now.add(time.Second)
		read(2)
	}
}

func TestTokenLife(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	for _, tt := range []struct {
		body string
		want time.Duration
	}{
		{`{"accessToken":"t","validPeriod":"600"}`, 10 * time.Minute},
		{`{"accessToken":"t","expireTime":1800000900}`, 15 * time.Minute},
		{`{"accessToken":"t","validPeriod":null,"expireTime":"x"}`, time.Hour},
		{`{"accessToken":"t","validPeriod":-5}`, time.Hour},
	} {
		s := newService(t)
		s.on(loginPath, answer(200, tt.body))
		c := s.client(t, func(c *meetingapi.Config) { c.Now = func() time.Time { return start } })
		if err := c.Login(t.Context()); err != nil {
			t.Fatalf("Login with %s = %v, want no error", tt.body, err)
		}
		if got := c.TokenExpiry().Sub(start); got != tt.want {
			t.Errorf("token life from %s = %v, want %v", tt.body, got, tt.want)
		}
	}
}

func TestOneLoginForManyCallers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	gate := make(chan struct{})
	s.on(loginPath, func(w http.ResponseWriter, r *http.Request) {
		<-gate
		token("t", time.Hour)(w, r)
	})
	s.on(detailPath, answer(200, detailBody))
	c := s.client(t)
	errs := make(chan error, 100)
	for range cap(errs) {
		go func() {
			_, err := c.Meeting(t.Context(), "914087436")
			errs <- err
		}()
	}
	close(gate)
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Errorf("Meeting: %v", err)
		}
	}
	if got := s.loginCount(); got != 1 {
		t.Errorf("%d logins for 100 callers, want 1", got)
	}
}

// TestLoginEndsWithItsLastCaller: a login goes on if one of its callers cancels, and ends
// when all have.
func TestLoginEndsWithItsLastCaller(t *testing.T) {
	t.Parallel()
	s := newService(t)
	arrived, ended := make(chan struct{}, 1), make(chan struct{})
	s.on(loginPath, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		silence(w, r)
		close(ended)
	})
	c := s.client(t)
	first, cancel := context.WithCancel(t.Context())
	second, cancelToo := context.WithCancel(t.Context())
	defer cancelToo()
	errs := make(chan error, 2)
	go func() { errs <- c.Login(first) }()
	<-arrived
	go func() { errs <- c.Login(second) }()
	cancel()
	if err := <-errs; meetingapi.ClassOf(err) != meetingapi.ClassCanceled {
		t.Errorf("Login of the caller who canceled = %v, want %v", err, meetingapi.ClassCanceled)
	}
	cancelToo()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Errorf("Login of the other = %v, want %v", err, context.Canceled)
	}
	<-ended
	s.on(loginPath, token("t", time.Hour))
	if err := c.Login(t.Context()); err != nil {
		t.Errorf("Login after that = %v, want no error", err)
	}
}

func TestRefusedTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	// The status of a refused token is not documented, so the code counts.
	for _, status := range []int{200, 400, 401, 403, 500} {
		refusedOnce(t, answer(status, refusal("USG.206020002", "")))
	}
	refusedOnce(t, answer(401, ""))
}

func refusedOnce(t *testing.T, refuse http.HandlerFunc) {
	t.Helper()
	for _, m := range methods(t) {
		s := newService(t)
		s.on(m.path, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Access-Token") == "token-1" {
				refuse(w, r)
				return
			}
			answer(200, m.good)(w, r)
		})
		c := s.client(t)
		if err := m.call(t.Context(), c); err != nil {
			t.Errorf("%s with a refused token = %v, want no error", m.name, err)
		}
		if got, sent := s.loginCount(), len(s.requests()); got != 2 || sent != 2 {
			t.Errorf("%s: %d logins and %d calls, want 2 and 2", m.name, got, sent)
		}

		s.on(m.path, refuse)
		if err := m.call(t.Context(), c); meetingapi.ClassOf(err) != meetingapi.ClassAuth {
			t.Errorf("%s with every token refused = %v, want %v", m.name, err, meetingapi.ClassAuth)
		}
		if got, sent := s.loginCount(), len(s.requests()); got != 3 || sent != 4 {
			t.Errorf("%s: %d logins and %d calls, want 3 and 4", m.name, got, sent)
		}
	}
}

func TestManyCallersReplaceTokenOnce(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Access-Token") == "token-1" {
			answer(401, refusal("USG.000000004", ""))(w, r)
			return
		}
		answer(200, detailBody)(w, r)
	})
	c := s.client(t)
	if err := c.Login(t.Context()); err != nil {
		t.Fatalf("Login: %v", err)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := c.Meeting(t.Context(), "914087436"); err != nil {
				t.Errorf("Meeting: %v", err)
			}
		})
	}
	all.Wait()
	if got := s.loginCount(); got != 2 {
		t.Errorf("%d logins, want 2", got)
	}
}

func TestRefusedLogin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		code   string
		want   meetingapi.Class
		rest   time.Duration
	}{
		{401, "USG.206010000", meetingapi.ClassCredentials, 30 * time.Second},
		{401, "USG.206010025", meetingapi.ClassCredentials, 30 * time.Second},
		{400, "USG.206010025", meetingapi.ClassCredentials, 30 * time.Second},
		{401, "USG.000000004", meetingapi.ClassCredentials, 30 * time.Second},
		{401, "", meetingapi.ClassCredentials, 30 * time.Second},
		{403, "", meetingapi.ClassCredentials, 30 * time.Second},
		{412, "", meetingapi.ClassCredentials, 30 * time.Second},
		{401, "USG.206010057", meetingapi.ClassClock, 30 * time.Second},
		{423, "USG.206030015", meetingapi.ClassLocked, 5 * time.Minute},
		{423, "", meetingapi.ClassLocked, 5 * time.Minute},
	} {
		s, now := newService(t), &clock{t: time.Now()}
		s.on(loginPath, answer(tt.status, refusal(tt.code, "")))
		observed := make(chan meetingapi.Call, 100)
		c := s.client(t, func(c *meetingapi.Config) {
			c.Now, c.Observe = now.now, func(call meetingapi.Call) { observed <- call }
		})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := c.Meeting(t.Context(), "914087436"); meetingapi.ClassOf(err) != tt.want {
					t.Errorf("Meeting with login %d %s = %v, want %v", tt.status, tt.code, err, tt.want)
				}
			})
		}
		all.Wait()
		now.add(tt.rest - time.Second)
		err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
		if meetingapi.ClassOf(err) != tt.want {
			t.Errorf("Cancel with login %d %s = %v, want %v", tt.status, tt.code, err, tt.want)
		}
		if got := s.loginCount(); got != 1 {
			t.Errorf("login %d %s: asked %d times, want once", tt.status, tt.code, got)
		}
		if got := <-observed; got.Operation != meetingapi.OpLogin || got.Class != tt.want {
			t.Errorf("login %d %s: observed %s, %v, want %s, %v", tt.status, tt.code, got.Operation, got.Class, meetingapi.OpLogin, tt.want)
		}
		now.add(time.Second)
		s.on(loginPath, token("t", time.Hour))
		if err := c.Login(t.Context()); err != nil {
			t.Errorf("Login after %v = %v, want no error", tt.rest, err)
		}
	}
}

// TestPageInsteadOfLogin: a login that a gateway or a proxy answers says nothing about the
// key. It is tried again at once, and needs no pause.
func TestPageInsteadOfLogin(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 412, 423} {
		for _, body := range []string{"<html>", " Forbidden", `"Forbidden"`} {
			s := newService(t)
			page := answer(status, body)
			s.on(loginPath, sequence(page, page, page, token("t", time.Hour)))
			c := s.client(t, func(c *meetingapi.Config) { c.Now = func() time.Time { return time.Now().Add(time.Hour) } }) // not a clock fault either
			if err := c.Login(t.Context()); meetingapi.ClassOf(err) != meetingapi.ClassUnavailable {
				t.Errorf("Login answered by %d %q three times = %v, want %v", status, body, err, meetingapi.ClassUnavailable)
			}
			if err := c.Login(t.Context()); err != nil {
				t.Errorf("Login after %d %q = %v, want no error", status, body, err)
			}
		}
	}
}

func TestClockSkew(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ahead time.Duration
		want  meetingapi.Class
	}{
		{0, meetingapi.ClassCredentials},
		{4 * time.Minute, meetingapi.ClassCredentials},
		{20 * time.Minute, meetingapi.ClassClock},
		{-20 * time.Minute, meetingapi.ClassClock},
	} {
		s := newService(t)
		s.on(loginPath, answer(401, refusal("USG.206010025", "APPID_AUTH_FAILED")))
		var observed meetingapi.Class
		behind := func(c *meetingapi.Config) {
			c.Now = func() time.Time { return time.Now().Add(-tt.ahead) }
			c.Observe = func(call meetingapi.Call) { observed = call.Class }
		}
		c := s.client(t, behind)
		err := c.Login(t.Context())
		if meetingapi.ClassOf(err) != tt.want {
			t.Errorf("Login with a service %v ahead = %v, want %v", tt.ahead, err, tt.want)
		}
		if observed != tt.want {
			t.Errorf("Login with a service %v ahead is observed as %v, want %v", tt.ahead, observed, tt.want)
		}
		var e *meetingapi.Error
		if errors.As(err, &e); tt.want == meetingapi.ClassClock && (e.Skew-tt.ahead).Abs() > 2*time.Second {
			t.Errorf("Skew = %v, want about %v", e.Skew, tt.ahead)
		}

		// A login with a password doesn't depend on the clock.
		s.on(accountPath, answer(401, ""))
		byName := s.client(t, behind, func(c *meetingapi.Config) { c.Auth = meetingapi.Account{Name: "a", Password: "b"} })
		if err := byName.Login(t.Context()); meetingapi.ClassOf(err) != meetingapi.ClassCredentials {
			t.Errorf("Account login with a service %v ahead = %v, want %v", tt.ahead, err, meetingapi.ClassCredentials)
		}
	}
}

func TestLoginIsRetried(t *testing.T) {
	t.Parallel()
	for _, bad := range []http.HandlerFunc{answer(500, ""), answer(502, "<html>"), hangUp, answer(200, "{"), answer(200, "{}")} {
		s := newService(t)
		s.on(loginPath, sequence(bad, bad, token("t", time.Hour)))
		if err := s.client(t).Login(t.Context()); err != nil {
			t.Errorf("Login = %v, want no error at the third try", err)
		}
		s = newService(t)
		s.on(loginPath, bad)
		err := s.client(t).Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
		if c := meetingapi.ClassOf(err); c != meetingapi.ClassServer && c != meetingapi.ClassUnavailable {
			t.Errorf("Cancel without a login = %v, want %v or %v: nothing was cancelled", err, meetingapi.ClassServer, meetingapi.ClassUnavailable)
		}
		if got := s.requests(); len(got) != 0 {
			t.Errorf("Cancel without a login sent %q, want nothing", got)
		}
	}
}

func TestRole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		user string
		want meetingapi.Role
	}{
		{`{"userType":2,"adminType":0}`, meetingapi.RoleAdmin},
		{`{"userType":2,"adminType":"1"}`, meetingapi.RoleAdmin},
		{`{"userType":2,"adminType":2}`, meetingapi.RoleUser},
		{`{"userType":1}`, meetingapi.RoleAdmin},
		{`{"userType":2}`, meetingapi.RoleUnknown},
		{`{}`, meetingapi.RoleUnknown},
		{`null`, meetingapi.RoleUnknown},
		{`"?"`, meetingapi.RoleUnknown},
	} {
		s := newService(t)
		s.on(loginPath, answer(200, fmt.Sprintf(`{"accessToken":"t","validPeriod":60,"user":%s}`, tt.user)))
		got, err := s.client(t).Role(t.Context())
		if got != tt.want || err != nil {
			t.Errorf("Role() with user %s = %v, %v, want %v", tt.user, got, err, tt.want)
		}
	}
	s := newService(t)
	s.on(loginPath, answer(401, ""))
	if got, err := s.client(t).Role(t.Context()); got != meetingapi.RoleUnknown || meetingapi.ClassOf(err) != meetingapi.ClassCredentials {
		t.Errorf("Role() with a refused login = %v, %v, want %v and %v", got, err, meetingapi.RoleUnknown, meetingapi.ClassCredentials)
	}
}

func BenchmarkMeetingWithCachedToken(b *testing.B) {
	s := newService(b)
	s.on(detailPath, answer(200, detailBody))
	c := s.client(b)
	for b.Loop() {
		if _, err := c.Meeting(b.Context(), "914087436"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTokenPath(b *testing.B) {
	s := newService(b)
	c := s.client(b)
	if err := c.Login(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := c.Login(b.Context()); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// TestLockedUntil: all callers get the same time until which a locked login is not
// repeated.
func TestLockedUntil(t *testing.T) {
	t.Parallel()
	s, ahead := newService(t), time.Duration(0)
	s.on(loginPath, answer(http.StatusLocked, refusal("USG.206030015", "USER_LOCKED")))
	c := s.client(t, func(c *meetingapi.Config) { c.Now = func() time.Time { return time.Now().Add(ahead) } })
	for _, after := range []time.Duration{0, 2 * time.Minute, 4 * time.Minute} {
		ahead = after
		_, err := c.Meeting(t.Context(), "914087436")
		want := 5*time.Minute - after
		if got := meetingapi.RetryAfter(err); meetingapi.ClassOf(err) != meetingapi.ClassLocked || got > want || got < want-10*time.Second {
			t.Errorf("%v after the refusal: %v, retry after %v, want %v", after, err, got, want)
		}
	}
}
