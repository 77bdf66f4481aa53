// Meetingbot cancels Huawei Cloud meetings from Slack: it shows which meeting is
// meant, asks with buttons, and tells everybody who needs to know.
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
	"syscall"
	_ "time/tzdata" // so that people's days are right on machines without zone files

	"golang.org/x/term"

	"meetingbot/internal/audit"
	"meetingbot/internal/config"
	"meetingbot/internal/demo"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/doctor"
	"meetingbot/internal/lossy"
	"meetingbot/internal/service"
)

// Exit codes.
const (
	exitClean  = 0
	exitFault  = 1
	exitConfig = 2 // the configuration, or the command line
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

// run is the program, with everything it needs from outside as parameters.
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
			return configured(environ, stderr, func(cfg config.Config) int { return serve(stage.Bound(ctx, stdin), demo.Generous(cfg), stderr) })
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
	fmt.Fprintf(stderr, "meetingbot: unknown subcommand %q; try meetingbot help\n", name)
	return exitConfig
}

// plain are the subcommands without arguments.
var plain = []string{"serve", "version", "--version", "-v", "help", "--help", "-h"}

// helpWanted maps the other ways to ask for help to the ones that are served: help audit
// verify, and audit verify help, are audit verify --help.
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

// configured reads the configuration, or prints everything that is wrong with it.
func configured(environ []string, stderr io.Writer, f func(config.Config) int) int {
	cfg, err := config.Load(environ)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitConfig
	}
	return f(cfg)
}

// serve runs the bot until a signal, or an error that somebody has to fix.
func serve(ctx context.Context, cfg config.Config, stderr io.Writer) int {
	// The log's reader may go away: journald restarts, a pipe closes. By default
	// the next line would then kill the program; losing a line is better. It may also
	// stop reading, which would stop the program at its next line.
	signal.Ignore(syscall.SIGPIPE)
	log := logger(cfg, stderr)
	slog.SetDefault(log)
	for _, v := range cfg.Unread {
		log.WarnContext(ctx, "a variable looks like one of ours but is not read", "name", v.Name, "do_you_mean", v.Meant)
	}
	if err := service.Run(ctx, cfg, version(), log); err != nil && !errors.Is(err, context.Canceled) {
		log.ErrorContext(ctx, "meetingbot stops", "error", err)
		if service.IsConfiguration(err) {
			return exitConfig
		}
		return exitFault
	}
	return exitClean
}

// logger writes lines for people on a terminal, and JSON for machines elsewhere.
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
		slog.New(handler(&line)).Warn("log lines were lost: whoever reads the log had stopped", "lines", lost)
		return line.Bytes()
	})))
}

// withUnit writes a duration in milliseconds under a key that says so: JSON would
// have a bare number of nanoseconds.
func withUnit(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindDuration {
		return a
	}
	return slog.Float64(a.Key+"_ms", float64(a.Value.Duration().Microseconds())/1e3)
}

// release is the version that the linker sets in a release build; otherwise empty.
var release string

// version is the release, the module's version, or the commit it was built from.
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
