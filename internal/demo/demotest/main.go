package demotest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"testing"

	"meetingbot/internal/config"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/service"
)

// serve is the argument that turns a test binary into the bot.
const serve = "serve"

// Main is the TestMain for packages that start [Program].
func Main(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == serve {
		os.Exit(bot())
	}
	os.Exit(m.Run())
}

// Program returns the bot's command line for stage.Options.
func Program(tb testing.TB) []string {
	tb.Helper()
	program, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return []string{program, serve}
}

// OwnTemp gives the test and the processes it starts their own, empty directory for
// temporary files.
func OwnTemp(tb testing.TB) {
	tb.Helper()
	dir := tb.TempDir()
	for _, name := range []string{"TMPDIR", "TMP"} { // Unix, Windows
		tb.Setenv(name, dir)
	}
}

// bot runs the bot, like main without a subcommand.
func bot() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cfg, err := config.Load(os.Environ())
	if err == nil {
		cfg.PerMinute = stage.PerMinute
		err = service.Run(stage.ContextUntilEOF(ctx, os.Stdin), cfg, "test", slog.New(slog.NewTextHandler(os.Stderr, nil)))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
