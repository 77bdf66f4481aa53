package slacksim_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"meetingbot/internal/slacksim"
)

func TestHello(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	for n := 1; n <= 2; n++ {
		hello := w.dial().next()
		if hello.Type != "hello" || hello.NumConnections != n || hello.ConnectionInfo["app_id"] != "A0MEETBOT" ||
			hello.DebugInfo["approximate_connection_time"] == nil || hello.DebugInfo["host"] == "" {
			t.Errorf("frame 1 of socket %d = %+v, want a hello that counts %d", n, hello, n)
		}
	}
	if got := w.Connections(); got != 2 {
		t.Errorf("Connections() = %d, want 2", got)
	}
}

func TestTickets(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := newWorld(t, slacksim.Options{Now: clock.Now})
	used := w.open()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), used, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stale := w.open()
	clock.Advance(31 * time.Second)
	for name, url := range map[string]string{"used": used, "stale": stale, "forged": strings.Replace(used, "ticket-", "ticket-x", 1)} {
		_, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
		if !errors.Is(err, websocket.ErrBadHandshake) || resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("dial with a %s ticket = %v, want HTTP 401", name, err)
		}
	}
}

func TestEleventhSocket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	for range 10 {
		w.connect()
	}
	if got := w.dial().next(); got.Type != "disconnect" || got.Reason != "too_many_websockets" {
		t.Errorf("frame 1 of socket 11 = %+v, want disconnect", got)
	}
	if got := w.Connections(); got != 10 {
		t.Errorf("Connections() = %d, want 10", got)
	}
}

// typeHelp types the help command as ana, several times.
func (w *world) typeHelp(times int) {
	w.t.Helper()
	for range times {
		if code := w.Type(ana, general, "/cancel-meeting help").Failure(); code != "" {
			w.t.Fatalf("Type(/cancel-meeting help).Error() = %q, want none", code)
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a, b := w.connect(), w.connect()
	seen := map[string]int{}
	w.typeHelp(4)
	for _, s := range []*app{a, b, a, b} {
		seen[s.next().EnvelopeID]++
	}
	if len(seen) != 4 {
		t.Errorf("envelopes = %v, want four, each at one socket", seen)
	}
}

func TestDroppedSocketLeavesRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.connect()
	alive := w.connect()
	w.DropSocket(slacksim.DropFIN)
	w.typeHelp(3)
	for i := range 3 {
		if got := alive.next(); got.Type != "slash_commands" {
			t.Errorf("frame %d of the remaining socket = %+v, want a command", i+1, got)
		}
	}
}

func TestCommandWithoutSocket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	typed := w.Type(ana, general, "/cancel-meeting help")
	if err := typed.Wait(short(t)); !errors.Is(err, slacksim.ActionError(slacksim.ErrorDispatch)) {
		t.Errorf("Wait() = %v, want dispatch_failed", err)
	}
	if got := w.Messages(general, ana); len(got) != 1 || got[0].User != slacksim.SlackbotID || !strings.Contains(got[0].Plain(), "dispatch_failed") {
		t.Errorf("Messages(general, ana) = %+v, want Slack's own message", got)
	}
	if got := w.Messages(general, bob); len(got) != 0 {
		t.Errorf("Messages(general, bob) = %+v, want nothing", got)
	}
}

func TestLateAck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{AckTimeout: 20 * time.Millisecond})
	a := w.connect()
	typed := w.Type(ana, general, "/cancel-meeting help")
	e := a.next()
	if err := typed.Wait(short(t)); !errors.Is(err, slacksim.ActionError(slacksim.ErrorTimeout)) {
		t.Fatalf("Wait() = %v, want operation_timeout", err)
	}
	if got := w.Messages(general, ana); len(got) != 1 || !strings.Contains(got[0].Text, `/cancel-meeting failed with the error "operation_timeout"`) {
		t.Errorf("Messages(general, ana) = %+v, want the timeout", got)
	}
	a.ack(e.EnvelopeID, map[string]string{"text": "too late"})
	if err := w.Await(short(t), func() bool { return typed.Acked() }); err != nil {
		t.Fatal(err)
	}
	if got := w.Messages(general, ana); len(got) != 1 {
		t.Errorf("Messages(general, ana) = %+v, want the late answer not shown", got)
	}
	got := strings.Join(w.Violations(), "\n")
	if !strings.Contains(got, "was not acknowledged within 20ms") || !strings.Contains(got, "was acknowledged after") {
		t.Errorf("Violations() = %q, want the missing and the late acknowledgement", got)
	}
}

func TestDeadAppIsNotAtFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{AckTimeout: 20 * time.Millisecond})
	a := w.connect()
	typed := w.Type(ana, general, "/cancel-meeting help")
	a.next()
	a.Close()
	if err := w.Await(short(t), func() bool { return w.Connections() == 0 }); err != nil {
		t.Fatal(err)
	}
	if err := typed.Wait(short(t)); !errors.Is(err, slacksim.ActionError(slacksim.ErrorTimeout)) {
		t.Errorf("Wait() = %v, want operation_timeout", err)
	}
	if got := w.Violations(); len(got) != 0 {
		t.Errorf("Violations() = %q, want none", got)
	}
}

func TestAckFrames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	small := &websocket.Dialer{WriteBufferSize: 1024} // splits what does not fit
	conn, _, err := small.DialContext(t.Context(), w.open(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	split := &app{conn, t}
	split.next()
	typed := w.Type(ana, general, "/cancel-meeting help")
	e := split.next()
	split.ack(e.EnvelopeID, map[string]string{"text": strings.Repeat("a", 3000)})
	split.ack("envelope-forged", nil)
	split.write(websocket.TextMessage, "hello")
	split.write(websocket.BinaryMessage, `{"envelope_id":"`+e.EnvelopeID+`"}`)
	split.ack(e.EnvelopeID, nil)
	if err := typed.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	if typed.Payload() != nil {
		t.Errorf("Payload() = %s, want none, as in the bare acknowledgement", typed.Payload())
	}
	want := []string{"fragmented acknowledgement", "unknown envelope envelope-forged", "not an acknowledgement", "not an acknowledgement"}
	got := w.Violations()
	if len(got) != len(want) {
		t.Fatalf("Violations() = %q, want %q", got, want)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("violation %d = %q, want %q", i, got[i], want[i])
		}
	}
}

func TestAckTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a := w.connect()
	w.typeHelp(1)
	e := a.next()
	whole := &websocket.Dialer{WriteBufferSize: 32 << 10}
	conn, _, err := whole.DialContext(t.Context(), w.open(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	big := &app{conn, t}
	big.next()
	big.ack(e.EnvelopeID, map[string]string{"text": strings.Repeat("a", 20480)})
	_, _, err = big.ReadMessage()
	if !websocket.IsCloseError(err, websocket.CloseMessageTooBig) || !strings.Contains(err.Error(), "Max frame length of 20480 has been exceeded") {
		t.Errorf("read after an ack over 20480 bytes = %v, want close 1009", err)
	}
	if got := w.Violations(); len(got) != 1 || !strings.Contains(got[0], "20480 are allowed") {
		t.Errorf("Violations() = %q, want the size", got)
	}
}

func TestDuplicatesAndRedelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	a, b := w.connect(), w.connect()
	w.SetDuplicate(true)
	typed := w.Type(ana, general, "/cancel-meeting help")
	first, second := a.next(), b.next()
	if first.EnvelopeID != second.EnvelopeID || first.RetryAttempt != 0 {
		t.Errorf("with duplicates: %q and %q, want the same twice", first.EnvelopeID, second.EnvelopeID)
	}
	a.ack(first.EnvelopeID, nil)
	b.ack(first.EnvelopeID, nil)
	if err := typed.Wait(short(t)); err != nil {
		t.Fatal(err)
	}
	w.SetDuplicate(false)
	if err := w.Redeliver(first.EnvelopeID); err != nil {
		t.Fatal(err)
	}
	if err := w.Redeliver(first.EnvelopeID); err != nil {
		t.Fatal(err)
	}
	if again := a.next(); again.EnvelopeID != first.EnvelopeID || again.RetryAttempt == 0 {
		t.Errorf("after Redeliver: %+v, want the same with a retry_attempt", again)
	}
	if err := w.Redeliver("envelope-forged"); !errors.Is(err, slacksim.ErrUnknownEnvelope) {
		t.Errorf("Redeliver(forged) = %v, want ErrUnknownEnvelope", err)
	}
	if got := w.Violations(); len(got) != 0 {
		t.Errorf("Violations() = %q, want none", got)
	}
}

func TestAutomaticRedelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{RedeliverAfter: 10 * time.Millisecond})
	a := w.connect()
	typed := w.Type(ana, general, "/cancel-meeting help")
	first, second := a.next(), a.next()
	if second.EnvelopeID != first.EnvelopeID || second.RetryAttempt != 1 {
		t.Errorf("second delivery = %+v, want the same envelope with attempt 1", second)
	}
	a.ack(first.EnvelopeID, nil)
	if err := typed.Wait(short(t)); err != nil {
		t.Errorf("Wait() = %v, want nil", err)
	}
}

func TestDisconnect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{RefreshGrace: 300 * time.Millisecond})
	if w.Disconnect(slacksim.ReasonRefresh) {
		t.Error("Disconnect() without sockets = true, want false")
	}
	a, b := w.connect(), w.connect()
	w.Disconnect(slacksim.ReasonRefresh)
	if got := a.next(); got.Type != "disconnect" || got.Reason != "refresh_requested" {
		t.Fatalf("frame = %+v, want disconnect", got)
	}
	w.typeHelp(2) // the socket still gets its share
	if got := a.next(); got.Type != "slash_commands" {
		t.Errorf("frame after disconnect = %+v, want a command", got)
	}
	if _, _, err := a.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("read = %v, want close 1000", err)
	}
	w.Disconnect(slacksim.ReasonDisabled)
	b.next()
	if got := b.next(); got.Reason != "link_disabled" {
		t.Errorf("frame = %+v, want link_disabled", got)
	}
}

func TestDroppedSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{PingInterval: 10 * time.Millisecond, PongTimeout: 400 * time.Millisecond, AckTimeout: 10 * time.Millisecond})
	for _, how := range []string{slacksim.DropFIN, slacksim.DropRST} {
		a := w.connect()
		if !w.DropSocket(how) {
			t.Fatalf("DropSocket(%s) = false, want true", how)
		}
		if _, _, err := a.ReadMessage(); err == nil || websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			t.Errorf("read after %s = %v, want an abrupt end", how, err)
		}
		if err := w.Await(short(t), func() bool { return w.Connections() == 0 }); err != nil {
			t.Fatal(err)
		}
	}
	w.connect()
	w.DropSocket(slacksim.DropSilence)
	if got := w.Connections(); got != 1 {
		t.Errorf("Connections() with a silent socket = %d, want 1", got)
	}
	typed := w.Type(ana, general, "/cancel-meeting help")
	if err := typed.Wait(short(t)); !errors.Is(err, slacksim.ActionError(slacksim.ErrorTimeout)) {
		t.Errorf("Wait() = %v, want the silent socket to swallow it", err)
	}
	if err := w.Await(short(t), func() bool { return w.Connections() == 0 }); err != nil {
		t.Errorf("the silent socket is still there: %v", err)
	}
}

func TestSocketClosedCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	for _, row := range []struct {
		leave func(*app)
		code  int
	}{
		{func(a *app) {
			a.write(websocket.CloseMessage, string(websocket.FormatCloseMessage(websocket.CloseNormalClosure, "bye")))
		}, 1000},
		{func(a *app) { a.Close() }, 1006},
	} {
		before := len(w.Calls("socket_closed"))
		row.leave(w.connect())
		if err := w.Await(short(t), func() bool { return len(w.Calls("socket_closed")) > before }); err != nil {
			t.Fatal(err)
		}
		if got := w.Calls("socket_closed")[before].Status; got != row.code {
			t.Errorf("socket_closed with %d, want %d", got, row.code)
		}
	}
}

func TestAcceptAndClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.CloseNewSockets(true)
	if _, _, err := w.dial().ReadMessage(); err == nil {
		t.Error("read = nil, want the end")
	}
	w.CloseNewSockets(false)
	w.connect()
}

func TestSocketURLHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{BaseURL: "https://proxy.example"})
	if got := w.open(); !strings.HasPrefix(got, "wss://proxy.example/link/?ticket=") || !strings.HasSuffix(got, "&app_id=A0MEETBOT") {
		t.Errorf("url = %s, want it under the base", got)
	}
	plain := newWorld(t, slacksim.Options{})
	if got, want := plain.open(), "ws"+strings.TrimPrefix(plain.web.URL, "http")+"/link/"; !strings.HasPrefix(got, want) {
		t.Errorf("url = %s, want it under %s", got, want)
	}
}
