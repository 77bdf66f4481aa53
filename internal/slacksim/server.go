package slacksim

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Options describes the workspace and the one app installed in it. The zero value of
// every field stands for the default named beside it.
type Options struct {
	AppToken  string // "xapp-1-A0MEETBOT-1-sim"
	BotToken  string // "xoxb-1-sim"
	AppID     string // "A0MEETBOT"
	BotAppID  string // the app that the bot token belongs to; AppID
	TeamID    string // "T0SIM"
	TeamURL   string // "https://sim.slack.com/"
	BotUserID string // "U0BOT"
	BotID     string // "B0BOT"

	// Command is the app's slash command, with its slash; "/cancel-meeting".
	Command string
	// Shortcuts are the callback ids of the app's message shortcuts; empty: any is known.
	Shortcuts []string
	// Scopes are granted to the bot token; nil: commands, chat:write, users:read and
	// users:read.email.
	Scopes []string
	// AppScopes are granted to the app token; nil: connections:write.
	AppScopes []string

	PingInterval   time.Duration // between two pings on a socket; 1 s
	PongTimeout    time.Duration // silence after which a socket is given up; 30 s
	AckTimeout     time.Duration // time to acknowledge an envelope; 3 s
	TriggerLife    time.Duration // life of a trigger_id; 3 s
	TicketLife     time.Duration // life of a ticket for the socket; 30 s
	WarningGrace   time.Duration // between a disconnect warning and the close; 10 s
	RefreshGrace   time.Duration // between any other disconnect frame and the close; 1 s
	RedeliverAfter time.Duration // an unacknowledged envelope is sent again; 0: never

	// PostInterval is how often the app may post in one channel, beyond PostBurst at once;
	// Slack documents one second. 0: as often as it likes.
	PostInterval time.Duration
	PostBurst    int // 1

	// Now is the clock of timestamps, response URLs, tickets and triggers; time.Now.
	Now func() time.Time
	// BaseURL, if set, is put in front of response URLs and socket URLs instead of the
	// host of the request. [Server.Serve] sets it when it is empty.
	BaseURL string
}

func (o Options) withDefaults() Options {
	text := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	span := func(field *time.Duration, value time.Duration) {
		if *field == 0 {
			*field = value
		}
	}
	text(&o.AppToken, "xapp-1-A0MEETBOT-1-sim")
	text(&o.BotToken, "xoxb-1-sim")
	text(&o.AppID, "A0MEETBOT")
	text(&o.BotAppID, o.AppID)
	text(&o.TeamID, "T0SIM")
	text(&o.TeamURL, "https://sim.slack.com/")
	text(&o.BotUserID, "U0BOT")
	text(&o.BotID, "B0BOT")
	text(&o.Command, "/cancel-meeting")
	if o.Scopes == nil {
		o.Scopes = []string{"commands", "chat:write", "users:read", "users:read.email"}
	}
	if o.AppScopes == nil {
		o.AppScopes = []string{"connections:write"}
	}
	span(&o.PingInterval, time.Second)
	span(&o.PongTimeout, 30*time.Second)
	span(&o.AckTimeout, 3*time.Second)
	span(&o.TriggerLife, 3*time.Second)
	span(&o.TicketLife, 30*time.Second)
	span(&o.WarningGrace, 10*time.Second)
	span(&o.RefreshGrace, time.Second)
	o.PostBurst = max(o.PostBurst, 1)
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// A Server is one simulated workspace. Make it with [New]; it is safe for use by any
// number of goroutines.
type Server struct {
	opts      Options
	routes    *http.ServeMux
	endpoints map[string]endpoint
	messages  surface // the rules for blocks in messages
	views     surface // and in modals
	done      chan struct{}
	wg        sync.WaitGroup

	mu         sync.Mutex
	closed     bool
	listening  []*http.Server
	minted     int       // ids handed out so far
	lastStamp  time.Time // of the newest message
	users      map[string]*User
	zones      map[string]*time.Location // of the users
	groups     map[string][]string
	rooms      map[string]*room
	roomOrder  []string
	sockets    []*socket
	turn       int // rotates envelopes over the sockets
	opened     int // sockets accepted so far
	slamDoor   bool
	duplicate  bool
	tickets    map[string]time.Time
	envelopes  map[string]*envelope
	triggers   map[string]*trigger
	hooks      map[string]*hook
	modals     map[string][]*modal
	faults     []*fault
	delay      time.Duration
	journal    []Call
	violations []string
	watchers   map[chan struct{}]struct{}
}

// New returns a workspace with the bot's own user in it and nobody else.
func New(opts Options) *Server {
	s := &Server{
		opts:      opts.withDefaults(),
		routes:    http.NewServeMux(),
		endpoints: endpoints(),
		messages:  messageSurface(),
		views:     viewSurface(),
		done:      make(chan struct{}),
		users:     make(map[string]*User),
		zones:     make(map[string]*time.Location),
		groups:    make(map[string][]string),
		rooms:     make(map[string]*room),
		tickets:   make(map[string]time.Time),
		envelopes: make(map[string]*envelope),
		triggers:  make(map[string]*trigger),
		hooks:     make(map[string]*hook),
		modals:    make(map[string][]*modal),
		watchers:  make(map[chan struct{}]struct{}),
	}
	s.AddUser(User{ID: s.opts.BotUserID, Name: "meetingbot", RealName: "Meetingbot", Bot: true})
	s.routes.HandleFunc("/api/", s.serveAPI)
	s.routes.HandleFunc("/link/", s.serveSocket)
	s.routes.HandleFunc("/commands/", s.serveHook)
	s.routes.HandleFunc("/actions/", s.serveHook)
	return s
}

// ServeHTTP answers the Web API under /api/, the socket under /link/ and response URLs
// under /commands/ and /actions/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

// Serve answers on l until [Server.Close]; it then returns nil.
func (s *Server) Serve(l net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return errors.Join(http.ErrServerClosed, l.Close())
	}
	if s.opts.BaseURL == "" {
		s.opts.BaseURL = "http://" + l.Addr().String()
	}
	s.listening = append(s.listening, server)
	s.mu.Unlock()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close ends every socket, every waiting request and every timer, and returns when none
// is left. What people saw can still be read. Closing twice is harmless.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		s.wg.Wait()
		return
	}
	s.closed = true
	close(s.done)
	for _, e := range s.envelopes {
		e.stop()
	}
	sockets, servers := s.sockets, s.listening
	s.changed()
	s.mu.Unlock()
	for _, k := range sockets {
		k.hangUp()
	}
	for _, server := range servers {
		_ = server.Close() // its listener may be closed already
	}
	s.wg.Wait()
}

// Watch returns a channel that pulses after any change of what people see, of the
// journal or of the sockets; several changes may share a pulse. Call stop when done.
func (s *Server) Watch() (pulse <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	s.watchers[c] = struct{}{}
	s.mu.Unlock()
	return c, func() {
		s.mu.Lock()
		delete(s.watchers, c)
		s.mu.Unlock()
	}
}

// Await returns nil as soon as holds reports true, which it asks at once and after every
// change. Otherwise it returns the cause of ctx's end, or [http.ErrServerClosed].
func (s *Server) Await(ctx context.Context, holds func() bool) error {
	pulse, stop := s.Watch()
	defer stop()
	for {
		if holds() {
			return nil
		}
		select {
		case <-pulse:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-s.done:
			if holds() {
				return nil
			}
			return http.ErrServerClosed
		}
	}
}

// changed wakes the watchers. The lock is held.
func (s *Server) changed() {
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default: // a pulse is waiting already
		}
	}
}

// mint returns an id nobody had before. The lock is held.
func (s *Server) mint(prefix string) string {
	s.minted++
	return prefix + strconv.FormatInt(int64(s.minted), 36)
}
