package bot_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// frozen is a context as seen by a process that was stopped (SIGSTOP) and resumed late: the deadline has passed by the
// clock, but no timer has fired.
type frozen struct {
	context.Context
	over *atomic.Bool
}

func (f frozen) Deadline() (time.Time, bool) {
	if f.over.Load() {
		return time.Now().Add(-time.Second), true
	}
	return time.Now().Add(time.Hour), true
}

func TestNothingSentAfterDeadline(t *testing.T) {
	t.Parallel()
	t.Run("FrozenBeforeTheCall", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		over := new(atomic.Bool)
		over.Store(true)
		_, err := bot.NewClient(f.config()).Post(frozen{t.Context(), over}, bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
		checkNotSent(t, f, err)
	})
	t.Run("FrozenWhileConnecting", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		over := new(atomic.Bool)
		cfg := f.config()
		transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			over.Store(true)
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}}
		defer transport.CloseIdleConnections()
		cfg.HTTP = &http.Client{Transport: transport}
		_, err := bot.NewClient(cfg).Post(frozen{t.Context(), over}, bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
		checkNotSent(t, f, err)
	})
	t.Run("FrozenWithAnOpenConnection", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.Answer("users.info", fake.Reply(`{"ok":true,"user":{"id":"U1"}}`))
		b := bot.NewClient(f.config())
		if _, err := b.Person(t.Context(), "U1"); err != nil {
			t.Fatalf("Person() = %v", err)
		}
		over := new(atomic.Bool)
		over.Store(true)
		err := b.Respond(frozen{t.Context(), over}, bot.Secret(f.URL+"/hook/1"), bot.Response{Message: bot.Message{Text: "x"}})
		checkNotSent(t, f, err)
	})
}

func checkNotSent(t *testing.T, f fakeSlack, err error) {
	t.Helper()
	if !errors.Is(err, bot.ErrNotSent) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v, want ErrNotSent for a deadline", err)
	}
	if n := len(f.Made("chat.postMessage")) + len(f.Made("hook")); n != 0 {
		t.Errorf("requests = %d, want none", n)
	}
}

// TestConnectionsAreReused keeps the number of TCP connections near the number of parallel calls.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var opened atomic.Int32
	front := httptest.NewUnstartedServer(f.Config.Handler)
	front.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	front.Start()
	defer front.Close()
	defer front.CloseClientConnections()
	cfg := f.config()
	cfg.APIURL = front.URL + "/api/"
	f.Answer("chat.postMessage", fake.Reply(`{"ok":true,"channel":"C1","ts":"1.1"}`))
	b := bot.NewClient(cfg)
	const parallel, rounds = 32, 10
	for range rounds {
		done := make(chan error, parallel)
		for range parallel {
			go func() {
				_, err := b.Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
				done <- err
			}()
		}
		for range parallel {
			if err := <-done; err != nil {
				t.Fatalf("Post() = %v", err)
			}
		}
	}
	if n := opened.Load(); n > 2*parallel {
		t.Errorf("TCP connections for %d rounds of %d calls = %d, want at most %d", rounds, parallel, n, 2*parallel)
	}
}

func TestThrottledCallsWait(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	posted := fake.Reply(`{"ok":true,"channel":"C1","ts":"1.1"}`)
	f.Answer("chat.postMessage", fake.InTurn(fake.Status(429, "Retry-After", "1"), posted))
	b := bot.NewClient(f.config())
	start := time.Now()
	if _, err := b.Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"}); err != nil {
		t.Fatalf("Post() = %v, want it to have waited", err)
	}
	if took := time.Since(start); took < time.Second {
		t.Errorf("Post() took %s, want at least the second Slack asked for", took)
	}
	if n := len(f.Made("chat.postMessage")); n != 2 {
		t.Errorf("requests = %d, want 2", n)
	}

	f.Answer("chat.postMessage", fake.Status(429, "Retry-After", "30"))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := b.Post(ctx, bot.MessageRef{Channel: "C8"}, bot.Message{Text: "x"})
	e, ok := errors.AsType[*bot.Error](err)
	if !ok || !errors.Is(err, bot.ErrThrottled) || e.RetryAfter != 30*time.Second || ctx.Err() != nil {
		t.Errorf("Post() = %v, want ErrThrottled with 30 s, at once", err)
	}
	f.Answer("chat.postMessage", posted)
	_, err = b.Post(ctx, bot.MessageRef{Channel: "C8"}, bot.Message{Text: "x"})
	if !errors.Is(err, bot.ErrThrottled) || !errors.Is(err, bot.ErrNotSent) {
		t.Errorf("Post() into the same channel = %v, want ErrThrottled and ErrNotSent", err)
	}
	if _, err := b.Post(ctx, bot.MessageRef{Channel: "C9"}, bot.Message{Text: "x"}); err != nil {
		t.Errorf("Post() into another channel = %v, want nil", err)
	}
}

// TestSilentConnectionIsNotReused: a call that times out closes the idle connections, which may have gone silent too. The
// next call opens a new one.
func TestSilentConnectionIsNotReused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		silent := &silentTransport{}
		c := bot.NewClient(bot.Config{BotToken: "xoxb-2-secret", APIURL: "http://slack/api/", HTTP: &http.Client{Transport: silent}})
		defer c.Close()
		canceled, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := c.Respond(canceled, "http://slack/hook/1", bot.Response{Message: bot.Message{Text: "x"}, Replace: true}); err == nil || silent.closed > 0 {
			t.Errorf("cancelled Respond() = %v, and idle connections were closed %d times, want never", err, silent.closed)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		if err := c.Respond(ctx, "http://slack/hook/1", bot.Response{Message: bot.Message{Text: "x"}, Replace: true}); err == nil || silent.closed == 0 {
			t.Errorf("Respond() = %v, and idle connections were closed %d times, want once", err, silent.closed)
		}
	})
}

// silentTransport never answers.
type silentTransport struct{ closed int }

func (s *silentTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func (s *silentTransport) CloseIdleConnections() { s.closed++ }

// TestEveryCallTimesOut: a caller without a deadline doesn't wait forever for a service that never answers.
func TestEveryCallTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The server reads every request and never answers.
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, server) }()
			return client, nil
		}}
		c := bot.NewClient(bot.Config{BotToken: "xoxb-2-secret", APIURL: "http://slack/api/", HTTP: &http.Client{Transport: transport}})
		for name, call := range map[string]func() error{
			"Post": func() error {
				_, err := c.Post(t.Context(), bot.MessageRef{Channel: "C1"}, bot.Message{Text: "x"})
				return err
			},
			"Respond": func() error {
				return c.Respond(t.Context(), "http://slack/hook/1", bot.Response{Message: bot.Message{Text: "x"}})
			},
			"Person": func() error { _, err := c.Person(t.Context(), "U1"); return err },
		} {
			start := time.Now()
			if err := call(); !bot.Temporary(err) {
				t.Errorf("%s() = %v, want a temporary error", name, err)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%s() was given up after %s, want at most 30 s", name, took)
			}
		}
		c.Close()
		transport.CloseIdleConnections()
	})
}
