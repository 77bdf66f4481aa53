package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// ownName is our program's name among the candidates.
const ownName = "meetingbot"

// A candidate is another bot that does the same job.
type candidate struct{ name, command string }

// candidates is a flag.Value that collects flags of the form NAME=COMMAND.
type candidates []candidate

// String returns the names.
func (c *candidates) String() string {
	var names []string
	for _, one := range *c {
		names = append(names, one.name)
	}
	return strings.Join(names, ", ")
}

// Set adds a candidate.
func (c *candidates) Set(value string) error {
	name, command, ok := strings.Cut(value, "=")
	if !ok || name == "" || command == "" {
		return fmt.Errorf("%q is not NAME=COMMAND", value)
	}
	*c = append(*c, candidate{name, command})
	return nil
}

// newOwner adds a person whom no bot has looked up yet.
func newOwner(w *world.World, i int) string {
	name := "o" + strconv.Itoa(i)
	id := "U0" + strings.ToUpper(name)
	w.Slack.AddUser(slacksim.User{ID: id, Name: name, RealName: "Owner " + name, Email: name + "@example.com", Locale: "en-US", TZ: "UTC"})
	w.Meeting.AddUser(meetingsim.User{UUID: "uuid-" + name, Account: name + "@corp", Name: "Owner " + name, Email: name + "@example.com"})
	return id
}

// compare has the candidates and our program do the same job in turn, and prints each of
// our figures as a ratio to the first candidate's in the same round.
func compare(ctx context.Context, f flags, out io.Writer) error {
	field := append(slices.Clone(f.candidates), candidate{ownName, f.program})
	rounds := make([]map[string]*result, f.rounds)
	for i := range rounds {
		rounds[i] = map[string]*result{}
		for _, c := range field {
			turn := f
			turn.program, turn.sockets = c.command, 1
			r, err := measure(ctx, turn)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			rounds[i][c.name] = r
		}
	}
	if f.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(rounds)
	}
	return printRatios(out, f, field, rounds)
}

// printRatios prints the median of every figure for each candidate, and the ratio of ours
// to the first candidate's: median, minimum and maximum over all rounds.
func printRatios(out io.Writer, f flags, field []candidate, rounds []map[string]*result) error {
	first := field[0].name
	fmt.Fprintf(out, "%s; %d rounds in turn\n", f, f.rounds)
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\t")
	for _, c := range field {
		fmt.Fprint(t, c.name, "\t")
	}
	fmt.Fprintf(t, "× %s\tmin–max\t\n", first)
	for _, name := range figureNames(rounds[0][first]) {
		fmt.Fprint(t, name, "\t")
		for _, c := range field {
			fmt.Fprintf(t, "%.1f\t", median(rounds, func(r map[string]*result) float64 { return r[c.name].figure(name) }))
		}
		ratio := func(r map[string]*result) float64 { return r[ownName].figure(name) / r[first].figure(name) }
		all := make([]float64, 0, len(rounds))
		for _, r := range rounds {
			all = append(all, ratio(r))
		}
		fmt.Fprintf(t, "%.2f\t%.2f–%.2f\t\n", median(rounds, ratio), slices.Min(all), slices.Max(all))
	}
	return t.Flush()
}

func median(rounds []map[string]*result, of func(map[string]*result) float64) float64 {
	all := make([]float64, 0, len(rounds))
	for _, r := range rounds {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// figureNames returns the names of the figures to compare.
func figureNames(r *result) []string {
	names := []string{"CPU-s per 1,000", "cancellations/s", "peak MiB", "start to hello, ms"}
	if r.IdleRSS > 0 {
		names = append(names, "idle CPU, %", "idle MiB")
	}
	for _, s := range r.Spans {
		names = append(names, s.Name+", p50 ms", s.Name+", p99 ms")
	}
	return names
}

// figure returns the value for a name from figureNames.
func (r *result) figure(name string) float64 {
	switch name {
	case "CPU-s per 1,000":
		return r.CPUPer1000
	case "cancellations/s":
		return r.PerSecond
	case "peak MiB":
		return r.PeakRSS
	case "start to hello, ms":
		return r.ToHello
	case "idle CPU, %":
		return r.IdleCPU
	case "idle MiB":
		return r.IdleRSS
	}
	for _, s := range r.Spans {
		switch name {
		case s.Name + ", p50 ms":
			return s.P50
		case s.Name + ", p99 ms":
			return s.P99
		}
	}
	return 0
}
