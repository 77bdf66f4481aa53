// Bench measures the whole job: from the command to the owner's message, with the
// real program as a separate process between the two simulators, and a chosen delay
// on every call to either service. It prints what people feel and what it costs.
//
//	go build . && go run ./internal/bench -program ./meetingbot -slack 100ms -meeting 80ms -n 100
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// flags are the command line's options.
type flags struct {
	program  string
	database string
	slack    time.Duration
	meeting  time.Duration
	n, at    int
	replicas int
	history  int
	idle     time.Duration
	json     bool

	candidates candidates
	rounds     int
	sockets    int // how many sockets mean that the program is ready
}

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var f flags
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.StringVar(&f.program, "program", "", "the built program (required)")
	set.StringVar(&f.database, "database", "", "DATABASE_URL; empty is a fresh SQLite file")
	set.DurationVar(&f.slack, "slack", 0, "delay on every Slack call")
	set.DurationVar(&f.meeting, "meeting", 0, "delay on every meeting call")
	set.IntVar(&f.n, "n", 100, "cancellations")
	set.IntVar(&f.at, "at", 1, "how many at once")
	set.IntVar(&f.replicas, "replicas", 1, "how many copies of the program run; more than one need -database")
	set.IntVar(&f.history, "history", 0, "how many cancellations the database holds already")
	set.DurationVar(&f.idle, "idle", 0, "watch the program do nothing for so long first")
	set.BoolVar(&f.json, "json", false, "print JSON")
	set.Var(&f.candidates, "candidate", "another bot to compare with, as NAME=COMMAND; may be repeated, the first is what ratios are to")
	set.IntVar(&f.rounds, "rounds", 3, "with -candidate: how often each takes its turn")
	if err := set.Parse(args); err != nil {
		return err
	}
	if f.program == "" {
		return fmt.Errorf("-program is missing: go build . && go run ./internal/bench -program ./meetingbot")
	}
	if f.replicas < 1 || f.replicas > 5 || f.replicas > 1 && f.database == "" {
		return fmt.Errorf("-replicas is from 1 to 5, and more than one need -database: a SQLite file is for one")
	}
	if len(f.candidates) > 0 {
		return compare(ctx, f, out)
	}
	f.sockets = 2
	r, err := measure(ctx, f)
	if err != nil {
		return err
	}
	if f.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	return r.print(out)
}
