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

const exitClean, exitFault, exitConfig = 0, 1, 2

const usage = `Checks that everything is set up correctly, says what is wrong and how to fix it, and changes nothing.

  meetingbot doctor [--json] [--views]

It reads the same variables as the bot and can run next to it. It logs in to the
meeting service and briefly opens one socket to Slack.
With --views it also asks Slack to validate everything the bot can show, in every
language, without showing it to anyone. That can take half an hour: Slack limits how
many it validates per minute.
Exit codes: 0 nothing failed, 1 something did, 2 the configuration is wrong.
`

// Run checks the setup that environ describes and prints a line per finding. It returns
// the exit code: 0 nothing failed, 1 something did, 2 the configuration or the command
// line is wrong.
func Run(ctx context.Context, args, environ []string, version string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("doctor", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	asJSON, views := f.Bool("json", false, ""), f.Bool("views", false, "")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitClean
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("%q is not an option", f.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(stderr, "meetingbot doctor: %v; try meetingbot doctor --help\n", err)
		return exitConfig
	}
	r := report{Version: version, Result: ok}
	cfg, found, valid := configuration(environ)
	r.add("configuration", found)
	if valid {
		stop := announceWait(stderr)
		examine(ctx, cfg, &r, limit)
		if *views {
			r.add("views", checkViews(ctx, cfg))
		}
		stop()
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

// configuration loads the variables, and returns a finding for each fault.
func configuration(environ []string) (cfg config.Config, found []finding, valid bool) {
	cfg, err := config.Load(environ)
	if faults, ok := errors.AsType[*config.Faults](err); ok {
		for _, f := range faults.List {
			found = append(found, failed(f.Name+" "+f.Problem, f.Hint))
		}
		return cfg, append(found, warning("nothing else was checked", "fix the configuration first")), false
	}
	for _, v := range cfg.Unread {
		advice := "check its spelling, or remove it"
		if v.Meant != "" {
			advice = "did you mean " + v.Meant + "?"
		}
		found = append(found, warning(v.Name+" looks like one of our variables but is not read", advice))
	}
	if cfg.ConfirmTTL >= cancellation.ResponseLife {
		found = append(found, warning(
			fmt.Sprintf("CONFIRM_TTL is %v: in channels the bot is not a member of, Slack lets it change a card for only half an hour, so a card that expires later keeps its buttons until someone presses one",
				cfg.ConfirmTTL), "pressing it does nothing; invite the bot to its channels, or choose less than 30m"))
	}
	if cfg.DatabaseMayBePlain() {
		found = append(found, warning("DATABASE_URL has no sslmode that insists on encryption: a machine that can answer in the server's place gets the password and all data",
			"add sslmode=verify-full to it, and sslrootcert=FILE if the system doesn't trust the certificate of the database's CA"))
	}
	login := "with an App ID"
	if !cfg.AppLogin() {
		login = "with an account"
	}
	return cfg, append(found, passed("complete; logs in to the meeting service "+login)), true
}

const limit = 15 * time.Second

// announceWait writes that doctor is still checking, unless stop is called within a
// second.
func announceWait(w io.Writer) (stop func()) {
	said := make(chan struct{})
	timer := time.AfterFunc(time.Second, func() {
		defer close(said)
		fmt.Fprintf(w, "still checking; each check gives up after %v\n", limit)
	})
	return func() {
		if !timer.Stop() {
			<-said
		}
	}
}

// examine runs all checks concurrently and adds their findings in a fixed order.
func examine(ctx context.Context, cfg config.Config, r *report, limit time.Duration) {
	c := newClocks()
	s, err := newSlack(cfg, c)
	if err != nil {
		r.add("configuration", []finding{failed(err.Error(), "give the certificates in PEM form, or their file in SLACK_CA_FILE")})
		return
	}
	var database, waiting, delegations, token, scopes, socket, meetings, owners, lists []finding
	var all sync.WaitGroup
	check := func(into *[]finding, run func(context.Context) []finding) {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			*into = run(ctx)
		})
	}
	check(&database, func(ctx context.Context) []finding { return checkDatabase(ctx, cfg) })
	check(&waiting, func(ctx context.Context) []finding { return checkWaiting(ctx, cfg) })
	check(&delegations, func(ctx context.Context) []finding { return checkDelegations(ctx, cfg) })
	check(&socket, func(ctx context.Context) []finding { return s.socket(ctx, limit) })
	check(&meetings, func(ctx context.Context) []finding { return checkMeetings(ctx, cfg, r.Version, c) })
	check(&token, func(ctx context.Context) []finding {
		found, id, known := s.token(ctx)
		if !known {
			skipped := []finding{warning("not checked", "fix the bot token first")}
			scopes, owners, lists = skipped, skipped, skipped
			return found
		}
		scopes = s.scopes(id)
		check(&owners, s.owners)
		check(&lists, s.lists)
		return found
	})
	all.Wait()
	r.add("clock", c.findings())
	r.add("database", append(database, waiting...))
	r.add("bot token", token)
	r.add("scopes", scopes)
	r.add("app token", append(socket, s.sameApp()...))
	r.add("meeting service", meetings)
	r.add("owner map", owners)
	r.add("allow lists", lists)
	r.add("delegations", delegations)
}
