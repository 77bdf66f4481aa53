// Meetingbot cancels Huawei Cloud meetings from Slack: it shows the meeting, asks for
// confirmation with buttons, and tells everyone who needs to know.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // for people's time zones on machines without zone files

	"golang.org/x/term"

	"meetingbot/internal/audit"
	"meetingbot/internal/config"
	"meetingbot/internal/demo"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/doctor"
	"meetingbot/internal/lossy"
	"meetingbot/internal/service"
	"meetingbot/internal/spelling"
)

// Exit codes.
const (
	exitClean  = 0
	exitFault  = 1
	exitConfig = 2 // the configuration or the command line is wrong
)

const usage = `Meetingbot cancels Huawei Cloud meetings from Slack.

  meetingbot            run the bot; configured by the environment
  meetingbot demo       try it, with a simulated Slack and meeting service; needs nothing
  meetingbot doctor     check that everything is set up correctly; changes nothing
  meetingbot audit      who cancelled what, when and why
  meetingbot version    print the version
  meetingbot help       print this; for more: help demo, help doctor, help audit, help audit verify

Variables:
`

func main() {
	os.Exit(run(os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program, with its environment as parameters.
func run(args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	name, args = helpWanted(name, args)
	if len(args) > 0 && slices.Contains(plain, name) {
		fmt.Fprintf(stderr, "meetingbot: %s takes no arguments, but got %q; try meetingbot help\n", name, args[0])
		return exitConfig
	}
	switch name {
	case "serve":
		return configured(environ, stderr, func(cfg config.Config) int { return serve(ctx, cfg, stderr) })
	case "demo":
		if demo.IsBot(args) {
			return configured(environ, stderr, func(cfg config.Config) int {
				return serve(stage.ContextUntilEOF(ctx, stdin), demo.RaiseLimits(cfg), stderr)
			})
		}
		return demo.Run(ctx, args, environ, stdin, stdout, stderr)
	case "doctor":
		return doctor.Run(ctx, args, environ, version(), stdout, stderr)
	case "audit":
		return audit.Run(ctx, args, environ, stdout, stderr)
	case "version", "--version", "-v":
		fmt.Fprintln(stdout, "meetingbot", version())
		return exitClean
	case "help", "--help", "-h":
		fmt.Fprint(stdout, usage)
		if err := config.Usage(stdout); err != nil {
			fmt.Fprintln(stderr, "meetingbot:", err)
			return exitFault
		}
		return exitClean
	}
	hint := "try meetingbot help"
	if near, ok := spelling.Nearest(strings.ToLower(strings.TrimLeft(name, "-")), []string{"demo", "doctor", "audit", "version", "help"}); ok {
		hint = "did you mean meetingbot " + near + "?"
	}
	fmt.Fprintf(stderr, "meetingbot: unknown subcommand %q; %s\n", name, hint)
	return exitConfig
}

// plain lists the subcommands without arguments.
var plain = []string{"serve", "version", "--version", "-v", "help", "--help", "-h"}

// helpWanted rewrites the other ways to ask for help: "help audit verify" and "audit
// verify help" become "audit verify --help".
func helpWanted(name string, args []string) (string, []string) {
	words := []string{"help", "--help", "-help", "-h"}
	switch last := len(args) - 1; {
	case last < 0:
		return name, args
	case slices.Contains(words, args[last]):
		args = append(args[:last:last], "--help")
	case name == "help":
		name, args = args[0], append(args[1:len(args):len(args)], "--help")
	}
	if slices.Contains(plain, name) && len(args) == 1 && args[0] == "--help" {
		return "help", nil
	}
	return name, args
}

// configured calls f with the configuration, or prints everything that is wrong with it.
func configured(environ []string, stderr io.Writer, f func(config.Config) int) int {
	cfg, err := config.Load(environ)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitConfig
	}
	return f(cfg)
}

// serve runs the bot until a signal or an error that only a person can fix.
func serve(ctx context.Context, cfg config.Config, stderr io.Writer) int {
	// If the log's reader goes away (journald restarts, a pipe closes), SIGPIPE would
	// kill the program at its next line; losing the line is better. If the reader
	// merely stops reading, logger drops lines too, rather than block.
	signal.Ignore(syscall.SIGPIPE)
	log := logger(cfg, stderr)
	slog.SetDefault(log)
	for _, v := range cfg.Unread {
		log.WarnContext(ctx, "unknown variable, ignored", "name", v.Name, "do_you_mean", v.Meant)
	}
	if err := service.Run(ctx, cfg, version(), log); err != nil && !errors.Is(err, context.Canceled) {
		if service.IsConfigError(err) {
			return exitConfig
		}
		return exitFault
	}
	return exitClean
}

// logger logs text on a terminal and JSON elsewhere, unless cfg says otherwise.
func logger(cfg config.Config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel, ReplaceAttr: withUnit}
	text := cfg.LogFormat == "text"
	if f, ok := w.(*os.File); ok && cfg.LogFormat == "" {
		text = term.IsTerminal(int(f.Fd()))
	}
	handler := func(w io.Writer) slog.Handler {
		if text {
			return slog.NewTextHandler(w, options)
		}
		return slog.NewJSONHandler(w, options)
	}
	return slog.New(handler(lossy.New(w, func(lost int) []byte {
		var line bytes.Buffer
		slog.New(handler(&line)).Warn("log lines were lost because the log's reader had stopped", "lines", lost)
		return line.Bytes()
	})))
}

// withUnit logs a duration in milliseconds, with the unit in its key. In JSON it would
// otherwise be a bare number of nanoseconds.
func withUnit(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindDuration {
		return a
	}
	return slog.Float64(a.Key+"_ms", float64(a.Value.Duration().Microseconds())/1e3)
}

// release is the version of a release build, set by the linker.
var release string

// version returns the release, the module's version, or the commit it was built from.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(len(s.Value), 12)]
		}
	}
	return "devel"
}
