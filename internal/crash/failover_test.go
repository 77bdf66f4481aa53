package crash

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"meetingbot/internal/pgtest"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// TestSilentFailover makes every open connection to PostgreSQL fall silent while a question is
// open, as after a failover behind a virtual address. Everything with a deadline still happens,
// calls that Slack refuses in the meantime are retried, and health tells the truth.
func TestSilentFailover(t *testing.T) {
	t.Parallel()
	valve, database := pgtest.NewValve(t, pgtest.URL(t))
	health := freeAddress(t)
	w := newWorld(t, database, map[string]string{"CONFIRM_TTL": "20s", "HTTP_ADDR": health})
	w.Forgive = func(v string) bool { return strings.Contains(v, "not acknowledged") } // while nothing could be stored
	w.Book(meeting, world.Carol, nil)
	w.Book("914087437", world.Carol, nil)
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := askForCard(t, w, world.Ana, meeting)
	valve.Silence()
	awaitRecovery(t, w, "a command that is stored", func() bool {
		return w.Slack.Type(world.Bob, world.General, "/cancel-meeting 914087437").Wait(t.Context()) == nil
	})
	var card slacksim.Message
	awaitRecovery(t, w, "card", func() bool {
		for _, m := range w.Slack.Messages(world.General, world.Bob) {
			if strings.Contains(m.Plain(), "914 087 437") && len(m.Buttons()) > 0 {
				card = m
			}
		}
		return len(card.Buttons()) > 0
	})
	w.Slack.Fault(slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503, Method: "chat.update", Times: 2})
	press(t, w, world.Bob, card)
	awaitRecovery(t, w, "the final card of the second", func() bool { return reads(w, card, "was cancelled by") })
	awaitRecovery(t, w, "the end of the first", func() bool { return reads(w, left, "xpired") })
	awaitRecovery(t, w, "readiness", func() bool { return statusOf(t, "http://"+health+"/readyz") == http.StatusOK })
	if n := w.Meeting.Cancelled("914087437"); n != 1 {
		t.Errorf("the meeting was cancelled %d times", n)
	}
}

func reads(w *world.World, card slacksim.Message, text string) bool {
	m, _ := w.Slack.Message(card.Ref)
	return strings.Contains(m.Plain(), text)
}

// freeAddress returns an address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// statusOf returns the HTTP status of an address, or 0 if nothing answers there.
func statusOf(t *testing.T, address string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}
