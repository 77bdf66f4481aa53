package world

import (
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
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
		"shortcut": (*script).shortcut, "submit": (*script).submit,
		"slack": (*script).slackFault, "service": (*script).meetingFault,
		"start": (*script).start, "end": (*script).endMeeting, "change": (*script).change, "remove": (*script).remove,
		"duplicate": (*script).duplicate, "scopes": nil,
	}
	delete(commands, "scopes")
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
		"modal": (*script).modal,
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

// meeting ID [owner=@carol] [subject=…] [in=1h] [length=1h] [room=NUMBER]
// [running] [series=N] [people=N] [webinar] books a meeting.
func (s *script) meeting(ts *testscript.TestScript, args []string) {
	o := options(args[1:])
	owner := Carol
	if o["owner"] != "" {
		owner = who(ts, o["owner"])
	}
	s.Plan(args[0], owner, func(m *meetingsim.Meeting) {
		if o["subject"] != "" {
			m.Subject = o["subject"]
		}
		if o["in"] != "" {
			m.Start = time.Now().Add(duration(ts, o["in"]))
		}
		if o["length"] != "" {
			m.Length = duration(ts, o["length"])
		}
		m.VMRID = o["room"]
		_, m.Webinar = o["webinar"]
		if n := o["series"]; n != "" {
			m.Series = &meetingsim.Series{Cycle: "Week"}
			for i := range number(ts, n) {
				m.Series.Occurrences = append(m.Series.Occurrences, meetingsim.Occurrence{Start: m.Start.AddDate(0, 0, 7*i)})
			}
		}
		if n := o["people"]; n != "" {
			m.People = number(ts, n)
		}
	})
	if _, running := o["running"]; running {
		s.start(ts, args[:1])
	}
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

// bot start|stop|kill|exits CODE.
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
	case "freeze":
		ts.Check(s.Bot.Signal(syscall.SIGSTOP))
	case "thaw":
		ts.Check(s.Bot.Signal(syscall.SIGCONT))
	case "exits":
		code, err := s.Bot.Wait(Patience)
		ts.Check(err)
		if want := number(ts, args[1]); code != want {
			ts.Fatalf("exit code %d, want %d\n%s", code, want, s.Bot.Log())
		}
	default:
		ts.Fatalf("bot start, launch, stop, kill, freeze, thaw or exits, not %q", args[0])
	}
}

// slash @ana 'line' [#channel] types a command and waits for its ack. In the
// line, {ID#N} stands for the start of a recurring meeting's Nth date, counted
// from 0, as somebody in Lisbon, where Ana is, writes it.
func (s *script) slash(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	a := s.Slack.Type(who(ts, args[0]), channel, s.withDates(ts, args[1]))
	if err := a.Wait(s.ctx()); err != nil {
		ts.Fatalf("slack tells %s: %v\n%s", args[0], err, s.Bot.Log())
	}
}

var datePattern = regexp.MustCompile(`\{(\d+)#(\d+)\}`)

func (s *script) withDates(ts *testscript.TestScript, line string) string {
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

// slack KIND METHOD [times=N] [error=CODE] [retry=SECONDS] [status=N] [after] [to=@WHO]
// [delay=D], slack disconnect REASON, slack drop, slack clear.
func (s *script) slackFault(ts *testscript.TestScript, args []string) {
	o := options(args)
	switch args[0] {
	case "clear":
		s.Slack.ClearFaults()
	case "disconnect":
		s.Slack.Disconnect(args[1])
	case "drop":
		if !s.Slack.DropSocket(args[1]) {
			ts.Fatalf("no socket to drop")
		}
	case "lax":
		s.lax = true
	default:
		f := slacksim.Fault{Kind: slacksim.Kind(args[0]), Method: args[1], Error: o["error"], Needed: o["needed"]}
		_, f.After = o["after"]
		for name, to := range map[string]*int{"times": &f.Times, "retry": &f.RetryAfter, "status": &f.Status} {
			if o[name] != "" {
				*to = number(ts, o[name])
			}
		}
		if o["delay"] != "" {
			f.Delay = duration(ts, o["delay"])
		}
		if o["to"] != "" {
			f.Channel = who(ts, o["to"])
		}
		s.Slack.Fault(f)
	}
}

// service KIND OPERATION [times=N] [status=N] [code=C] [after] [delay=D],
// service clear.
func (s *script) meetingFault(ts *testscript.TestScript, args []string) {
	if args[0] == "clear" {
		s.Meeting.ClearFaults()
		return
	}
	o := options(args)
	f := meetingsim.Fault{Kind: meetingsim.FaultKind(args[0]), Operation: args[1], Code: o["code"]}
	_, f.After = o["after"]
	for name, to := range map[string]*int{"times": &f.Times, "status": &f.Status, "retry": &f.RetryAfter} {
		if o[name] != "" {
			*to = number(ts, o[name])
		}
	}
	if o["delay"] != "" {
		f.Delay = duration(ts, o["delay"])
	}
	s.Meeting.Fault(f)
}

// start ID has the meeting begin.
func (s *script) start(ts *testscript.TestScript, args []string) {
	if !s.Meeting.Start(args[0]) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// end ID has the meeting end.
func (s *script) endMeeting(ts *testscript.TestScript, args []string) {
	if !s.Meeting.End(args[0]) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// remove ID has somebody else cancel the meeting.
func (s *script) remove(ts *testscript.TestScript, args []string) {
	if !s.Meeting.Remove(args[0]) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// change ID subject=… in=… has somebody else change the meeting.
func (s *script) change(ts *testscript.TestScript, args []string) {
	o := options(args[1:])
	if !s.Meeting.Change(args[0], func(m *meetingsim.Meeting) {
		if o["subject"] != "" {
			m.Subject = o["subject"]
		}
		if o["in"] != "" {
			m.Start = time.Now().Add(duration(ts, o["in"]))
		}
	}) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// api [!] OPERATION [TEXT…]: a request arrived at the meeting service whose
// operation is this and whose query and body hold the texts.
func (s *script) api(ts *testscript.TestScript, neg bool, args []string) {
	holds := func() bool {
		return slices.ContainsFunc(s.Meeting.Journal(), func(e meetingsim.Entry) bool {
			line := fmt.Sprintf("%s %s?%s %s", e.Method, e.Path, e.Query, e.Body)
			return e.Operation == args[0] && !slices.ContainsFunc(args[1:], func(a string) bool { return !strings.Contains(line, a) })
		})
	}
	s.expect(ts, neg, "call "+strings.Join(args, " "), holds)
}

// cancelled ID N: the meeting was removed by exactly N effective calls.
func (s *script) cancelled(ts *testscript.TestScript, _ bool, args []string) {
	want := number(ts, args[1])
	if want > 0 {
		s.expect(ts, false, "cancellation of "+args[0], func() bool { return s.Meeting.Cancelled(args[0]) >= want })
	}
	if got := s.Meeting.Cancelled(args[0]); got != want {
		ts.Fatalf("meeting %s was cancelled %d times, want %d", args[0], got, want)
	}
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
