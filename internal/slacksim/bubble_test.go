package slacksim_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/internal/memnet"
	"meetingbot/internal/slacksim"
)

// bubble is a workspace inside a bubble, with an HTTP client and a WebSocket dialer for it.
type bubble struct {
	*slacksim.Server
	t      *testing.T
	client *http.Client
	dialer websocket.Dialer
}

// inBubble runs story in fake time. If it leaves a goroutine behind, the bubble never ends.
func inBubble(t *testing.T, opts slacksim.Options, story func(*bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		net := memnet.New("slack.sim")
		transport := &http.Transport{DialContext: net.DialContext}
		b := &bubble{slacksim.New(opts), t, &http.Client{Transport: transport}, websocket.Dialer{NetDialContext: net.DialContext}}
		b.AddUser(slacksim.User{ID: ana, Name: "ana"})
		b.AddChannel(slacksim.Channel{ID: general, BotMember: true, Members: []string{ana}})
		served := make(chan error, 1)
		go func() { served <- b.Serve(net) }()
		story(b)
		b.Close()
		transport.CloseIdleConnections()
		if err := <-served; err != nil {
			t.Errorf("Serve() = %v, want nil after Close", err)
		}
	})
}

func (b *bubble) call(ctx context.Context, method, token, form string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://slack.sim/api/"+method, strings.NewReader(form))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", formKind)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func (b *bubble) connect() *app {
	b.t.Helper()
	body, err := b.call(b.t.Context(), "apps.connections.open", appToken, "")
	if err != nil {
		b.t.Fatal(err)
	}
	_, url, _ := strings.Cut(body, `"url":"`)
	url, _, _ = strings.Cut(strings.ReplaceAll(url, `\u0026`, "&"), `"`)
	conn, _, err := b.dialer.DialContext(b.t.Context(), url, nil)
	if err != nil {
		b.t.Fatalf("dial %s: %v", url, err)
	}
	a := &app{conn, b.t}
	if hello := a.next(); hello.Type != "hello" {
		b.t.Fatalf("first frame = %+v, want hello", hello)
	}
	return a
}

// pump keeps reading, as a client must: over a pipe even a ping blocks until it is read.
func pump(a *app) <-chan envelope {
	frames := make(chan envelope, 16)
	_ = a.SetReadDeadline(time.Time{})
	go func() {
		defer close(frames)
		for {
			var e envelope
			if a.ReadJSON(&e) != nil {
				return
			}
			frames <- e
		}
	}()
	return frames
}

func TestInABubble(t *testing.T) {
	t.Parallel()
	inBubble(t, slacksim.Options{}, func(b *bubble) {
		start := time.Now()
		a := b.connect()
		frames := pump(a)
		typed := b.Type(ana, general, "/cancel-meeting 1")
		e := <-frames
		<-time.After(2 * time.Second) // takes no real time
		a.ack(e.EnvelopeID, nil)
		<-typed.Done()
		if typed.AckedAfter() != 2*time.Second {
			b.t.Errorf("AckedAfter() = %v, want exactly 2 s", typed.AckedAfter())
		}

		late := b.Type(ana, general, "/cancel-meeting 2")
		<-late.Done()
		if late.Failure() != slacksim.ErrorTimeout || time.Since(start) != 5*time.Second {
			b.t.Errorf("Failure() = %q after %v, want a timeout after 5 s", late.Failure(), time.Since(start))
		}
		a.Close()
		synctest.Wait()
		if n := b.Connections(); n != 0 {
			b.t.Errorf("Connections() = %d after the app closed, want 0", n)
		}
	})
}

func TestLateCallInABubble(t *testing.T) {
	t.Parallel()
	inBubble(t, slacksim.Options{}, func(b *bubble) {
		b.Fault(slacksim.Fault{Kind: slacksim.FaultLate, Method: "chat.postMessage", Delay: 4 * time.Second, Times: 1})
		ctx, cancel := context.WithTimeout(b.t.Context(), 3*time.Second)
		defer cancel()
		if _, err := b.call(ctx, "chat.postMessage", botToken, "channel="+general+"&text=late"); err == nil {
			b.t.Error("the call returned within 3 s, want a timeout")
		}
		if n := len(b.Messages(general, ana)); n != 0 {
			b.t.Errorf("%d messages after 3 s, want none yet", n)
		}
		<-time.After(time.Second)
		synctest.Wait()
		if n := len(b.Messages(general, ana)); n != 1 {
			b.t.Errorf("%d messages after 4 s, want the late one", n)
		}
		// Closing the workspace ends a call that hangs and one that is late.
		b.Fault(slacksim.Fault{Kind: slacksim.FaultHang, Method: "auth.test"})
		b.Fault(slacksim.Fault{Kind: slacksim.FaultLate, Method: "chat.update", Delay: time.Hour})
		for _, method := range []string{"auth.test", "chat.update"} {
			ctx, cancel := context.WithTimeout(b.t.Context(), time.Second)
			if _, err := b.call(ctx, method, botToken, ""); err == nil {
				b.t.Errorf("%s was answered", method)
			}
			cancel()
		}
	})
}

func TestEventRetriesInABubble(t *testing.T) {
	t.Parallel()
	inBubble(t, withHome(), func(b *bubble) {
		start := time.Now()
		a := b.connect()
		defer a.Close()
		done, err := b.OpenHome(ana)
		if err != nil {
			b.t.Fatal(err)
		}
		frames := pump(a)
		arrivals := make(chan time.Duration, 8)
		go func() {
			for range frames {
				arrivals <- time.Since(start)
			}
		}()
		<-done.Done()
		// Slack waits 3 s for each acknowledgement, and retries at once, after a
		// minute and after five.
		for _, want := range []time.Duration{0, 3 * time.Second, 66 * time.Second, 369 * time.Second} {
			if got := <-arrivals; got != want {
				b.t.Errorf("a delivery after %v, want %v", got, want)
			}
		}
		if done.Failure() != slacksim.ErrorTimeout {
			b.t.Errorf("Failure() = %q, want a timeout", done.Failure())
		}
	})
}

// TestPeerThatDoesNotRead: over a pipe a write blocks until it is read, and must not
// block the whole workspace.
func TestPeerThatDoesNotRead(t *testing.T) {
	t.Parallel()
	inBubble(t, slacksim.Options{}, func(b *bubble) {
		var open []*app
		for range 10 {
			a := b.connect()
			open = append(open, a)
			pump(a)
		}
		body, err := b.call(b.t.Context(), "apps.connections.open", appToken, "")
		if err != nil || !strings.Contains(body, "ticket-") {
			b.t.Fatalf("apps.connections.open = %s, %v", body, err)
		}
		_, url, _ := strings.Cut(body, `"url":"`)
		url, _, _ = strings.Cut(strings.ReplaceAll(url, `\u0026`, "&"), `"`)
		eleventh, _, err := b.dialer.DialContext(b.t.Context(), url, nil) // and reads nothing
		if err != nil {
			b.t.Fatal(err)
		}
		synctest.Wait()
		if _, err := b.call(b.t.Context(), "auth.test", botToken, ""); err != nil {
			b.t.Errorf("auth.test at the same time: %v", err)
		}
		big := bytes.Repeat([]byte("x"), 30000)
		go func() { _ = open[0].WriteMessage(websocket.TextMessage, big) }()
		<-time.After(10 * time.Second)
		if got := strings.Join(b.Violations(), "\n"); !strings.Contains(got, "socket number 11") || !strings.Contains(got, "30000 bytes") {
			b.t.Errorf("Violations() = %q, want both", got)
		}
		eleventh.Close()
		for _, a := range open {
			a.Close()
		}
	})
}

// TestPings checks that a socket is pinged as Slack does, and dropped if it doesn't answer.
func TestPings(t *testing.T) {
	t.Parallel()
	inBubble(t, slacksim.Options{PingInterval: 10 * time.Second, PongTimeout: 25 * time.Second}, func(b *bubble) {
		good, deaf := b.connect(), b.connect()
		pinged := make(chan string, 100)
		answer := good.PingHandler()
		good.SetPingHandler(func(body string) error {
			pinged <- body
			return answer(body)
		})
		deaf.SetPingHandler(func(string) error { return nil })
		pump(good)
		pump(deaf)
		for _, step := range []struct {
			after       time.Duration
			connections int
		}{{24 * time.Second, 2}, {7 * time.Second, 1}, {time.Minute, 1}} {
			<-time.After(step.after)
			if n := b.Connections(); n != step.connections {
				b.t.Errorf("Connections() = %d after another %v, want %d", n, step.after, step.connections)
			}
		}
		if body := <-pinged; !strings.HasPrefix(body, "Ping from applink-") || len(pinged) != 8 {
			b.t.Errorf("%d more pings after the first, %q, want 8, Ping from applink-…", len(pinged), body)
		}
		good.Close()
	})
}
