package stage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// The bot's credentials in both simulated services. They are good for nothing else.
const (
	appToken = "xapp-1-A0MEETBOT-1-demo"
	botToken = "xoxb-1-demo"
	appID    = "demo"
	appKey   = "demo-key"
)

// Shortcut is the callback id of the app's message shortcut, and ShortcutName its name in
// the menu. CommandHint is shown next to the command. All are as in manifest.yml.
const (
	Command      = "/cancel-meeting"
	CommandHint  = `[numbers, invitation, today or 2026-12-01..2026-12-05] [--of @person] [--end] [--series | --occurrence 2026-12-01T10:00] [--reason "text"]`
	CommandAbout = "Cancel a Huawei Cloud meeting"
	Shortcut     = "cancel_this_meeting"
	ShortcutName = "Cancel this meeting"
)

// helloTime is how long the bot may take to connect.
const helloTime = 20 * time.Second

// Options configure a stage.
type Options struct {
	// Program is the command line of the bot, without its environment.
	Program []string
	// Log receives the bot's log; nil discards it.
	Log io.Writer
	// Open accepts any client, even one that sends its token in the body, as slack-go
	// does and Slack allows. Otherwise the token must be in the header, as Slack
	// prefers.
	Open bool
	// NoBot leaves the bot out, so that another one can connect.
	NoBot bool
}

// PerMinute is how many requests per minute the bot takes from a person in the demo, where
// the usual limit must not stop people from trying things.
const PerMinute = 60

// A Stage is a running demo. Its methods and fields are safe for concurrent use.
type Stage struct {
	Slack    *slacksim.Server
	Meetings *meetingsim.Server
	Bot      *Bot

	environ       []string // for any client
	meetingServer *http.Server
	dir           string
	serving       sync.WaitGroup
}

// Open starts everything and returns once the bot is connected. If the bot ends before
// that, the error has the last lines of its log.
func Open(ctx context.Context, o Options) (*Stage, error) {
	s := &Stage{
		Slack: slacksim.New(slacksim.Options{
			AppToken: appToken, BotToken: botToken, Command: Command, EscapeCommand: true, Shortcuts: []string{Shortcut},
			HomeTab: true, Events: []string{"app_home_opened"}, StrictToken: !o.Open,
		}),
		Meetings: meetingsim.New(meetingsim.Options{AppID: appID, AppKey: appKey}),
	}
	s.meetingServer = &http.Server{Handler: s.Meetings, ReadHeaderTimeout: 10 * time.Second}
	s.Bot = &Bot{program: o.Program, log: o.Log, left: s.disconnected, died: make(chan struct{})}
	if err := s.open(ctx, o.NoBot); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Environ returns what a client or bot needs to connect to both services, in the form
// NAME=value, with the names of the bot's own variables.
func (s *Stage) Environ() []string { return slices.Clone(s.environ) }

func (s *Stage) open(ctx context.Context, noBot bool) error {
	s.populate()
	slackURL, err := s.serve(ctx, s.Slack.Serve)
	if err != nil {
		return err
	}
	meetingURL, err := s.serve(ctx, s.meetingServer.Serve)
	if err != nil {
		return err
	}
	s.environ = []string{
		"SLACK_API_URL=" + slackURL + "/api/", "SLACK_APP_TOKEN=" + appToken, "SLACK_BOT_TOKEN=" + botToken,
		"MEETING_API_URL=" + meetingURL, "MEETING_APP_ID=" + appID, "MEETING_APP_KEY=" + appKey,
	}
	if noBot {
		return nil
	}
	if s.dir, err = os.MkdirTemp("", "meetingbot-demo-"); err != nil {
		return fmt.Errorf("the bot's database needs a folder for temporary files; set TMPDIR, or TMP on Windows, to one: %w", err)
	}
	s.Bot.environ = append(s.Environ(),
		"DATABASE_URL=sqlite:"+filepath.Join(s.dir, "meetingbot.db"), "ALLOW_USERS="+You,
		"HTTP_ADDR=", "LOG_FORMAT=text", "SHUTDOWN_TIMEOUT=5s",
	)
	if err := s.Bot.start(); err != nil {
		return fmt.Errorf("start the bot: %w", err)
	}
	return s.connected(ctx)
}

// connected waits until the bot has opened a socket or has ended.
func (s *Stage) connected(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, helloTime, errors.New("the bot did not connect"))
	defer cancel()
	ctx, fail := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-s.Bot.Died():
			fail(s.Bot.Err())
		case <-ctx.Done():
		}
	})
	err := s.Slack.Await(ctx, func() bool { return s.Slack.Connections() > 0 })
	fail(nil)
	watching.Wait()
	return err
}

// disconnected waits until Slack has noticed that all sockets are closed.
func (s *Stage) disconnected() {
	pulse, stop := s.Slack.Watch()
	defer stop()
	timeout := time.After(stopTime)
	for s.Slack.Connections() > 0 {
		select {
		case <-pulse:
		case <-timeout:
			return
		}
	}
}

// serve serves one of the services on a free port.
func (s *Stage) serve(ctx context.Context, run func(net.Listener) error) (url string, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s.serving.Go(func() { _ = run(l) }) // ends with Close; broken sockets show in the bot's log
	return "http://" + l.Addr().String(), nil
}

// Close stops the bot, then the services, and removes its files.
func (s *Stage) Close() error {
	err := s.Bot.stop()
	s.Meetings.Close()
	err = errors.Join(err, s.meetingServer.Close())
	s.Slack.Close()
	s.serving.Wait()
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}
