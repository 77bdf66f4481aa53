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

// A Server is one simulated workspace, created by [New]. It is safe for concurrent use.
type Server struct {
	opts      Options
	routes    *http.ServeMux
	endpoints map[string]endpoint
	messages  surface // the rules for blocks in messages
	views     surface // the rules for blocks in modals and the Home tab
	done      chan struct{}
	cleared   chan struct{} // closed by the next ClearFaults; replaced under mu
	wg        sync.WaitGroup

	mu         sync.Mutex
	closed     bool
	listening  []*http.Server
	tokens     map[string]*credential
	command    string    // the app's current slash command
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
	freshIDs   bool
	tickets    map[string]time.Time
	envelopes  map[string]*envelope
	triggers   map[string]*trigger
	hooks      map[string]*hook
	modals     map[string][]*modal
	homes      map[string]*modal
	spent      map[string][]time.Time // calls of methods that have a rate
	shown      []Change
	faults     []*fault
	delay      time.Duration
	journal    []Call
	violations []string
	watchers   map[chan struct{}]struct{}
}

// New returns a workspace whose only user is the bot.
func New(opts Options) *Server {
	s := &Server{
		opts:      opts.withDefaults(),
		routes:    http.NewServeMux(),
		endpoints: endpoints(),
		messages:  messageSurface(),
		views:     viewSurface(),
		done:      make(chan struct{}),
		cleared:   make(chan struct{}),
		users:     make(map[string]*User),
		zones:     make(map[string]*time.Location),
		groups:    make(map[string][]string),
		rooms:     make(map[string]*room),
		tickets:   make(map[string]time.Time),
		envelopes: make(map[string]*envelope),
		triggers:  make(map[string]*trigger),
		hooks:     make(map[string]*hook),
		modals:    make(map[string][]*modal),
		homes:     make(map[string]*modal),
		spent:     make(map[string][]time.Time),
		watchers:  make(map[chan struct{}]struct{}),
	}
	s.command = s.opts.Command
	s.tokens = map[string]*credential{s.opts.AppToken: {app: true}, s.opts.BotToken: {}}
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

// Serve accepts connections on l until [Server.Close], then returns nil.
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

// Close ends every socket, pending request and timer, and returns when none is left.
// What people saw can still be read. Closing twice is harmless.
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

// Watch returns a channel that pulses after any change to what people see, to the
// journal or to the sockets. Several changes may share a pulse. Call stop when done.
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

// Await returns nil as soon as holds reports true. It checks at once and after every
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
		default: // a pulse is already pending
		}
	}
}

// mint returns a new id. The lock is held.
func (s *Server) mint(prefix string) string {
	s.minted++
	return prefix + strconv.FormatInt(int64(s.minted), 36)
}
