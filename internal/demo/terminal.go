package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"meetingbot/internal/demo/stage"
)

// patience is how long an answer is waited for. The bot itself gives up waiting
// for a silent Meeting service long before.
const patience = 45 * time.Second

// errNotDone is returned by a terminal that was asked for something that could
// not be done. What it was stands in the output.
var errNotDone = errors.New("something could not be done")

// A terminal is the workspace as lines of text, with one person at the keyboard.
type terminal struct {
	hand
	out  io.Writer
	echo bool // repeat what was read: nobody saw it being typed
	stay bool // go on showing what happens after the last line

	shown   map[string]string // text of what was printed, by key
	calls   int               // entries of the journal that were printed
	effects int
	pending *act             // what the last line asked for; nil once it has settled
	late    <-chan time.Time // when it is given up
	failed  bool
	asking  bool  // the prompt stands on the last line
	deaf    error // nobody reads what is printed
}

func newTerminal(st *stage.Stage, out io.Writer) *terminal {
	return &terminal{
		hand: hand{Stage: st, typed: map[string]map[string]string{}}, out: out, shown: map[string]string{},
	}
}

// run carries out the lines of in, each when the one before has settled, and
// shows what happens meanwhile. It ends with in or with ctx.
func (t *terminal) run(ctx context.Context, in io.Reader) error {
	slackPulse, stopSlack := t.Slack.Watch()
	defer stopSlack()
	meetingPulse, stopMeetings := t.Meetings.Watch()
	defer stopMeetings()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines := readLines(ctx, in)
	for {
		t.settle(t.show())
		if t.deaf != nil {
			return t.deaf
		}
		select {
		case line, more := <-t.ready(lines):
			switch {
			case more:
				t.obey(line)
			case !t.stay:
				return t.outcome()
			default:
				lines = nil
			}
		case <-t.late:
			t.complain(fmt.Errorf("no answer within %v", patience))
			t.pending, t.late = nil, nil
		case <-slackPulse:
		case <-meetingPulse:
		case <-t.Bot.Died():
			if ctx.Err() != nil { // the signal that ends us has reached it first
				return context.Cause(ctx)
			}
			return fmt.Errorf("the bot has ended:\n%s", t.Bot.Log())
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// settle ends the act that was waited for once all that it leads to can be seen.
func (t *terminal) settle(now []sight) {
	if t.pending == nil || !t.pending.settled(now) {
		return
	}
	if word := t.pending.refused(); word != "" {
		t.complain(fmt.Errorf("refused by Slack: %s", word))
	}
	t.pending, t.late = nil, nil
}

// ready returns the lines if the next one may be read now.
func (t *terminal) ready(lines <-chan string) <-chan string {
	if t.pending != nil || lines == nil {
		return nil
	}
	t.prompt()
	return lines
}

func (t *terminal) outcome() error {
	if t.asking {
		t.printf("\n")
	}
	if t.failed {
		return errNotDone
	}
	return nil
}

// obey begins what a line asks for.
func (t *terminal) obey(line string) {
	t.asking = false
	if t.echo {
		t.printf("> %s\n", line)
	}
	o, err := parseOrder(line)
	if err == nil && o.verb == verbHelp {
		t.printf(help, names())
		return
	}
	var a *act
	if err == nil {
		a, err = t.do(o)
	}
	if err != nil {
		t.complain(err)
		return
	}
	t.pending, t.late = a, time.After(patience)
}

// complain says that something could not be done.
func (t *terminal) complain(err error) {
	t.failed = true
	t.printf("! %v\n", err)
}

// maxLine is the longest line that is read, in bytes.
const maxLine = 1 << 20

// readLines reads in to its end, or until ctx ends and one more line comes: a
// read of a terminal can't be broken off.
func readLines(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		s := bufio.NewScanner(in)
		s.Buffer(nil, maxLine)
		for s.Scan() {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}
