package demo

import (
	"context"
	"flag"
	"fmt"
	"io"
)

// Exit codes of [Run].
const (
	exitClean = 0
	exitFault = 1
	exitUsage = 2
)

// Run is the subcommand: it lets the reader of stdout talk to the bot until
// stdin ends or ctx does, and returns the program's exit code.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	fmt.Fprintln(stderr, "meetingbot: the demo is not there yet")
	return exitFault
}
