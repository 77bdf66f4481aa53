package monitor

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"meetingbot/bot/socket"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/meetingapi"
)

// Metrics are the metrics of one process. Create them with [NewMetrics].
type Metrics struct {
	registry *prometheus.Registry

	handlers                 step.Observer
	steps                    *prometheus.CounterVec
	stepTime                 *prometheus.HistogramVec
	envelopes                *prometheus.CounterVec
	acks                     *prometheus.HistogramVec
	slackCalls, meetingCalls *prometheus.CounterVec
	slackTime, meetingTime   *prometheus.HistogramVec
	reconnect                func(reason string)
	sockets                  prometheus.Gauge
}

// NewMetrics returns metrics in their own registry.
func NewMetrics(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	outcomes := []string{"declined", "muted", "undone", "expired", "superseded", "elsewhere"}
	for _, o := range cancellation.Outcomes() {
		outcomes = append(outcomes, string(o))
	}
	m.handlers = step.Observer{
		Command: m.tally("commands_total", "Commands and shortcuts, by result.", "result",
			"asked", "offered", "list", "history", "help", "fault", "asked_owner", "refused", "failed"),
		Question: m.tally("questions_total", "Meetings whose card was answered or closed, by outcome.", "outcome",
			outcomes...),
		OwnerNotice: m.tally("owner_notices_total", "Messages to owners, by result.", "result",
			"sent", "own_action", "not_found", "refused"),
		Invited: m.tally("invited_notices_total", "Messages to invited people, by result.", "result",
			"sent", "owner", "did_it", "asker", "not_found", "guest", "external", "deactivated", "duplicate", "refused", "unsure"),
		Delegation: m.tally("delegations_total", "What happened to delegations: given, used, revoked, expired.", "event",
			"delegated", "delegation_used", "delegation_revoked", "delegation_expired"),
		Home: m.tally("homes_total", "How often Home tabs were drawn, by result.", "result", "drawn", "failed"),
	}
	m.steps = m.counter("steps_total", "Runs of durable steps.", "step", "result")
	m.stepTime = m.histogram("step_duration_seconds", "How long a run of a step took.", "step")
	m.envelopes = m.counter("envelopes_total", "What Slack delivered, by result.", "kind", "result")
	m.acks = m.histogram("ack_seconds", "From reading an envelope to writing its ack.", "kind")
	m.slackCalls = m.counter("slack_calls_total", "Calls to Slack's Web API.", "method", "class")
	m.slackTime = m.histogram("slack_call_duration_seconds", "How long calls to Slack's Web API took, including waits.", "method")
	m.meetingCalls = m.counter("meeting_calls_total", "Calls to the meeting service.", "operation", "class")
	m.meetingTime = m.histogram("meeting_call_duration_seconds", "How long calls to the meeting service took.", "operation")
	m.reconnect = m.tally("socket_reconnects_total", "Sockets that had to be replaced.", "reason",
		"warning", "refresh_requested", "silent", "lost", "closed", "failed")
	m.sockets = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "meetingbot_sockets_connected", Help: "Sockets that have said hello and are open.",
	})
	m.LabelledGauge("build_info", "Always 1; the version is a label.", "version", func() (float64, string) { return 1, version })
	m.zeros()
	m.registry.MustRegister(m.sockets, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// zeros initialises the counters with few, known labels. Prometheus doesn't count absent
// to one as an increase, so alerts and panels would miss the first event.
func (m *Metrics) zeros() {
	for _, kind := range []string{"command", "click", "shortcut", "submission", "home", "other"} {
		for _, result := range []string{"stored", "duplicate", "unknown", "malformed", "failed", "busy", "ack_lost"} {
			m.envelopes.WithLabelValues(kind, result)
		}
	}
	for _, class := range []meetingapi.Class{meetingapi.ClassCredentials, meetingapi.ClassLocked, meetingapi.ClassClock} {
		m.meetingCalls.WithLabelValues(string(meetingapi.OpLogin), class.String())
	}
}

// ZeroSteps initialises the counters for all steps.
func (m *Metrics) ZeroSteps(all []jobs.Step) {
	for _, s := range all {
		m.steps.WithLabelValues(string(s), "ok")
		m.steps.WithLabelValues(string(s), "again")
	}
}

func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "meetingbot_" + name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

// tally adds a counter with one label and initialises it for the known values, see zeros. It
// returns what counts one more of a value.
func (m *Metrics) tally(name, help, label string, known ...string) func(value string) {
	c := m.counter(name, help, label)
	for _, value := range known {
		c.WithLabelValues(value)
	}
	return func(value string) { c.WithLabelValues(value).Inc() }
}

func (m *Metrics) histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	// From half a millisecond, roughly a durable ack, to ten seconds, when Slack and people have given up.
	buckets := []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "meetingbot_" + name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(h)
	return h
}

// Gauge adds a gauge that is read when the metrics are scraped.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "meetingbot_" + name, Help: help}, read))
}

// LabelledGauge adds a gauge with one label. Its value and label are read when the metrics are
// scraped.
func (m *Metrics) LabelledGauge(name, help, label string, read func() (value float64, labelled string)) {
	m.registry.MustRegister(labelled{prometheus.NewDesc("meetingbot_"+name, help, []string{label}, nil), read})
}

// labelled is a gauge whose label changes with its value.
type labelled struct {
	desc *prometheus.Desc
	read func() (float64, string)
}

// Describe implements prometheus.Collector.
func (l labelled) Describe(to chan<- *prometheus.Desc) { to <- l.desc }

// Collect implements prometheus.Collector.
func (l labelled) Collect(to chan<- prometheus.Metric) {
	value, label := l.read()
	to <- prometheus.MustNewConstMetric(l.desc, prometheus.GaugeValue, value, label)
}

// Slack observes the calls of Slack's Web API.
func (m *Metrics) Slack(method, class string, took time.Duration) {
	m.slackCalls.WithLabelValues(method, class).Inc()
	m.slackTime.WithLabelValues(method).Observe(took.Seconds())
}

// Sockets observes what Slack delivers.
func (m *Metrics) Sockets() socket.Observer {
	return socket.Observer{
		Envelope:  m.envelope,
		Connected: func(live int) { m.sockets.Set(float64(live)) },
		Reconnect: m.reconnect,
	}
}

// envelope counts an envelope. It records the latency only if there was an ack: timeouts
// and refusals, which take a microsecond, would distort it.
func (m *Metrics) envelope(kind, result string, latency time.Duration) {
	m.envelopes.WithLabelValues(kind, result).Inc()
	if result != "failed" && result != "busy" && result != "ack_lost" {
		m.acks.WithLabelValues(kind).Observe(latency.Seconds())
	}
}

// Handlers observes what people do.
func (m *Metrics) Handlers() step.Observer { return m.handlers }

// Meetings observes the calls of the meeting service.
func (m *Metrics) Meetings(c meetingapi.Call) {
	class := c.Class.String()
	if c.Class == meetingapi.ClassNone {
		class = "ok"
	}
	m.meetingCalls.WithLabelValues(string(c.Operation), class).Inc()
	m.meetingTime.WithLabelValues(string(c.Operation)).Observe(c.Duration.Seconds())
}

// Steps observes the durable steps.
func (m *Metrics) Steps(s jobs.Step, took time.Duration, err error) {
	result := "ok"
	if err != nil {
		result = "again"
	}
	m.steps.WithLabelValues(string(s), result).Inc()
	m.stepTime.WithLabelValues(string(s)).Observe(took.Seconds())
}
