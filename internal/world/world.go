package world

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// The people of every world, by their names in scripts.
const (
	Ana   = "U0ANA"   // on ALLOW_USERS: may cancel any meeting
	Bob   = "U0BOB"   // on ALLOW_USERS too
	Carol = "U0CAROL" // owns meetings
	Dave  = "U0DAVE"  // has no rights
	Gina  = "U0GINA"  // a guest
	Paulo = "U0PAULO" // owns meetings, reads Portuguese
)

// The channels of every world.
const (
	General = "C0GENERAL" // the bot is a member
	Other   = "C0OTHER"   // public; the bot isn't a member
	Private = "G0PRIVATE" // private; the bot isn't a member
)

// A World is one Slack, one meeting service and the program. Create it with [New].
type World struct {
	Slack   *slacksim.Server
	Meeting *meetingsim.Server
	Bot     *Process

	// Forgive, if not nil, says which violations of Slack's rules aren't the program's fault,
	// such as those of a broken connection.
	Forgive func(violation string) bool

	slackHTTP, meetingHTTP *httptest.Server

	mu  sync.Mutex
	env map[string]string // of the program
}

// Options configure a world.
type Options struct {
	Dir      string   // directory of the database file
	Program  []string // the program's command line
	Database string   // DATABASE_URL; if empty, a SQLite file in Dir
	Scopes   []string // of the bot token; if nil, those in the manifest
	Manifest string   // how the app is installed; if empty, the program's own manifest
	// OtherBots admits bots that send their token in the body, which Slack accepts too.
	OtherBots bool
	// RateLimit is the number of calls a minute that each API of the meeting service
	// accepts; 0 means no limit.
	RateLimit int
	Slack     func(url string) string
	Meetings  func(url string) string // returns the URL that the program is given for the service; if nil, the real one
}

// New returns a world in which the program isn't running yet.
func New(o Options) *World {
	app := workspace(o)
	// A program that a cut test run left behind may still dial this port.
	app.AppToken = "xapp-1-A0MEETBOT-1-" + strings.ToLower(rand.Text())
	w := &World{
		Slack:   slacksim.New(app),
		Meeting: meetingsim.New(meetingsim.Options{AppID: "app", AppKey: "MEETINGKEY-secret", RateLimit: o.RateLimit}),
	}
	w.slackHTTP, w.meetingHTTP = httptest.NewServer(w.Slack), httptest.NewServer(w.Meeting)
	slackURL, meetingURL := w.slackHTTP.URL, w.meetingHTTP.URL
	if o.Slack != nil {
		slackURL = o.Slack(slackURL)
	}
	if o.Meetings != nil {
		meetingURL = o.Meetings(meetingURL)
	}
	if o.Database == "" {
		o.Database = "sqlite:" + filepath.Join(o.Dir, "meetingbot.db")
	}
	w.env = map[string]string{
		"SLACK_APP_TOKEN": app.AppToken, "SLACK_BOT_TOKEN": "xoxb-1-sim", "SLACK_API_URL": slackURL + "/api/",
		"MEETING_API_URL": meetingURL, "MEETING_APP_ID": "app", "MEETING_APP_KEY": "MEETINGKEY-secret",
		"DATABASE_URL": o.Database, "ALLOW_USERS": Ana + "," + Bob,
		"HTTP_ADDR": "", "LOG_FORMAT": "text", "SHUTDOWN_TIMEOUT": "10s",
	}
	w.people()
	w.Bot = &Process{args: o.Program, env: w.environ, log: filepath.Join(o.Dir, "meetingbot.log")}
	return w
}

// people adds the users and channels, and fills the meeting service's directory.
func (w *World) people() {
	for _, u := range []slacksim.User{
		{ID: Ana, Name: "ana", RealName: "Ana Lima", Email: "ana@example.com", Locale: "en-US", TZ: "Europe/Lisbon"},
		{ID: Bob, Name: "bob", RealName: "Bob Stone", Email: "bob@example.com", Locale: "en-GB", TZ: "Europe/London"},
		{ID: Carol, Name: "carol", RealName: "Carol Ng", Email: "carol@example.com", Locale: "en-US", TZ: "Asia/Singapore"},
		{ID: Dave, Name: "dave", RealName: "Dave Roe", Email: "dave@example.com", Locale: "en-US", TZ: "UTC"},
		{ID: Gina, Name: "gina", RealName: "Gina Guest", Email: "gina@elsewhere.example", Restricted: true, Locale: "en-US", TZ: "UTC"},
		{ID: Paulo, Name: "paulo", RealName: "Paulo Reis", Email: "paulo@example.com", Locale: "pt-BR", TZ: "America/Sao_Paulo"},
	} {
		w.Slack.AddUser(u)
		w.Meeting.AddUser(meetingsim.User{UUID: "uuid-" + u.Name, Account: u.Name + "@corp", Name: u.RealName, Email: u.Email})
	}
	everybody := []string{Ana, Bob, Carol, Dave, Gina, Paulo}
	w.Slack.AddChannel(slacksim.Channel{ID: General, Name: "general", BotMember: true, Members: everybody})
	w.Slack.AddChannel(slacksim.Channel{ID: Other, Name: "other", Members: everybody})
	w.Slack.AddChannel(slacksim.Channel{ID: Private, Name: "private", Private: true, Members: []string{Ana, Carol}})
}

// Book books a meeting for its owner, an hour from now unless change says otherwise.
func (w *World) Book(id, owner string, change func(*meetingsim.Meeting)) meetingsim.Meeting {
	m := meetingsim.Meeting{
		ID: id, Subject: "Budget review " + id, OwnerUUID: "uuid-" + strings.ToLower(strings.TrimPrefix(owner, "U0")),
		Start: time.Now().Add(time.Hour).UTC(), Length: time.Hour,
	}
	if change != nil {
		change(&m)
	}
	return w.Meeting.AddMeeting(m)
}

// Set sets an environment variable of the program for its next start.
func (w *World) Set(name, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.env[name] = value
}

// Replica returns another process of the program, with the same environment plus the given
// NAME=value pairs. The caller must start and stop it.
func (w *World) Replica(name string, extra ...string) *Process {
	return &Process{
		args: w.Bot.args, log: filepath.Join(filepath.Dir(w.Bot.log), name+".log"),
		env: func() []string { return append(w.environ(), extra...) },
	}
}

// Run returns a process like [World.Replica] with another command line.
func (w *World) Run(name string, args ...string) *Process {
	p := w.Replica(name)
	p.args = args
	return p
}

// environ returns the environment of the program. From the test's own it takes only what a Go
// program needs to run and to report coverage.
func (w *World) environ() []string {
	env := []string{"HOME=" + os.TempDir(), "GOTRACEBACK=all", "GOCOVERDIR=" + os.Getenv("GOCOVERDIR")}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(w.env)) {
		env = append(env, name+"="+w.env[name])
	}
	return env
}

// Await waits until holds. Its error says what it waited for, with the program's log.
func (w *World) Await(ctx context.Context, what string, holds func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	meeting, stop := w.Meeting.Watch()
	defer stop()
	slack, stopSlack := w.Slack.Watch()
	defer stopSlack()
	// Changes in the database or the log make no pulse.
	t := time.NewTicker(50 * time.Millisecond)
	defer t.Stop()
	for !holds() {
		select {
		case <-t.C:
		case <-meeting:
		case <-slack:
		case <-w.Bot.Exited():
			return fmt.Errorf("waiting for %s: the program has exited\n%s", what, w.Bot.Log())
		case <-ctx.Done():
			return fmt.Errorf("no %s within %v\n%s", what, Timeout, w.Bot.Log())
		}
	}
	return nil
}

// Timeout is how long a test waits for anything.
const Timeout = 30 * time.Second

// Start starts the program and waits until its sockets are open. First it waits until Slack has
// noticed that the sockets of a killed program are gone: they would be counted as the new
// program's, and would be given clicks.
func (w *World) Start(ctx context.Context) error {
	if err := w.Await(ctx, "end of the dead program's sockets", func() bool { return w.Slack.Connections() == 0 }); err != nil {
		return err
	}
	if err := w.Bot.Start(ctx); err != nil {
		return err
	}
	return w.Await(ctx, "open sockets", func() bool { return w.Slack.Connections() >= 2 })
}

// Close stops the program, gracefully if it is still running, and closes the world.
func (w *World) Close() error {
	err := w.Bot.Stop()
	w.Meeting.Close()
	w.Slack.Close()
	w.slackHTTP.CloseClientConnections()
	w.meetingHTTP.CloseClientConnections()
	w.slackHTTP.Close()
	w.meetingHTTP.Close()
	if v := slices.DeleteFunc(w.Slack.Violations(), func(v string) bool { return w.Forgive != nil && w.Forgive(v) }); len(v) > 0 {
		err = errors.Join(err, fmt.Errorf("slack's rules were broken:\n%s", strings.Join(v, "\n")))
	}
	return err
}
