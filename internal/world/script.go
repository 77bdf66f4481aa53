package world

import (
	"cmp"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// key is where a script keeps its world.
type key struct{}

// Setup gives a script its world. The program is the meetingbot that is on the
// script's path.
func Setup(env *testscript.Env) error {
	program, err := exec.LookPath("meetingbot")
	if err != nil {
		return err
	}
	w := New(Options{Dir: env.WorkDir, Program: []string{program}})
	s := &script{World: w}
	env.Values[key{}] = s
	env.Defer(func() {
		if err := w.Close(); err != nil && !s.lax {
			env.T().Fatal(err)
		}
	})
	return nil
}

// A script is a world with what a transcript remembers about it.
type script struct {
	*World
	lax bool // rules of Slack may be broken; said by `violations`
}

// Commands are the verbs of a transcript.
func Commands() map[string]func(*testscript.TestScript, bool, []string) {
	commands := map[string]func(*script, *testscript.TestScript, []string){
		"meeting": (*script).meeting, "set": (*script).set, "bot": (*script).bot,
		"slash": (*script).slash, "say": (*script).say, "click": (*script).click, "choose": (*script).choose,
		"tick": (*script).tick, "untick": (*script).untick,
		"shortcut": (*script).shortcut, "submit": (*script).submit,
		"email": (*script).email, "forward": (*script).forward, "attach": (*script).attach,
		"slack": (*script).slackFault, "service": (*script).meetingFault,
		"start": (*script).start, "end": (*script).endMeeting, "change": (*script).change, "remove": (*script).remove,
		"due": (*script).due, "duplicate": (*script).duplicate, "person": (*script).person, "pass": (*script).pass,
	}
	all := map[string]func(*testscript.TestScript, bool, []string){}
	for name, f := range commands {
		all[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("%s cannot be negated", name)
			}
			f(ts.Value(key{}).(*script), ts, args) //nolint:forcetypeassert // Setup has put it there
		}
	}
	for name, f := range map[string]func(*script, *testscript.TestScript, bool, []string){
		"shows": (*script).shows, "thread": (*script).thread, "dm": (*script).dm, "button": (*script).button,
		"api": (*script).api, "cancelled": (*script).cancelled, "audit": (*script).audit, "log": (*script).logs,
		"modal": (*script).modal, "home": (*script).home, "ticked": (*script).ticked, "calls": (*script).calls,
	} {
		all[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			f(ts.Value(key{}).(*script), ts, neg, args) //nolint:forcetypeassert // Setup has put it there
		}
	}
	return all
}

// who turns @ana into a user id.
func who(ts *testscript.TestScript, name string) string {
	id, ok := map[string]string{"@ana": Ana, "@bob": Bob, "@carol": Carol, "@dave": Dave, "@gina": Gina, "@paulo": Paulo}[name]
	if !ok {
		ts.Fatalf("nobody is called %s", name)
	}
	return id
}

// where takes a trailing #channel off args; #general is where everything
// happens unless said otherwise.
func where(args []string) (string, []string) {
	if n := len(args); n > 0 {
		if id, ok := map[string]string{"#general": General, "#other": Other, "#private": Private}[args[n-1]]; ok {
			return id, args[:n-1]
		}
	}
	return General, args
}

// options reads key=value words.
func options(args []string) map[string]string {
	o := map[string]string{}
	for _, a := range args {
		k, v, _ := strings.Cut(a, "=")
		o[k] = v
	}
	return o
}

func duration(ts *testscript.TestScript, s string) time.Duration {
	d, err := time.ParseDuration(s)
	ts.Check(err)
	return d
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

// set NAME VALUE sets a variable of the program for its next start.
func (s *script) set(_ *testscript.TestScript, args []string) {
	s.Set(args[0], strings.Join(args[1:], " "))
}

// bot start|launch|stop|kill|term|gone|freeze|thaw|exits CODE. stop is term and gone in
// one; between the two, people may do what they do while the program ends.
func (s *script) bot(ts *testscript.TestScript, args []string) {
	switch args[0] {
	case "start":
		ts.Check(s.Start(s.ctx()))
	case "launch": // without waiting for its sockets
		ts.Check(s.Bot.Start(s.ctx()))
	case "stop":
		ts.Check(s.Bot.Stop())
	case "kill":
		ts.Check(s.Bot.Kill())
	case "term":
		ts.Check(s.Bot.Signal(syscall.SIGTERM))
	case "gone":
		s.exits(ts, 0)
	case "freeze":
		ts.Check(s.Bot.Freeze())
	case "thaw":
		ts.Check(s.Bot.Thaw())
	case "exits":
		s.exits(ts, number(ts, args[1]))
	default:
		ts.Fatalf("bot start, launch, stop, kill, term, gone, freeze, thaw or exits, not %q", args[0])
	}
}

func (s *script) exits(ts *testscript.TestScript, want int) {
	code, err := s.Bot.Wait(Patience)
	ts.Check(err)
	if code != want {
		ts.Fatalf("exit code %d, want %d\n%s", code, want, s.Bot.Log())
	}
}

// slash @ana 'line' [#channel] types a command and waits for its ack. In the
// line, {ID#N} stands for the start of a recurring meeting's Nth date, counted
// from 0, as somebody in Lisbon, where Ana is, writes it; {+48h} for the day that
// it is in Lisbon after so long, {+48h Asia/Singapore} for the day there.
func (s *script) slash(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	a := s.Slack.Type(who(ts, args[0]), channel, s.withDates(ts, args[1]))
	if err := a.Wait(s.ctx()); err != nil {
		ts.Fatalf("slack tells %s: %v\n%s", args[0], err, s.Bot.Log())
	}
}

var datePattern = regexp.MustCompile(`\{(\d+)#(\d+)\}`)

var dayPattern = regexp.MustCompile(`\{\+(\w+)(?: ([\w/]+))?\}`)

func (s *script) withDates(ts *testscript.TestScript, line string) string {
	line = dayPattern.ReplaceAllStringFunc(line, func(found string) string {
		part := dayPattern.FindStringSubmatch(found)
		zone, err := time.LoadLocation(cmp.Or(part[2], "Europe/Lisbon"))
		ts.Check(err)
		return time.Now().Add(duration(ts, part[1])).In(zone).Format(time.DateOnly)
	})
	return datePattern.ReplaceAllStringFunc(line, func(found string) string {
		part := datePattern.FindStringSubmatch(found)
		m, ok := s.Meeting.Meeting(part[1])
		if i := number(ts, part[2]); ok && m.Series != nil && i < len(m.Series.Occurrences) {
			lisbon, err := time.LoadLocation("Europe/Lisbon")
			ts.Check(err)
			return m.Series.Occurrences[i].Start.In(lisbon).Format("2006-01-02T15:04")
		}
		ts.Fatalf("meeting %s has no date %s", part[1], part[2])
		return ""
	})
}

// say @ana 'text' [#channel] writes an ordinary message.
func (s *script) say(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	_ = s.Slack.Type(who(ts, args[0]), channel, args[1]) // a message is said at once
}

// duplicate on|off has every envelope delivered twice.
func (s *script) duplicate(_ *testscript.TestScript, args []string) {
	s.Slack.SetDuplicate(args[0] == "on")
}

// expect waits for something, or makes sure that it is not so.
func (s *script) expect(ts *testscript.TestScript, neg bool, what string, holds func() bool) {
	if neg {
		if holds() {
			ts.Fatalf("unexpected %s", what)
		}
		return
	}
	if err := s.Await(s.ctx(), what, holds); err != nil {
		ts.Fatalf("%v\n%s", err, s.scene())
	}
}
