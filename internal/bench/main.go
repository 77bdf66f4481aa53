// Bench measures the whole job, from the command to the message to the owner. The real
// program runs as a separate process between the two simulators, which add a given delay
// to every call. Bench prints how long people wait and what resources it takes.
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
	sockets    int // the number of sockets at which the program is ready
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
	set.StringVar(&f.database, "database", "", "DATABASE_URL; empty: a new SQLite file")
	set.DurationVar(&f.slack, "slack", 0, "delay on every Slack call")
	set.DurationVar(&f.meeting, "meeting", 0, "delay on every meeting call")
	set.IntVar(&f.n, "n", 100, "cancellations")
	set.IntVar(&f.at, "at", 1, "how many at once")
	set.IntVar(&f.replicas, "replicas", 1, "how many copies of the program to run; more than one needs -database")
	set.IntVar(&f.history, "history", 0, "how many past cancellations the database has")
	set.DurationVar(&f.idle, "idle", 0, "first measure the idle program for this long")
	set.BoolVar(&f.json, "json", false, "print JSON")
	set.Var(&f.candidates, "candidate", "another bot to compare with, as NAME=COMMAND; may be repeated, ratios are relative to the first")
	set.IntVar(&f.rounds, "rounds", 3, "with -candidate: how many turns each takes")
	if err := set.Parse(args); err != nil {
		return err
	}
	if f.program == "" {
		return fmt.Errorf("-program is missing: go build . && go run ./internal/bench -program ./meetingbot")
	}
	if f.replicas < 1 || f.replicas > 5 || f.replicas > 1 && f.database == "" {
		return fmt.Errorf("-replicas must be 1 to 5, and more than one needs -database: a SQLite file belongs to one process")
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
