package demo

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"meetingbot/internal/demo/page"
	"meetingbot/internal/demo/stage"
)

// Exit codes of [Run].
const (
	exitClean = 0
	exitFault = 1 // also: something that was asked for could not be done
	exitUsage = 2
)

const usage = `meetingbot demo lets you try the bot with nothing but this program: the real bot
runs between a simulated Slack and a simulated Meeting service, here in the
terminal and on a page in the browser. It ends with its input or with ctrl-C.

`

const help = `
What you can type:
    /cancel-meeting 914087436    a command; /cancel-meeting help says what else there is
    1                            press the button [1] of the newest message that has buttons
    4 1,3                        choose options 1 and 3 in the menu [4]
    4 the room is flooded        fill the input [4]
    good morning                 a message
    !                            the message shortcut “Cancel this meeting” on the newest message
    @carol 1                     any of these as Carol; there are %s
`

// Run is the subcommand: it lets the reader of stdout talk to the bot until
// stdin ends or ctx does, and returns the program's exit code.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("meetingbot demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {} // what is wrong is said without all that would be right
	address := flags.String("addr", "127.0.0.1:8080", "address of the page, on loopback; if it is taken, the next free port")
	stay := flags.Bool("stay", false, "go on for the page after the last line, until ctrl-C")
	verbose := flags.Bool("v", false, "print the bot's log to standard error")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return exitClean
	case err != nil:
		fmt.Fprintln(stderr, "meetingbot: try meetingbot demo --help")
		return exitUsage
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "meetingbot: demo takes no argument %q\n", flags.Arg(0))
		return exitUsage
	}
	// A reader that leaves, as head does, is an error of writing, and all is
	// cleaned up; without this it would be the end at once.
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	defer signal.Stop(pipe)
	d := demo{address: *address, stay: *stay, stdin: stdin, stdout: stdout}
	if *verbose {
		d.stage.Log = stderr
	}
	err := d.run(ctx)
	if err == nil || errors.Is(err, context.Canceled) {
		return exitClean
	}
	fmt.Fprintln(stderr, "meetingbot:", err)
	return exitFault
}

// A demo is what one run of the subcommand needs.
type demo struct {
	stage   stage.Options
	address string
	stay    bool
	stdin   io.Reader
	stdout  io.Writer
}

// run opens the stage and both ways to look at it, and closes all of it again.
func (d *demo) run(ctx context.Context) (err error) {
	if d.stage.Program == nil {
		program, err := os.Executable()
		if err != nil {
			return err
		}
		d.stage.Program = []string{program, "serve"}
	}
	l, err := listen(ctx, d.address)
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
	if _, err := fmt.Fprintf(d.stdout, opening, l.Addr()); err != nil {
		return err
	}
	t := newTerminal(st, d.stdout)
	t.echo, t.stay = !typedByHand(d.stdin), d.stay
	return t.run(ctx, d.stdin)
}

// serve shows the page at l until the function it returns is called.
func serve(st *stage.Stage, l net.Listener) (closePage func() error, err error) {
	p, err := page.New(st)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) }) // it ends by Close
	return func() error {
		err := server.Close()
		p.Close()
		serving.Wait()
		return err
	}, nil
}

// opening says what to type.
const opening = `You are Ana in #general, and may cancel any meeting. Type: /cancel-meeting 914087436
Then type 1 to press the first button, or @bob 1 to press it as Bob. Type ? for all there is.
The same workspace is a page in the browser, with the other side and faults to try: http://%s
`

// typedByHand reports whether somebody sees what they type.
func typedByHand(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
