package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/meetingsim"
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

	shown   map[string]string // text of what was printed, by key
	calls   int               // entries of the journal that were printed
	effects int
	failed  bool
	asking  bool  // the prompt stands on the last line
	deaf    error // nobody reads what is printed
}

func newTerminal(st *stage.Stage, out io.Writer, echo bool) *terminal {
	return &terminal{
		hand: hand{Stage: st, typed: map[string]map[string]string{}}, out: out, echo: echo, shown: map[string]string{},
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
	var a *act
	var late <-chan time.Time
	for {
		now := t.show()
		ready := lines
		if a != nil && !a.settled(now) {
			ready = nil
		} else if a != nil {
			t.ended(a)
			a, late = nil, nil
		}
		if ready != nil {
			t.prompt()
		}
		if t.deaf != nil {
			return t.deaf
		}
		select {
		case line, more := <-ready:
			t.asking = false
			if !more {
				return t.outcome()
			}
			if a = t.obey(line); a != nil {
				late = time.After(patience)
			}
		case <-late:
			t.complain(fmt.Errorf("no answer within %v", patience))
			a, late = nil, nil
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

func (t *terminal) outcome() error {
	if t.failed {
		return errNotDone
	}
	return nil
}

// prompt asks whoever types by hand for the next line.
func (t *terminal) prompt() {
	if !t.echo && !t.asking {
		t.printf("> ")
		t.asking = true
	}
}

// printf writes over a prompt that stands there.
func (t *terminal) printf(format string, args ...any) {
	if t.asking {
		format = "\r" + format
		t.asking = false
	}
	if _, err := fmt.Fprintf(t.out, format, args...); err != nil {
		t.deaf = err
	}
}

// obey begins what a line asks for; nil if there is nothing to wait for.
func (t *terminal) obey(line string) *act {
	if t.echo {
		t.printf("> %s\n", line)
	}
	o, err := parseOrder(line)
	if err != nil {
		t.complain(err)
		return nil
	}
	if o.verb == verbHelp {
		t.printf(help, names())
		return nil
	}
	a, err := t.do(o)
	if err != nil {
		t.complain(err)
		return nil
	}
	return a
}

// ended looks back at an act.
func (t *terminal) ended(a *act) {
	if word := a.refused(); word != "" {
		t.complain(fmt.Errorf("refused by Slack: %s", word))
	}
}

// complain says that something could not be done.
func (t *terminal) complain(err error) {
	t.failed = true
	t.printf("! %v\n", err)
}

// show prints what is new since it was called last, and returns all there is:
// first what has changed, then what arrived at the Meeting service, then new
// messages, which is the order in which one leads to the other.
func (t *terminal) show() []sight {
	all := look(t.Stage)
	var fresh []sight
	for _, s := range all {
		before, old := t.shown[s.key]
		t.shown[s.key] = s.text()
		switch {
		case !old:
			fresh = append(fresh, s)
		case before != s.text():
			t.write("(changed) "+s.heading, s)
		}
	}
	t.showCalls()
	for _, s := range fresh {
		t.write(s.heading, s)
	}
	return all
}

func (t *terminal) write(heading string, s sight) {
	t.printf("%s\n", heading)
	for _, line := range s.lines {
		t.printf("    %s\n", line)
	}
}

// showCalls prints the calls that ask the Meeting service to remove something,
// and what they have changed.
func (t *terminal) showCalls() {
	calls := t.Meetings.Journal()
	for _, c := range calls[t.calls:] {
		if removes(c.Operation) {
			t.printf("Meeting service received: %s\n", request(c))
		}
	}
	t.calls = len(calls)
	effects := t.Meetings.Effects()
	for _, e := range effects[t.effects:] {
		m, _ := t.Meetings.Meeting(e.Meeting)
		t.printf("Meeting service did: %s of %s, “%s”\n", e.Kind, e.Meeting, m.Subject)
	}
	t.effects = len(effects)
}

func removes(operation string) bool {
	switch operation {
	case meetingsim.OpCancel, meetingsim.OpCancelSeries, meetingsim.OpCancelOccurrence:
		return true
	}
	return false
}

// request is a call as it came over the wire.
func request(c meetingsim.Entry) string {
	text := c.Method + " " + c.Path
	if c.Query != "" {
		text += "?" + c.Query
	}
	return strings.TrimSpace(text + " " + c.Body)
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
