package alerttest_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"sigs.k8s.io/yaml"
)

type rule struct {
	Alert string `json:"alert"`
	Expr  string `json:"expr"`
	For   string `json:"for"`
}

// alerts returns the alerts in the document.
func alerts(t *testing.T) map[string]rule {
	t.Helper()
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(groups:.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("docs/metrics.md has no alerts")
	}
	var file struct {
		Groups []struct {
			Rules []rule `json:"rules"`
		} `json:"groups"`
	}
	if err := yaml.Unmarshal(block[1], &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]rule{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			all[r.Alert] = r
		}
	}
	return all
}

func TestAlertsParse(t *testing.T) {
	t.Parallel()
	all := alerts(t)
	if len(all) < 5 {
		t.Fatalf("docs/metrics.md has %d alerts, want all of them", len(all))
	}
	for name, r := range all {
		if _, err := parser.NewParser(parser.Options{}).ParseExpr(r.Expr); err != nil {
			t.Errorf("%s: %v in %s", name, err, r.Expr)
		}
	}
}

// TestAlertsFire has a row for each situation, with the alerts that fire after a quarter of
// an hour.
func TestAlertsFire(t *testing.T) {
	t.Parallel()
	const well = `
load 1m
  meetingbot_sockets_connected{pod="a"} 2x20
  meetingbot_sockets_connected{pod="b"} 2x20
  meetingbot_jobs_oldest_age_seconds{pod="a"} 0x20
  meetingbot_envelopes_total{pod="a",result="failed"} 0x20
  meetingbot_questions_total{pod="a",outcome="unknown"} 0x20
  meetingbot_meeting_calls_total{pod="a",class="credentials"} 0x20
`
	for _, tt := range []struct {
		name, load string
		want       []string
	}{
		{"all is well", well, nil},
		{"no socket", strings.ReplaceAll(well, "2x20", "0x20"), []string{"MeetingbotDisconnected"}},
		{"all replicas are down", "\nload 1m\n  up{job=\"other\"} 1x20\n", []string{"MeetingbotDisconnected"}},
		{"the database refuses", strings.Replace(well, `result="failed"} 0x20`, `result="failed"} 0+1x20`, 1), []string{"MeetingbotRejectsEvents"}},
		{"steps wait", strings.Replace(well, `seconds{pod="a"} 0x20`, `seconds{pod="a"} 0+60x20`, 1), []string{"MeetingbotStuck"}},
		{"an unknown outcome", strings.Replace(well, `outcome="unknown"} 0x20`, `outcome="unknown"} 0x10 1x9`, 1), []string{"MeetingbotOutcomeUnknown"}},
		{"locked out", strings.Replace(well, `class="credentials"} 0x20`, `class="credentials"} 0+1x20`, 1), []string{"MeetingbotLoginRefused"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			storage := promqltest.LoadedStorage(t, tt.load)
			t.Cleanup(func() { _ = storage.Close() })
			engine := promqltest.NewTestEngine(t, false, 0, promqltest.DefaultMaxSamplesPerQuery)
			for name, r := range alerts(t) {
				q, err := engine.NewInstantQuery(t.Context(), storage, nil, r.Expr, time.Unix(15*60, 0))
				if err != nil {
					t.Fatal(err)
				}
				v, err := q.Exec(t.Context()).Vector()
				if err != nil {
					t.Fatal(err)
				}
				if fires, want := len(v) > 0, slices.Contains(tt.want, name); fires != want {
					t.Errorf("%s fires: %t, want %t (%s)", name, fires, want, r.Expr)
				}
			}
		})
	}
}
