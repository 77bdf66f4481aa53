package monitor_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/monitor"
	"meetingbot/meetingapi"
)

// get sends the handler a request, as a monitor does.
func get(t *testing.T, h http.Handler, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w
}

// TestMetrics counts one event of each kind and reads the result as Prometheus does.
func TestMetrics(t *testing.T) {
	t.Parallel()
	m := monitor.NewMetrics("v1.2.3")
	slack, people := m.Sockets(), m.Handlers()
	slack.Envelope("command", "stored", 3*time.Millisecond)
	slack.Envelope("command", "duplicate", 3*time.Millisecond)
	slack.Envelope("command", "failed", 2500*time.Millisecond)
	slack.Envelope("click", "busy", time.Microsecond)
	slack.Envelope("click", "ack_lost", 10*time.Second)
	m.Slack("chat.update", "ok", 90*time.Millisecond)
	slack.Connected(2)
	slack.Reconnect("refresh_requested")
	people.Command("asked")
	people.Question("cancelled")
	people.OwnerNotice("sent")
	people.Delegation("delegated")
	people.Home("drawn")
	m.Meetings(meetingapi.Call{Operation: meetingapi.OpCancel, Duration: time.Second})
	m.Meetings(meetingapi.Call{Operation: meetingapi.OpCancel, Class: meetingapi.ClassDenied})
	m.Steps("call", time.Second, nil)
	m.Steps("call", time.Second, errors.New("busy"))
	m.Gauge("jobs_waiting", "Waiting.", func() float64 { return 7 })

	w := get(t, m.Handler(nil), http.MethodGet, "/metrics")
	if w.Code != http.StatusOK {
		t.Fatalf("GET /metrics = %d, want 200\n%s", w.Code, w.Body)
	}
	lines := strings.Split(w.Body.String(), "\n")
	for _, want := range []string{
		`meetingbot_commands_total{result="asked"} 1`,
		`meetingbot_questions_total{outcome="cancelled"} 1`,
		`meetingbot_questions_total{outcome="unknown"} 0`,
		`meetingbot_owner_notices_total{result="sent"} 1`,
		`meetingbot_delegations_total{event="delegated"} 1`,
		`meetingbot_homes_total{result="drawn"} 1`,
		`meetingbot_envelopes_total{kind="home",result="failed"} 0`,
		`meetingbot_envelopes_total{kind="command",result="stored"} 1`,
		`meetingbot_envelopes_total{kind="command",result="duplicate"} 1`,
		`meetingbot_envelopes_total{kind="command",result="failed"} 1`,
		`meetingbot_envelopes_total{kind="click",result="busy"} 1`,
		`meetingbot_envelopes_total{kind="click",result="failed"} 0`,
		`meetingbot_envelopes_total{kind="click",result="ack_lost"} 1`,
		`meetingbot_ack_seconds_bucket{kind="command",le="0.0025"} 0`,
		`meetingbot_ack_seconds_bucket{kind="command",le="0.005"} 2`,
		`meetingbot_ack_seconds_count{kind="command"} 2`,
		`meetingbot_slack_calls_total{class="ok",method="chat.update"} 1`,
		`meetingbot_slack_call_duration_seconds_count{method="chat.update"} 1`,
		`meetingbot_meeting_calls_total{class="ok",operation="` + string(meetingapi.OpCancel) + `"} 1`,
		`meetingbot_meeting_calls_total{class="denied",operation="` + string(meetingapi.OpCancel) + `"} 1`,
		`meetingbot_steps_total{result="ok",step="call"} 1`,
		`meetingbot_steps_total{result="again",step="call"} 1`,
		`meetingbot_step_duration_seconds_sum{step="call"} 2`,
		`meetingbot_sockets_connected 2`,
		`meetingbot_socket_reconnects_total{reason="refresh_requested"} 1`,
		`meetingbot_jobs_waiting 7`,
		`meetingbot_build_info{version="v1.2.3"} 1`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("GET /metrics lacks the line %s", want)
		}
	}
	if line := `meetingbot_ack_seconds_count{kind="click"}`; strings.Contains(w.Body.String(), line) {
		t.Errorf("GET /metrics has a line %s, though no click was acked", line)
	}
	if t.Failed() {
		t.Log(w.Body)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	passing := monitor.Check{Name: "process", Look: func(context.Context) error { return nil }}
	failing := monitor.Check{Name: "database", Look: func(context.Context) error { return errors.New("the disk is full") }}
	joined := monitor.Check{Name: "database", Look: func(context.Context) error {
		return errors.Join(errors.New("the disk is full"), errors.New("rolled back"))
	}}
	timed := monitor.Check{Name: "slack", Look: func(ctx context.Context) error {
		if _, limited := ctx.Deadline(); !limited {
			return errors.New("a check has no deadline")
		}
		return nil
	}}
	for _, tt := range []struct {
		name         string
		ready        []monitor.Check
		method, path string
		code         int
		body         string
	}{
		{"alive", nil, http.MethodGet, "/healthz", 200, "process: ok\n"},
		{"alive though not ready", []monitor.Check{failing}, http.MethodGet, "/healthz", 200, "process: ok\n"},
		{"ready", []monitor.Check{passing, timed}, http.MethodGet, "/readyz", 200, "process: ok\nslack: ok\n"},
		{"not ready says every line", []monitor.Check{failing, passing}, http.MethodGet, "/readyz", 503, "database: the disk is full\nprocess: ok\n"},
		{"a line for each check", []monitor.Check{joined, passing}, http.MethodGet, "/readyz", 503, "database: the disk is full; rolled back\nprocess: ok\n"},
		{"only GET", nil, http.MethodPost, "/healthz", 405, ""},
		{"nothing else", nil, http.MethodGet, "/debug/pprof/", 404, ""},
	} {
		w := get(t, monitor.NewMetrics("v").Handler(tt.ready), tt.method, tt.path)
		if w.Code != tt.code || tt.body != "" && w.Body.String() != tt.body {
			t.Errorf("%s: %s %s = %d %q, want %d %q", tt.name, tt.method, tt.path, w.Code, w.Body, tt.code, tt.body)
		}
	}
}

// TestZeros asserts that the values docs/metrics.md lists for counters with one label exist
// from the start, so that alerts see the first event.
func TestZeros(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	exposed := get(t, monitor.NewMetrics("v").Handler(nil), http.MethodGet, "/metrics").Body.String()
	rows := regexp.MustCompile("(?m)^\\| `([a-z_]+_total)` \\| `([a-z]+)`([^|,]*: ?[^|]*) \\|").FindAllStringSubmatch(string(page), -1)
	if len(rows) < 7 {
		t.Fatalf("docs/metrics.md has %d counters with one label, want all of them: %q", len(rows), rows)
	}
	for _, row := range rows {
		values, _, _ := strings.Cut(row[3], "or why not")
		for _, value := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(values, -1) {
			if want := fmt.Sprintf("meetingbot_%s{%s=%q} 0\n", row[1], row[2], value[1]); !strings.Contains(exposed, want) {
				t.Errorf("GET /metrics lacks the line %s", want)
			}
		}
	}
	for _, class := range []string{"credentials", "locked", "clock"} {
		if want := fmt.Sprintf("meetingbot_meeting_calls_total{class=%q,operation=\"login\"} 0\n", class); !strings.Contains(exposed, want) {
			t.Errorf("GET /metrics lacks the line %s", want)
		}
	}
}
