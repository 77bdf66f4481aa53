package meetingapi_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/meetingapi"
)

// TestCancelAcceptsAnySuccess: only the status says success, because the body is not
// documented. An HTML page is no success; see TestLostAnswerIsUnknown.
func TestCancelAcceptsAnySuccess(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		desc string
		h    http.HandlerFunc
	}{
		{"empty body", answer(200, "")},
		{"204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }},
		{"the likely 39 bytes", answer(200, `{"returnCode":0,"returnDesc":"SUCCESS"}`)},
		{"code 0 as text", answer(200, `{"error_code":"0","returnCode":"0"}`)},
		{"text", answer(200, "OK")},
		{"truncated JSON", answer(200, `{"returnCo`)},
		{"other JSON", answer(202, `[1,2]`)},
		{"a body over the limit", answer(200, strings.Repeat("x", 1<<20))},
		{"truncated body", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "39")
			_, _ = io.WriteString(w, `{"retu`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"broken gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "not gzip")
		}},
		{"no body", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "39")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}},
	} {
		t.Run(tt.desc, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			s.on(cancelPath, tt.h)
			if err := s.client(t).Cancel(t.Context(), single(t), meetingapi.CancelOptions{}); err != nil {
				t.Errorf("Cancel = %v, want no error", err)
			}
			if got := s.requests(); len(got) != 1 {
				t.Errorf("sent %q, want one request", got)
			}
		})
	}
}

// TestLostAnswerIsUnknown: a change whose answer is lost has an unknown outcome and is
// sent only once.
func TestLostAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for _, m := range methods(t) {
		if !m.change {
			continue
		}
		for _, tt := range []struct {
			desc   string
			h      http.HandlerFunc
			status int
		}{
			{"silence", silence, 0},
			{"hang-up", hangUp, 0},
			{"rubbish", rubbish, 0},
			{"500", answer(500, ""), 500},
			{"500 with a code", answer(500, refusal("MMC.111070003", "CONF_EXCEPTION")), 500},
			{"502 HTML", answer(502, "<html>"), 502},
			{"200 HTML", answer(200, "\n<!DOCTYPE html><title>Sign in to the proxy</title>"), 200},
			{"302", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, 302},
			{"307", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
			}, 307},
			{"400 with a timeout", answer(400, refusal("MMC.111072049", "RESPONSE_TIME_OUT")), 400},
			{"420", answer(420, "?"), 420},
		} {
			inBubble(t, func(t *testing.T, s *service) {
				s.on(m.path, tt.h)
				err := m.call(t.Context(), s.client(t))
				if !meetingapi.IsUnknownOutcome(err) {
					t.Errorf("%s with %s = %v, want %v", m.name, tt.desc, err, meetingapi.ClassUnknownOutcome)
				}
				var e *meetingapi.Error
				if errors.As(err, &e) && e.Status != tt.status {
					t.Errorf("%s with %s: status %d, want %d", m.name, tt.desc, e.Status, tt.status)
				}
				if got := s.requests(); len(got) != 1 {
					t.Errorf("%s with %s sent %q, want one request", m.name, tt.desc, got)
				}
			})
		}
	}
}

// rubbish answers with something that is not HTTP.
func rubbish(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_, _ = io.WriteString(conn, "220 mail.example.com ESMTP token-1 chair-pw-914\r\n\r\n")
		_ = conn.Close()
	}
}

func TestNothingSentIsNotUnknown(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client(t)
	if err := c.Login(t.Context()); err != nil {
		t.Fatalf("Login: %v", err)
	}
	s.Close()
	c.HTTP.CloseIdleConnections()
	err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
	if !meetingapi.IsUnavailable(err) {
		t.Errorf("Cancel with the server down = %v, want %v", err, meetingapi.ClassUnavailable)
	}
}

// TestDeleteIsNotRepeatedByNetHTTP checks that net/http doesn't resend a DELETE when a
// reused connection dies, because it may have been done. A GET, which is resent, is the
// control.
func TestDeleteIsNotRepeatedByNetHTTP(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	defer l.Close()
	var logins, deletes, gets atomic.Int32
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				br := bufio.NewReader(conn)
				for {
					r, err := http.ReadRequest(br)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					switch r.Method {
					case http.MethodPost:
						logins.Add(1)
						_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n"+`{"accessToken":"token","validPeriod":600}`)
						continue
					case http.MethodDelete:
						deletes.Add(1)
					default:
						gets.Add(1)
					}
					return // close the connection after reading the whole request
				}
			}()
		}
	}()
	for _, m := range methods(t) {
		if !m.change && m.name != "Meeting" {
			continue
		}
		transport, err := meetingapi.NewTransport(nil)
		if err != nil {
			t.Fatalf("NewTransport(nil): %v", err)
		}
		c := newAPI(t, meetingapi.Config{
			BaseURL: "http://" + l.Addr().String(), HTTP: &http.Client{Transport: transport},
			Auth: meetingapi.AppID{ID: "a", Key: "k"}, ReadRetry: meetingapi.Retry{More: -1},
		})
		if err := c.Login(t.Context()); err != nil {
			t.Fatalf("Login: %v", err)
		}
		before := deletes.Load()
		err = m.call(t.Context(), c)
		transport.CloseIdleConnections()
		if !m.change {
			if got := gets.Load(); got < 2 || !meetingapi.IsUnavailable(err) {
				t.Errorf("%s = %v after %d requests, want %v after at least 2: the connection was not a reused one", m.name, err, got, meetingapi.ClassUnavailable)
			}
			continue
		}
		if got := deletes.Load() - before; got != 1 || !meetingapi.IsUnknownOutcome(err) {
			t.Errorf("%s = %v after %d requests, want %v after 1", m.name, err, got, meetingapi.ClassUnknownOutcome)
		}
	}
	if logins.Load() == 0 {
		t.Error("no login arrived")
	}
}

// stopped is a context as seen by a process that was stopped and resumed: its deadline
// has passed, but its timer hasn't fired.
type stopped struct {
	context.Context
	deadline time.Time
}

func (s stopped) Deadline() (time.Time, bool) { return s.deadline, true }

func TestNothingIsSentAfterTheDeadline(t *testing.T) {
	t.Parallel()
	for _, m := range methods(t) {
		for _, own := range []bool{true, false} {
			for _, late := range []time.Duration{-time.Second, 60 * time.Millisecond} {
				s := newService(t)
				s.on(m.path, answer(200, m.good))
				c := s.client(t, func(c *meetingapi.Config) {
					if !own {
						transport := &http.Transport{}
						t.Cleanup(transport.CloseIdleConnections)
						c.HTTP.Transport = transport
					}
				})
				transport, ok := c.HTTP.Transport.(*http.Transport)
				if !ok {
					t.Fatalf("transport is a %T", c.HTTP.Transport)
				}
				if err := c.Login(t.Context()); err != nil { // leaves an open connection
					t.Fatalf("Login: %v", err)
				}
				ctx := stopped{t.Context(), time.Now().Add(late)}
				// Stop between the first check of the clock and the write.
				transport.Proxy = func(*http.Request) (*url.URL, error) {
					<-time.After(time.Until(ctx.deadline) + 10*time.Millisecond)
					return nil, nil
				}
				err := m.call(ctx, c)
				if !meetingapi.IsUnavailable(err) || !errors.Is(err, context.DeadlineExceeded) && own {
					t.Errorf("%s, deadline in %v, own transport %v: %v, want %v", m.name, late, own, err, meetingapi.ClassUnavailable)
				}
				if got := s.requests(); len(got) != 0 {
					t.Errorf("%s, deadline in %v, own transport %v: sent %q, want nothing", m.name, late, own, got)
				}
			}
		}
	}
}

func TestCancelNeedsMeetingThatWasRead(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client(t)
	d := c.Canceler
	many := recurring(t)
	for _, tt := range []struct {
		desc string
		err  error
		want meetingapi.Class
	}{
		{"Single{}", d.Cancel(t.Context(), meetingapi.Single{}, meetingapi.CancelOptions{}), meetingapi.ClassBadRequest},
		{"Recurring{}", d.CancelSeries(t.Context(), meetingapi.Recurring{}, meetingapi.CancelOptions{}), meetingapi.ClassBadRequest},
		{"no occurrence", d.CancelOccurrences(t.Context(), many, nil, meetingapi.CancelOptions{}), meetingapi.ClassBadRequest},
		{"unknown occurrence", d.CancelOccurrences(t.Context(), many, []meetingapi.OccurrenceID{"second", "strange"}, meetingapi.CancelOptions{}), meetingapi.ClassNotFound},
	} {
		if meetingapi.ClassOf(tt.err) != tt.want {
			t.Errorf("cancelling %s = %v, want %v", tt.desc, tt.err, tt.want)
		}
	}
	if got := append(s.requests(), make([]string, s.loginCount())...); len(got) != 0 {
		t.Errorf("sent %q, want nothing", got)
	}
	for _, tt := range []struct {
		m                 meetingapi.Meeting
		single, recurring bool
	}{
		{meetingapi.Meeting{ID: "1", Kind: meetingapi.KindSingle}, true, false},
		{meetingapi.Meeting{ID: "1", Kind: meetingapi.KindSeries, Series: &meetingapi.Series{}}, false, true},
		{meetingapi.Meeting{ID: "1"}, false, false}, // of unknown kind
		{meetingapi.Meeting{ID: "1", Kind: meetingapi.KindSingle, Webinar: true}, false, false},
		{meetingapi.Meeting{ID: "1", Kind: meetingapi.KindSeries, Webinar: true, Series: &meetingapi.Series{}}, false, false},
		{meetingapi.Meeting{}, false, false},
	} {
		_, isSingle := tt.m.Single()
		_, isRecurring := tt.m.Recurring()
		if isSingle != tt.single || isRecurring != tt.recurring {
			t.Errorf("Single, Recurring of %+v = %v, %v, want %v, %v", tt.m, isSingle, isRecurring, tt.single, tt.recurring)
		}
	}
}

func TestCancelSeveralOccurrences(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var body string
	s.on(occurrencePath, func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
	})
	ids := []meetingapi.OccurrenceID{"second", "04eb5acd0a0511ec8546359413178027", "second"}
	err := s.client(t).CancelOccurrences(t.Context(), recurring(t), ids, meetingapi.CancelOptions{End: true})
	if err != nil {
		t.Fatalf("CancelOccurrences = %v, want no error", err)
	}
	if diff := cmp.Diff(`{"cycleSubConfIDs":["second","04eb5acd0a0511ec8546359413178027"]}`+"\n", body); diff != "" {
		t.Errorf("wrong body (-want +got):\n%s", diff)
	}
	want := []string{occurrencePath + "?conferenceID=985325849&type=1"}
	if got := s.requests(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	if len(ids) != 3 {
		t.Errorf("the caller's ids were changed: %q", ids)
	}
}

// TestCanceledContext: canceling the context leads to an unknown outcome only after the
// request was sent.
func TestCanceledContext(t *testing.T) {
	t.Parallel()
	for _, m := range methods(t) {
		s := newService(t)
		c := s.client(t)
		if err := c.Login(t.Context()); err != nil {
			t.Fatalf("Login: %v", err)
		}
		before, cancel := context.WithCancel(t.Context())
		cancel()
		if err := m.call(before, c); meetingapi.ClassOf(err) != meetingapi.ClassCanceled {
			t.Errorf("%s with a canceled context = %v, want %v", m.name, err, meetingapi.ClassCanceled)
		}
		if got := s.requests(); len(got) != 0 {
			t.Errorf("%s with a canceled context sent %q, want nothing", m.name, got)
		}
		during, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.on(m.path, func(w http.ResponseWriter, r *http.Request) {
			cancel()
			silence(w, r)
		})
		want := meetingapi.ClassCanceled
		if m.change {
			want = meetingapi.ClassUnknownOutcome
		}
		if err := m.call(during, c); meetingapi.ClassOf(err) != want {
			t.Errorf("%s canceled while the service works = %v, want %v", m.name, err, want)
		}
		if got := s.requests(); len(got) != 1 {
			t.Errorf("%s canceled while the service works sent %q, want one request", m.name, got)
		}
	}
}
