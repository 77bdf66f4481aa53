package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/demo/stage"
)

// How long to wait for an answer. The bot itself gives up on a silent Meeting service long
// before that. Waiting for the Home tab is shorter, because an app may not have one.
const (
	patience     = 45 * time.Second
	homePatience = 10 * time.Second
)

// errNotDone is returned if a line of a script could not be executed. The output says which
// one. A person at a terminal has already seen it.
var errNotDone = errors.New("some of that could not be done: the lines that begin with ! say what")

// A terminal is the workspace as lines of text, with one person at the keyboard.
type terminal struct {
	actor
	keys    *keyboard
	stay    bool // keep running after the last line
	foreign bool // another bot may connect, and may read messages

	shown    map[string]string // text that was printed, by key
	calls    int               // number of journal entries printed
	effects  int
	pending  *act             // started by the last line; nil once it has settled
	late     <-chan time.Time // when to give up on it
	limit    time.Duration    // how long to wait
	failed   bool
	quit     bool
	asking   bool  // the last line printed is a prompt
	printErr error // why printing failed
}

func newTerminal(st *stage.Stage, keys *keyboard) *terminal {
	return &terminal{actor: actor{Stage: st, atHome: map[string]bool{}, byHand: keys.byHand}, keys: keys, shown: map[string]string{}}
}

// run executes typed lines, each after the previous one has settled, and shows what happens
// in between. It ends at the end of the input, at quit or with ctx.
func (t *terminal) run(ctx context.Context) error {
	slackPulse, stopSlack := t.Slack.Watch()
	defer stopSlack()
	meetingPulse, stopMeetings := t.Meetings.Watch()
	defer stopMeetings()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines := t.keys.lines(ctx)
	for {
		t.settle(t.show())
		if t.printErr != nil {
			return t.printErr
		}
		if t.quit {
			return t.outcome()
		}
		select {
		case line, more := <-t.ready(lines):
			switch {
			case more:
				t.execute(line)
			case !t.stay:
				return t.outcome()
			default:
				lines = nil
				if err := t.keys.close(); err != nil { // makes ctrl-C a signal again
					return err
				}
				t.printf("%s", staying)
			}
		case <-t.late:
			if !t.pending.answered { // if it was answered, only the messages to invited people are missing
				t.complain(fmt.Errorf("no answer within %v", t.limit))
			}
			t.pending, t.late = nil, nil
		case <-slackPulse:
		case <-meetingPulse:
		case <-t.keys.interrupt:
			return context.Canceled
		case <-t.Bot.Died():
			if ctx.Err() != nil { // the signal that ends us ended the bot first
				return context.Cause(ctx)
			}
			return t.Bot.Err()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// settle ends the pending act once all its effects are visible.
func (t *terminal) settle(now []item) {
	if t.pending == nil || !t.pending.settled(now) {
		return
	}
	switch word := t.pending.refused(); {
	case word == "":
	case wasTold(t.pending, now): // why, by Slack
		t.complain(errors.New("refused by Slack"))
	default:
		t.complain(fmt.Errorf("refused by Slack: %s", word))
	}
	t.pending, t.late = nil, nil
}

// ready returns lines if the next line may be read now, or nil.
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
	if t.failed && !t.keys.byHand {
		return errNotDone
	}
	return nil
}

// execute starts to execute a line.
func (t *terminal) execute(line string) {
	t.asking = false
	if !t.keys.byHand {
		t.printf("> %s\n", line)
	}
	o, err := parseOrder(line)
	if err == nil {
		switch o.verb {
		case verbHelp:
			t.printf(help, names(), stage.PerMinute)
			return
		case verbQuit:
			t.quit = true
			return
		case verbHome:
			delete(t.shown, homeKey(o.who.ID)) // show it even if it is unchanged
		default: // an act
		}
	}
	var a *act
	if err == nil {
		a, err = t.do(o)
	}
	if err != nil {
		t.complain(err)
		return
	}
	if command := meant(o.text); o.verb == verbSay && command != "" && !t.foreign {
		t.printf(onlyAMessage, command)
	}
	t.limit = patience
	if o.verb == verbHome {
		t.limit = homePatience
	}
	t.pending, t.late = a, time.After(t.limit)
}

// complain prints why something could not be done.
func (t *terminal) complain(err error) {
	t.failed = true
	t.printf("! %v\n", err)
}
