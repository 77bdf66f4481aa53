package meetingsim

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options tell [New] who may log in and how the service behaves. With the zero value nobody
// can log in.
type Options struct {
	// AppID and AppKey are the pair that an App ID login signs with.
	AppID, AppKey string
	// CorpID makes the App ID that of a service provider with this one enterprise, so logins
	// must be signed in one of the provider's forms. Empty means the usual single enterprise,
	// where sending a corpId fails.
	CorpID string
	// Account and Password are for the account login, which is off if Account is empty.
	Account, Password string
	// Ordinary makes the login (App ID without a user, or the account) an ordinary user who can
	// read and cancel only their own meetings. Otherwise it is the enterprise's default
	// administrator, who may cancel any.
	Ordinary bool
	// Now is the service's clock; nil is [time.Now].
	Now func() time.Time
	// TokenLife is the life of an access token; 0 means 56,326 s, as in the vendor's
	// sample, within its range of 12 to 24 hours.
	TokenLife time.Duration
	// SiteID and AuthorizationType are required in X-Site-Id and X-Authorization-Type of every
	// call, including the login, as on an HCS Online site or behind a third-party portal. Empty
	// requires nothing.
	SiteID, AuthorizationType string
	// PathPrefix is expected before every path, as behind a company's own gateway, e.g.
	// "/huawei".
	PathPrefix string
	// RateLimit is the number of calls a minute that each API accepts; more are refused with
	// APIG.0308. 0 means no limit and no rate headers.
	RateLimit int
	// SearchSkipsRooms excludes the room number from what searchKey matches. Huawei doesn't say
	// whether it is included, so test clients with both.
	SearchSkipsRooms bool
	// Seed makes [Fault.Probability] repeatable; with 0 every run differs.
	Seed uint64
}

// sampleTokenLife is the validPeriod in the vendor's sample response.
const sampleTokenLife = 56326 * time.Second

// A Server is one Huawei Cloud Meeting service, safe for concurrent use. It starts no
// goroutines, but a request held by a fault keeps its handler's goroutine until
// [Server.Close].
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

// New returns a service with one user, the login, and no meetings. Close it if requests might
// still hang in it.
func New(o Options) *Server {
	s := &Server{opts: o, now: o.Now, closed: make(chan struct{}), serviceID: hexID(), cancelled: map[string]int{}}
	if s.now == nil {
		s.now = time.Now
	}
	s.opts.TokenLife = cmp.Or(o.TokenLife, sampleTokenLife)
	s.opts.PathPrefix = strings.TrimRight(o.PathPrefix, "/")
	seed := cmp.Or(o.Seed, rand.Uint64())
	s.dice = rand.New(rand.NewPCG(seed, seed))
	s.routes = routes()
	s.desk = newDesk()
	s.meter = meter{}
	s.self = s.addLogin()
	return s
}

// Close releases every request held by a fault or a delay; these get no response, nor do
// requests that would hang later. Closing twice is safe. Close it before the
// [net/http.Server] that serves it, which waits for its handlers.
func (s *Server) Close() {
	s.closing.Do(func() { close(s.closed) })
}

// Delay makes every call wait for d before it is handled; 0 ends that. If the caller gives up
// in the meantime, the call still takes effect, as on a real network.
func (s *Server) Delay(d time.Duration) {
	s.change(func() { s.delay = d })
}

// change runs f with the lock held and notifies the watchers afterwards.
func (s *Server) change(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	s.watchers.pulse()
}

// wait waits for d and reports whether the service is still open. It doesn't end when the
// caller hangs up: the vendor performs whatever has arrived.
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

// ServeHTTP serves one call of the Meeting API. Every reply has an X-Request-Id, which
// is also in [Entry.RequestID].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := s.arrive(r)
	out := s.answer(c)
	s.record(c, out)
	if out.ending != endWell || r.Context().Err() != nil {
		defer s.change(func() { c.entry.Lost = true }) // send may panic, which ends the connection
	}
	s.send(w, r, c, out)
}
