package world

import (
	"cmp"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// key is the key of the world in a script's values.
type key struct{}

// Setup gives a script its world. The program is the meetingbot on the script's path.
func Setup(env *testscript.Env) error {
	program, err := exec.LookPath("meetingbot")
	if err != nil {
		return err
	}
	w := New(Options{Dir: env.WorkDir, Program: []string{program}})
	s := &script{World: w, began: time.Now().UTC()}
	env.Values[key{}] = s
	env.Defer(func() {
		if err := w.Close(); err != nil && !s.lax {
			env.T().Fatal(err)
		}
	})
	return nil
}

// A script is a world with the state of one script.
type script struct {
	*World
	lax   bool      // Slack's rules may be broken; set by "slack lax"
	began time.Time // all of in=48h and {+48h} count from here, so that midnight may pass at any moment
}

// The commands of a script, by who or what they concern.
type (
	actor    struct{ *script } // people, and what they type and press
	viewer   struct{ *script } // assertions about Slack, the meeting service, the trail and the log
	services struct{ *script } // meetings, and faults of the two services
)

// Commands returns the commands of the scripts.
func Commands() map[string]func(*testscript.TestScript, bool, []string) {
	all := map[string]func(*testscript.TestScript, bool, []string){}
	addActions(all, func(s *script) *script { return s }, map[string]func(*script, *testscript.TestScript, []string){
		"set": (*script).set, "bot": (*script).bot, "due": (*script).due, "age": (*script).age, "duplicate": (*script).duplicate, "pass": (*script).pass,
	})
	addActions(all, func(s *script) actor { return actor{s} }, map[string]func(actor, *testscript.TestScript, []string){
		"slash": actor.slash, "say": actor.say, "click": actor.click, "choose": actor.choose, "tick": actor.tick, "untick": actor.untick,
		"shortcut": actor.shortcut, "submit": actor.submit, "email": actor.email, "forward": actor.forward, "attach": actor.attach,
		"person": actor.person,
	})
	addActions(all, func(s *script) services { return services{s} }, map[string]func(services, *testscript.TestScript, []string){
		"meeting": services.meeting, "account": services.account, "start": services.start, "end": services.endMeeting, "change": services.change, "remove": services.remove,
		"slack": services.slackFault, "service": services.meetingFault,
	})
	addAssertions(all, map[string]func(viewer, *testscript.TestScript, bool, []string){
		"shows": viewer.shows, "thread": viewer.thread, "dm": viewer.dm, "button": viewer.button, "ticked": viewer.ticked,
		"modal": viewer.modal, "home": viewer.home, "api": viewer.api, "cancelled": viewer.cancelled, "calls": viewer.calls,
		"audit": viewer.audit, "log": viewer.logs,
	})
	return all
}

// addActions adds commands that act, which can't be negated.
func addActions[T any](all map[string]func(*testscript.TestScript, bool, []string), of func(*script) T, verbs map[string]func(T, *testscript.TestScript, []string)) {
	for name, f := range verbs {
		all[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("%s cannot be negated", name)
			}
			f(of(ts.Value(key{}).(*script)), ts, args) //nolint:forcetypeassert // Setup has put it there
		}
	}
}

// addAssertions adds commands that assert something.
func addAssertions(all map[string]func(*testscript.TestScript, bool, []string), verbs map[string]func(viewer, *testscript.TestScript, bool, []string)) {
	for name, f := range verbs {
		all[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			f(viewer{ts.Value(key{}).(*script)}, ts, neg, args) //nolint:forcetypeassert // Setup has put it there
		}
	}
}

// who returns the user id of @ana.
func who(ts *testscript.TestScript, name string) string {
	id, ok := map[string]string{"@ana": Ana, "@bob": Bob, "@carol": Carol, "@dave": Dave, "@gina": Gina, "@paulo": Paulo}[name]
	if !ok {
		ts.Fatalf("no person is called %s", name)
	}
	return id
}

// where takes a trailing #channel off args; the default is #general.
func where(args []string) (string, []string) {
	if n := len(args); n > 0 {
		if id, ok := map[string]string{"#general": General, "#other": Other, "#private": Private}[args[n-1]]; ok {
			return id, args[:n-1]
		}
	}
	return General, args
}

// options parses key=value arguments.
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

// set NAME VALUE sets an environment variable of the program for its next start.
func (s *script) set(_ *testscript.TestScript, args []string) {
	s.Set(args[0], strings.Join(args[1:], " "))
}

// bot start|launch|stop|kill|term|gone|freeze|thaw|exits CODE controls the program. stop is
// term followed by gone; between the two, people can act while the program shuts down.
func (s *script) bot(ts *testscript.TestScript, args []string) {
	switch args[0] {
	case "start":
		ts.Check(s.Start(s.ctx()))
	case "launch": // doesn't wait for the sockets
		ts.Check(s.Bot.Start(s.ctx()))
	case "stop":
		ts.Check(s.Bot.Stop())
	case "kill":
		ts.Check(s.Bot.Kill())
	case "term":
		ts.Check(s.Bot.Terminate())
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
	code, err := s.Bot.Wait(Timeout)
	ts.Check(err)
	if code != want {
		ts.Fatalf("exit code %d, want %d\n%s", code, want, s.Bot.Log())
	}
}

// slash @ana 'line' [#channel] types a command and waits for its ack. In the line, {ID#N} is
// the start of a recurring meeting's Nth date, counted from 0, as written in Lisbon, where
// Ana is; {+48h} is the day in Lisbon of a meeting that was booked with in=48h, even if
// midnight has passed since, and {+48h Asia/Singapore} the day there. {+0h} may be over.
func (s actor) slash(ts *testscript.TestScript, args []string) {
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
		return s.began.Add(duration(ts, part[1])).In(zone).Format(time.DateOnly)
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

// say @ana 'text' [#channel] posts an ordinary message.
func (s actor) say(ts *testscript.TestScript, args []string) {
	channel, args := where(args)
	_ = s.Slack.Type(who(ts, args[0]), channel, args[1]) // a message needs no ack
}

// duplicate on|off makes every envelope arrive twice.
func (s *script) duplicate(_ *testscript.TestScript, args []string) {
	s.Slack.SetDuplicate(args[0] == "on")
}

// expect waits until holds, or asserts the opposite right now if neg is set.
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
