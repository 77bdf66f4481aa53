package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// A result is the result of one run. Times are in milliseconds, memory is in MiB.
type result struct {
	Flags      string             `json:"run"`
	ToHello    float64            `json:"start_to_two_hellos_ms"`
	IdleCPU    float64            `json:"idle_cpu_percent,omitempty"`
	IdleRSS    float64            `json:"idle_rss_mib,omitempty"`
	PerSecond  float64            `json:"cancellations_per_second"`
	CPUPer1000 float64            `json:"cpu_seconds_per_1000"`
	PeakRSS    float64            `json:"peak_rss_mib"`
	SlackCalls float64            `json:"slack_calls_per_cancellation"`
	Meeting    float64            `json:"meeting_calls_per_cancellation"`
	Methods    map[string]float64 `json:"calls_per_cancellation"`
	History    float64            `json:"history_answered_ms"`
	Spans      []span             `json:"spans"`
}

// A span summarizes how long something took, over all cancellations.
type span struct {
	Name          string  `json:"name"`
	P50, P99, Max float64 `json:",omitempty"`
	First         float64 `json:"first"`
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// add computes the spans from the journals of both services.
func (r *result) add(jobs []job, slack []slacksim.Call, meeting []meetingsim.Entry, n int) {
	r.Methods = map[string]float64{}
	posted, updated := map[string]map[string]time.Time{}, map[string][]time.Time{}
	calls := 0
	for _, c := range slack {
		if c.Method == "apps.connections.open" || c.Method == "socket" || c.Method == "auth.test" {
			continue
		}
		calls++
		r.Methods[c.Method] += 1 / float64(n)
		id, kind := about(c)
		switch c.Method {
		case "chat.postMessage":
			if posted[id] == nil {
				posted[id] = map[string]time.Time{}
			}
			posted[id][kind] = c.At.Add(c.Duration)
		case "chat.update":
			updated[id] = append(updated[id], c.At.Add(c.Duration))
		}
	}
	for _, e := range meeting {
		r.Methods[e.Operation] += 1 / float64(n)
	}
	r.SlackCalls, r.Meeting = float64(calls)/float64(n), float64(len(meeting))/float64(n)
	deleted := deletes(meeting)
	r.span("ack of the command", jobs, func(j job) time.Duration { return j.ackTyped })
	r.span("ack of the click", jobs, func(j job) time.Duration { return j.ackClick })
	r.span("command → card", jobs, func(j job) time.Duration { return posted[j.meeting]["card"].Sub(j.typed) })
	r.span("click → Working…", jobs, func(j job) time.Duration { return slices.MinFunc(updated[j.meeting], time.Time.Compare).Sub(j.clicked) })
	r.span("click → DELETE arrives", jobs, func(j job) time.Duration { return deleted[j.meeting].Sub(j.clicked) })
	r.span("click → final card", jobs, func(j job) time.Duration { return slices.MaxFunc(updated[j.meeting], time.Time.Compare).Sub(j.clicked) })
	r.span("click → owner's message", jobs, func(j job) time.Duration { return posted[j.meeting]["owner"].Sub(j.clicked) })
	r.span("click → thread reply", jobs, func(j job) time.Duration { return posted[j.meeting]["thread"].Sub(j.clicked) })
}

func (r *result) span(name string, jobs []job, of func(job) time.Duration) {
	all := make([]float64, len(jobs))
	for i, j := range jobs {
		all[i] = ms(of(j))
	}
	first := all[0]
	slices.Sort(all)
	at := func(q float64) float64 { return all[min(len(all)-1, int(q*float64(len(all))))] }
	r.Spans = append(r.Spans, span{Name: name, P50: at(.5), P99: at(.99), Max: all[len(all)-1], First: first})
}

// askHistory measures how long a person waits for the history of their requests, without
// delays.
func (r *result) askHistory(ctx context.Context, w *world.World, people []string) error {
	w.Slack.Delay(0)
	person := people[len(people)-1]
	before := len(w.Slack.Calls("response_url"))
	began := time.Now()
	if err := w.Slack.Type(person, "C0P"+person[len("U0P"):], "/cancel-meeting history").Wait(ctx); err != nil {
		return err
	}
	err := w.Await(ctx, "the history", func() bool { return len(w.Slack.Calls("response_url")) > before })
	r.History = ms(time.Since(began))
	return err
}

// print writes the result as a table.
func (r *result) print(out io.Writer) error {
	fmt.Fprintln(out, r.Flags)
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "ms\tp50\tp99\tmax\tfirst\t")
	for _, s := range r.Spans {
		fmt.Fprintf(t, "%s\t%.1f\t%.1f\t%.1f\t%.1f\t\n", s.Name, s.P50, s.P99, s.Max, s.First)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%.0f cancellations/s; %.1f CPU-s per 1000; peak %.0f MiB; start to hello on both sockets %.0f ms\n",
		r.PerSecond, r.CPUPer1000, r.PeakRSS, r.ToHello)
	if r.IdleRSS > 0 {
		fmt.Fprintf(out, "idle: %.2f %% of a core, %.0f MiB\n", r.IdleCPU, r.IdleRSS)
	}
	fmt.Fprintf(out, "history answered after %.1f ms\n", r.History)
	names := make([]string, 0, len(r.Methods))
	for name, n := range r.Methods {
		names = append(names, fmt.Sprintf("%s %.2f", name, n))
	}
	slices.Sort(names)
	_, err := fmt.Fprintf(out, "calls per cancellation: Slack %.2f, meeting service %.2f (%s)\n", r.SlackCalls, r.Meeting, strings.Join(names, ", "))
	return err
}

// used is the resources that a process has used so far.
type used struct {
	cpu       time.Duration
	rss, peak float64
}

// usage adds up the usage of all processes; the peak is the largest one. Without /proc,
// everything is 0.
func usage(all []*world.Process) (sum used) {
	for _, p := range all {
		u := usageOf(p.Pid())
		sum.cpu += u.cpu
		sum.rss += u.rss
		sum.peak = max(sum.peak, u.peak)
	}
	return sum
}

func usageOf(pid int) (u used) {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		// The fields after the last closing bracket, because the name before it may contain anything.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		u.cpu = time.Duration(user+system) * 10 * time.Millisecond
	}
	if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
		for line := range strings.Lines(string(status)) {
			if f := strings.Fields(line); len(f) == 3 && f[2] == "kB" {
				kb, _ := strconv.ParseFloat(f[1], 64)
				switch f[0] {
				case "VmRSS:":
					u.rss = kb / 1024
				case "VmHWM:":
					u.peak = kb / 1024
				}
			}
		}
	}
	return u
}
