package doctor

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"sync"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
)

// Exit codes.
const (
	exitClean  = 0
	exitFault  = 1
	exitConfig = 2
)

const usage = `Checks that everything is set up right, says what is wrong and what to do, and changes nothing.

  meetingbot doctor [--json]

It reads the same variables as the bot, and may run beside it. It logs in at the
meeting service, and opens one socket to Slack for a moment.
Exit codes: 0 nothing failed, 1 something did, 2 the configuration is wrong.
`

// Run checks the set-up that environ describes and prints a line for each thing
// it finds. It returns the exit code: 0 nothing failed, 1 something did, 2 the
// configuration or the command line is wrong.
func Run(ctx context.Context, args, environ []string, version string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("doctor", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	asJSON := f.Bool("json", false, "")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitClean
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("%q is no option", f.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(stderr, "meetingbot doctor: %v; try meetingbot doctor --help\n", err)
		return exitConfig
	}
	r := report{Version: version, Result: ok}
	cfg, found, valid := configuration(environ)
	r.add("configuration", found)
	if valid {
		examine(ctx, cfg, &r, limit)
	}
	if err := r.print(stdout, *asJSON); err != nil {
		fmt.Fprintln(stderr, "meetingbot doctor:", err)
		return exitFault
	}
	switch {
	case !valid:
		return exitConfig
	case r.Result == fail:
		return exitFault
	}
	return exitClean
}

// configuration reads the variables, and finds a line for each fault.
func configuration(environ []string) (cfg config.Config, found []finding, valid bool) {
	cfg, err := config.Load(environ)
	var faults *config.Faults
	switch {
	case errors.As(err, &faults):
		for _, f := range faults.List {
			found = append(found, wrong(f.Name+" "+f.Wrong, f.Hint))
		}
		return cfg, append(found, doubtful("nothing else was checked", "mend the configuration first")), false
	case err != nil:
		return cfg, []finding{wrong(err.Error(), "")}, false
	}
	for _, name := range cfg.Unread {
		found = append(found, doubtful(name+" looks like one of our variables, but is none", "check its spelling, or leave it out"))
	}
	if cfg.ConfirmTTL >= cancellation.ResponseLife {
		found = append(found, doubtful(
			fmt.Sprintf("CONFIRM_TTL is %v: where the bot is no member of the channel, Slack lets it change a card for half an hour only, so one that expires later keeps its buttons until somebody presses one",
				cfg.ConfirmTTL), "nothing is done by such a button; invite the bot to its channels, or choose less than 30m"))
	}
	login := "with an App ID"
	if !cfg.AppLogin() {
		login = "with an account"
	}
	return cfg, append(found, good("complete; the meeting service is entered "+login)), true
}

// limit is how long one check may take.
const limit = 15 * time.Second

// examine runs all checks at once and takes up their findings in a fixed order.
func examine(ctx context.Context, cfg config.Config, r *report, limit time.Duration) {
	t := &times{}
	s := newSlack(cfg, t)
	var database, token, scopes, socket, meetings, owners, lists []finding
	var all sync.WaitGroup
	check := func(into *[]finding, look func(context.Context) []finding) {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			*into = look(ctx)
		})
	}
	check(&database, func(ctx context.Context) []finding { return lookAtDatabase(ctx, cfg) })
	check(&socket, func(ctx context.Context) []finding { return s.socket(ctx, limit) })
	check(&meetings, func(ctx context.Context) []finding { return lookAtMeetings(ctx, cfg, r.Version, t) })
	check(&token, func(ctx context.Context) []finding {
		found, id, known := s.token(ctx)
		if !known {
			skipped := []finding{doubtful("not checked", "mend the bot token first")}
			scopes, owners, lists = skipped, skipped, skipped
			return found
		}
		scopes = s.scopes(id)
		check(&owners, s.owners)
		check(&lists, s.lists)
		return found
	})
	all.Wait()
	r.add("clock", t.findings())
	r.add("database", database)
	r.add("bot token", token)
	r.add("scopes", scopes)
	r.add("app token", append(socket, s.sameApp()...))
	r.add("meeting service", meetings)
	r.add("owner map", owners)
	r.add("allow lists", lists)
}
