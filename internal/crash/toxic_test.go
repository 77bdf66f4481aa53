package crash

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"meetingbot/internal/world"
)

// A line is a TCP proxy that can be made to misbehave.
type line struct{ proxy *toxiproxy.Proxy }

// newLine starts a proxy in front of a server and returns the proxy's URL.
func newLine(t *testing.T, server string) (l *line, address string) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l = &line{proxy: toxiproxy.NewProxy(api, t.Name(), "127.0.0.1:0", u.Host)}
	if err := l.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.proxy.Stop)
	u.Host = l.proxy.Listen
	return l, u.String()
}

// poison adds a toxic in one direction; up is from the bot to the server.
func (l *line) poison(t *testing.T, kind string, up bool, attributes map[string]int) {
	t.Helper()
	stream := "downstream"
	if up {
		stream = "upstream"
	}
	order, err := json.Marshal(map[string]any{"name": kind + stream, "type": kind, "stream": stream, "attributes": attributes})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(string(order))); err != nil {
		t.Fatalf("poison(%s) = %v", order, err)
	}
}

// heal removes all toxics and cuts the connections that they have spoilt.
func (l *line) heal(ctx context.Context, t *testing.T) {
	t.Helper()
	l.proxy.Toxics.ResetToxics(ctx)
}

// TestToxicNetwork disturbs the connection to one of the two services while a meeting is
// cancelled over it.
func TestToxicNetwork(t *testing.T) {
	t.Parallel()
	type toxic struct {
		name, kind string
		up         bool
		attributes map[string]int
	}
	toxics := []toxic{
		{"latency", "latency", false, map[string]int{"latency": 300, "jitter": 200}},
		{"reset", "reset_peer", false, map[string]int{"timeout": 30}},
		{"half-open answers", "timeout", false, map[string]int{"timeout": 0}},
		{"half-open requests", "timeout", true, map[string]int{"timeout": 0}},
		{"slow close", "slow_close", false, map[string]int{"delay": 1500}},
		{"cut answers", "limit_data", false, map[string]int{"bytes": 700}},
		{"cut requests", "limit_data", true, map[string]int{"bytes": 500}},
		{"narrow", "bandwidth", false, map[string]int{"rate": 3}},
	}
	type trial struct {
		toxic
		slack bool
	}
	var trials []trial
	for _, x := range toxics {
		trials = append(trials, trial{x, false}, trial{x, true})
	}
	name := func(x trial) string {
		if x.slack {
			return "slack " + x.name
		}
		return "meetings " + x.name
	}
	runAll(t, 4, trials, name, func(t *testing.T, x trial) {
		var spoilt *line
		through := func(server string) string {
			l, address := newLine(t, server)
			spoilt = l
			return address
		}
		o := world.Options{Scopes: historyScopes(), Meetings: through}
		if x.slack {
			o.Meetings, o.Slack = nil, through
		}
		s := begin(t, o)
		s.mayResend = true
		// Envelopes and acks lost on the connection can't be the bot's fault.
		s.Forgive = func(v string) bool { return strings.Contains(v, "acknowledged") }
		s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
		s.ask(t, world.Ana)
		spoilt.poison(t, x.kind, x.up, x.attributes)
		s.pressOnce()
		<-time.After(4 * time.Second)
		spoilt.heal(t.Context(), t)
		s.act(t, func() bool { return s.settled(t.Context()) })
		s.checkSettled(t)
	})
}
