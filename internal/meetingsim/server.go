package meetingsim

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options tell [New] who may log in and how the service behaves. With the zero value
// nobody can log in.
type Options struct {
	// AppID and AppKey are the pair an App ID login is signed with.
	AppID, AppKey string
	// CorpID makes the App ID that of a service provider with this one enterprise, so
	// that logins must be signed in one of the provider's forms. Empty is the usual
	// single enterprise, where sending a corpId fails.
	CorpID string
	// Account and Password are for the account login, which is off if Account is
	// empty.
	Account, Password string
	// Ordinary makes the login, App ID without a user or account, an ordinary user
	// who reads and cancels only their own meetings. Otherwise it is the enterprise's
	// default administrator, who may cancel any.
	Ordinary bool
	// Now is the service's clock; nil is [time.Now].
	Now func() time.Time
	// TokenLife is how long an access token lasts; 0 is 56,326 s, the vendor's sample, in its range of 12 to 24 hours.
	TokenLife time.Duration
	// SiteID and AuthorizationType are what every call, including the login, must
	// carry in X-Site-Id and X-Authorization-Type, as on an HCS Online site or behind
	// a third-party portal. Empty requires nothing.
	SiteID, AuthorizationType string
	// PathPrefix is put before every path, as a company's own gateway does, e.g.
	// "/huawei".
	PathPrefix string
	// RateLimit is how many calls a minute each API accepts; more are refused with
	// APIG.0308. 0 means no limit and no rate headers.
	RateLimit int
	// SearchSkipsRooms leaves the room number out of what searchKey is compared with.
	// Huawei does not say whether it is compared, so try clients with both.
	SearchSkipsRooms bool
	// Seed makes [Fault.Probability] repeatable; with 0 every run is different.
	Seed uint64
}

// sampleTokenLife is the validPeriod of the vendor's sample reply.
const sampleTokenLife = 56326 * time.Second

// A Server is one Huawei Cloud Meeting service. Any number of goroutines may use it.
// It starts none of its own, but a request held by a fault occupies its caller's
// until [Server.Close].
type Server struct {
	opts   Options
	now    func() time.Time
	routes []route

	closing   sync.Once
	closed    chan struct{}
	watchers  watchers
	serviceID string

	mu        sync.Mutex
	meetings  []*booking
	cancelled map[string]int
	numbers   int
	users     []*User
	self      string // UUID of the login
	strangers int
	desk      desk
	delay     time.Duration
	faults    []*armed
	dice      *rand.Rand
	meter     meter
	journal   []*Entry
	effects   []Effect
}

// New returns a service without meetings and with one user, the login. Close it if
// requests might still hang in it.
func New(o Options) *Server {
	s := &Server{opts: o, now: o.Now, closed: make(chan struct{}), serviceID: hexID(), cancelled: map[string]int{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.opts.TokenLife == 0 {
		s.opts.TokenLife = sampleTokenLife
	}
	s.opts.PathPrefix = strings.TrimRight(o.PathPrefix, "/")
	seed := o.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	s.dice = rand.New(rand.NewPCG(seed, seed))
	s.routes = routes()
	s.desk = newDesk()
	s.meter = meter{}
	s.self = s.hireLogin()
	return s
}

// Close wakes every request that a fault or a delay holds; those end without an
// answer, as do requests that hang later. Calling it twice is safe. Close it before
// the [net/http.Server] that serves it, which waits for its handlers.
func (s *Server) Close() {
	s.closing.Do(func() { close(s.closed) })
}

// Delay makes every call wait d before it is handled; 0 ends that. A caller who gives
// up meanwhile does not stop the call from taking effect, as on a real network.
func (s *Server) Delay(d time.Duration) {
	s.change(func() { s.delay = d })
}

// change runs f with the state locked and tells the watchers afterwards.
func (s *Server) change(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	s.watchers.pulse()
}

// wait sleeps for d and reports whether the service is still open. It does not end
// when the caller leaves: the vendor carries out what has arrived.
func (s *Server) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.closed:
		return false
	}
}

// ServeHTTP answers one call of the Meeting API. Every reply carries an X-Request-Id that [Entry.RequestID] repeats.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := s.arrive(r)
	out := s.answer(c)
	s.record(c, out)
	if out.ending != endWell {
		defer s.lose(c) // send may panic, which ends the connection
	}
	s.send(w, r, c, out)
}
