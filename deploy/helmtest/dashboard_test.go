package helmtest_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"
)

// metrics are the metrics that the program serves at /metrics.
var metrics = []string{
	"meetingbot_commands_total", "meetingbot_questions_total", "meetingbot_steps_total", "meetingbot_step_duration_seconds",
	"meetingbot_envelopes_total", "meetingbot_ack_seconds", "meetingbot_slack_calls_total", "meetingbot_slack_call_duration_seconds",
	"meetingbot_meeting_calls_total", "meetingbot_meeting_call_duration_seconds", "meetingbot_owner_notices_total",
	"meetingbot_sockets_connected", "meetingbot_socket_reconnects_total", "meetingbot_socket_last_frame_seconds",
	"meetingbot_jobs_waiting", "meetingbot_jobs_oldest_age_seconds", "meetingbot_token_expires_in_seconds",
	"meetingbot_build_info",
}

type dashboard struct {
	UID    string
	Panels []struct {
		ID          int
		Type, Title string
		Description string
		GridPos     struct{ X, Y, W, H int }
		Targets     []struct{ Expr string }
	}
}

func TestDashboard(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../grafana/meetingbot.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(content, &d); err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`meetingbot_[a-z_]+`)
	histogram := regexp.MustCompile(`_bucket$`)
	var used []string
	taken, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] {
			t.Errorf("panel %q has the id %d of another", p.Title, p.ID)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other, is := taken[[2]int{x, y}]; is {
					t.Fatalf("panel %q overlaps %q", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if len(p.Targets) == 0 || p.Description == "" {
			t.Errorf("panel %q has %d queries and the description %q, want both", p.Title, len(p.Targets), p.Description)
		}
		for _, target := range p.Targets {
			for _, m := range name.FindAllString(target.Expr, -1) {
				m = histogram.ReplaceAllString(m, "")
				if !slices.Contains(metrics, m) {
					t.Errorf("panel %q uses %s, which the program doesn't serve", p.Title, m)
				}
				used = append(used, m)
			}
		}
	}
	for _, m := range metrics {
		if !slices.Contains(used, m) {
			t.Errorf("no panel shows %s", m)
		}
	}
}
