package demo

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"meetingbot/internal/demo/page"
	"meetingbot/internal/demo/stage"
)

// Exit codes of [Run].
const (
	exitClean = 0
	exitFault = 1 // also if a line of a script could not be executed
	exitUsage = 2
)

const usage = `meetingbot demo lets you try the bot without any accounts: the real bot runs
between a simulated Slack and a simulated Meeting service, in this terminal and
in your browser. It ends with quit, ctrl-C, or the end of its input.

`

// Run runs the subcommand: it lets a person talk to the bot until stdin or ctx ends, and
// returns the exit code.
func Run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("meetingbot demo", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	address := flags.String("addr", "127.0.0.1:8080", "loopback address of the page; if the port is taken, the next free one")
	stay := flags.Bool("stay", false, "keep the page running after the input ends, until ctrl-C")
	verbose := flags.Bool("v", false, "print the bot's log to standard error")
	open := flags.Bool("open", false, "also print the two services' addresses and tokens, for other clients and bots")
	noBot := flags.Bool("nobot", false, "leave the bot out, so that yours can take its place; implies -open")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return exitClean
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is not an option", flags.Arg(0))
	}
	page, addressErr := parseAddress(*address)
	if err = cmp.Or(err, addressErr); err != nil {
		fmt.Fprintf(stderr, "meetingbot demo: %v; try meetingbot demo --help\n", err)
		return exitUsage
	}
	// Without this, SIGPIPE would kill the program when its reader goes away, as head does.
	// With it, writing fails and everything is cleaned up.
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	defer signal.Stop(pipe)
	d := demo{page: page, stay: *stay, verbose: *verbose, plain: slices.Contains(environ, "TERM=dumb"), stdin: stdin, stdout: stdout, stderr: stderr}
	d.stage = stage.Options{Open: *open || *noBot, NoBot: *noBot}
	err = d.run(ctx)
	if err == nil || errors.Is(err, context.Canceled) {
		return exitClean
	}
	fmt.Fprintln(stderr, "meetingbot:", err)
	return exitFault
}

// A demo is one run of the subcommand.
type demo struct {
	stage          stage.Options
	page           netip.AddrPort // to listen on
	stay           bool
	verbose        bool // print the bot's log
	plain          bool // the terminal can't move its cursor
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run opens the stage and both views of it, runs the terminal, and closes everything.
func (d *demo) run(ctx context.Context) (err error) {
	first := starting
	if d.stage.NoBot {
		first = startingWithoutBot
	}
	if _, err := fmt.Fprint(d.stdout, first); err != nil { // first, because the rest takes a moment
		return err
	}
	if d.stage.Program == nil {
		program, err := os.Executable()
		if err != nil {
			return err
		}
		d.stage.Program = []string{program, "demo", botArgument}
	}
	keys, err := openKeyboard(d.stdin, d.stdout, d.plain)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keys.close()) }()
	if d.verbose {
		d.stage.Log = keys.around(d.stderr)
	}
	l, err := listen(ctx, d.page)
	if err != nil {
		return err
	}
	st, err := stage.Open(ctx, d.stage)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	closePage, err := serve(st, l)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, closePage()) }()
	if err := d.greet(keys, st, l.Addr()); err != nil {
		return err
	}
	t := newTerminal(st, keys)
	t.stay, t.foreign = d.stay, d.stage.NoBot
	return t.run(ctx)
}

// greet prints what to type, where the page is, and what other clients need.
func (d *demo) greet(w io.Writer, st *stage.Stage, page net.Addr) error {
	you, _ := stage.Find(stage.You)
	owner, _ := stage.Find("carol")
	text := fmt.Sprintf(opening, you.Clock(), owner.Clock(), page)
	if d.stage.NoBot {
		text = fmt.Sprintf(openingWithoutBot, you.Clock(), page)
	}
	if d.stage.Open {
		text += fmt.Sprintf(openDoors, strings.Join(st.Environ(), "\n"))
	}
	_, err := io.WriteString(w, text)
	return err
}

// serve serves the page at l until the returned function is called.
func serve(st *stage.Stage, l net.Listener) (closePage func() error, err error) {
	p, err := page.New(st)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) }) // ends with Close
	return func() error {
		err := server.Close()
		p.Close()
		serving.Wait()
		return err
	}, nil
}
