package bot_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
)

// frozen is a context as a process sees it that was stopped (SIGSTOP) and woken up late: the deadline is over by the
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

func TestNothingLeavesLate(t *testing.T) {
	t.Parallel()
	t.Run("FrozenBeforeTheCall", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		over := new(atomic.Bool)
		over.Store(true)
		_, err := bot.New(f.config()).Post(frozen{t.Context(), over}, "C1", bot.Message{Text: "x"})
		checkLate(t, f, err)
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
		_, err := bot.New(cfg).Post(frozen{t.Context(), over}, "C1", bot.Message{Text: "x"})
		checkLate(t, f, err)
	})
	t.Run("FrozenWithAnOpenConnection", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.answer("users.info", reply(`{"ok":true,"user":{"id":"U1"}}`))
		b := bot.New(f.config())
		if _, err := b.Person(t.Context(), "U1"); err != nil {
			t.Fatalf("Person() = %v", err)
		}
		over := new(atomic.Bool)
		over.Store(true)
		err := b.Respond(frozen{t.Context(), over}, bot.Secret(f.URL+"/hook/1"), bot.Response{Message: bot.Message{Text: "x"}})
		checkLate(t, f, err)
	})
}

func checkLate(t *testing.T, f *fakeSlack, err error) {
	t.Helper()
	if !errors.Is(err, bot.ErrNotSent) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v, want ErrNotSent for a deadline", err)
	}
	if n := len(f.made("chat.postMessage")) + len(f.made("hook")); n != 0 {
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
	f.answer("chat.postMessage", reply(`{"ok":true,"channel":"C1","ts":"1.1"}`))
	b := bot.New(cfg)
	const parallel, rounds = 32, 10
	for range rounds {
		done := make(chan error, parallel)
		for range parallel {
			go func() {
				_, err := b.Post(t.Context(), "C1", bot.Message{Text: "x"})
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

func TestThrottledCallsWaitAndGoInOrder(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	posted := reply(`{"ok":true,"channel":"C1","ts":"1.1"}`)
	f.answer("chat.postMessage", inTurn(status(429, "Retry-After", "1"), posted))
	b := bot.New(f.config())
	start := time.Now()
	if _, err := b.Post(t.Context(), "C1", bot.Message{Text: "x"}); err != nil {
		t.Fatalf("Post() = %v, want it to have waited", err)
	}
	if took := time.Since(start); took < time.Second {
		t.Errorf("Post() took %s, want at least the second Slack asked for", took)
	}
	if n := len(f.made("chat.postMessage")); n != 2 {
		t.Errorf("requests = %d, want 2", n)
	}

	f.answer("chat.postMessage", status(429, "Retry-After", "30"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := b.Post(ctx, "C1", bot.Message{Text: "x"})
	e, ok := errors.AsType[*bot.Error](err)
	if !ok || !errors.Is(err, bot.ErrThrottled) || e.RetryAfter != 30*time.Second || ctx.Err() != nil {
		t.Errorf("Post() = %v, want ErrThrottled with 30 s, at once", err)
	}
	f.answer("chat.postMessage", posted)
	_, err = b.Post(ctx, "C1", bot.Message{Text: "x"})
	if !errors.Is(err, bot.ErrThrottled) || !errors.Is(err, bot.ErrNotSent) {
		t.Errorf("Post() into the same channel = %v, want ErrThrottled and ErrNotSent", err)
	}
	if _, err := b.Post(ctx, "C2", bot.Message{Text: "x"}); err != nil {
		t.Errorf("Post() into another channel = %v, want nil", err)
	}
}
