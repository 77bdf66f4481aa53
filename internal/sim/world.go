package sim

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// The people and the channels.
const (
	ana     = "U0ANA"   // may cancel any meeting
	bob     = "U0BOB"   // too
	carol   = "U0CAROL" // owns the meetings
	dave    = "U0DAVE"  // has no right to anything
	general = "C0GENERAL"
	foreign = "C0FOREIGN" // the bot isn't a member
	group   = "S0ONCALL"  // Bob's user group; on the list in some schedules
)

// leadTime is the LEAD_TIME of some schedules. Every meeting begins within it, except later
// dates of a series.
const leadTime = 30 * time.Hour

var everybody = []string{ana, bob, carol, dave}

// A world is the state of one schedule.
type world struct {
	chance    *chance
	began     time.Time
	dir       string
	config    config.Config
	scopes    bool // the bot may search for its own messages
	slack     *slacksim.Server
	meetings  *meetingsim.Server
	listeners map[string]*listener
	servers   []*http.Server
	closing   chan struct{} // closed at the end

	faults []*fault
	deaths []*death
	struck atomic.Int64 // number of times something went wrong

	resends    time.Duration // how often an envelope is resent until it is acked; 0: never
	duplicates bool          // every envelope is delivered twice
	fresh      bool          // the second time under another id
	omits      string        // a field that the meeting service omits
	clocks     bool          // a clock is set in this schedule
	org        bool          // the bot is installed to an organisation
	shared     bool          // two meetings are in one room; see [room]
	tokenLife  time.Duration // of the meeting service's tokens; 0: longer than the schedule
	blinded    string        // another field that it omits for a while
	blindedTo  time.Time
	omitsFrom  time.Duration // when it begins to omit omits

	real    bool          // on PostgreSQL, in real time
	horizon time.Duration // faults may begin until then
	slots   []*slot

	kept     map[string]store.Request // requests before they were blanked
	keptJobs map[string][]string      // and their jobs
	keptRows map[int64]store.AuditRow

	losses  []loss
	changed []reconfiguration // in order

	started map[string]time.Time            // meetings that have started, and when
	guests  map[string][]meetingsim.Invitee // the invited people, by meeting
	lost    map[slacksim.Ref]bool           // messages that were deleted, and channels that were closed to the bot

	set []setting // adjustments of clocks

	serving sync.WaitGroup // requests being served

	busy       atomic.Int64   // background actions that must finish before all is well
	background sync.WaitGroup // the schedule's own goroutines

	mu       sync.Mutex
	over     bool // no new process may start
	lives    int
	files    int
	all      []*process
	trouble  time.Time // until when something is known to be wrong
	calls    []*call
	acts     []*act
	versions map[string]string    // current subject, by meeting
	dates    map[string]time.Time // when a date of a series starts, by its id
	changes  []change
	unproven []claim
	story    []string
	broken   []Violation
	met      map[string]int
}

// A change is a change to a meeting made without the bot.
type change struct {
	at      time.Time
	meeting string
	what    string
}

// removes reports whether the change removed something.
func (c change) removes() bool {
	return c.what == "removed" || c.what == "ended" || c.what == dateLess
}

// newWorld builds a world in which nothing runs yet. Without a directory for SQLite it is on PostgreSQL,
// in real time.
func newWorld(c *chance, dir string) *world {
	w := &world{
		chance: c, began: time.Now(), dir: dir, real: dir == "", closing: make(chan struct{}), listeners: map[string]*listener{},
		started: map[string]time.Time{}, guests: map[string][]meetingsim.Invitee{}, lost: map[slacksim.Ref]bool{}, versions: map[string]string{}, dates: map[string]time.Time{}, kept: map[string]store.Request{}, keptJobs: map[string][]string{}, keptRows: map[int64]store.AuditRow{}, met: map[string]int{}, horizon: 70 * time.Second, slots: []*slot{{}},
	}
	w.trouble = w.began
	w.scopes = c.unit("scopes") < 0.6
	scopes := []string{"commands", "chat:write", "users:read", "users:read.email", "usergroups:read"}
	if w.scopes {
		scopes = append(scopes, "channels:history", "groups:history", "im:history", "im:write")
	}
	if c.happens("redeliver", 0.3) {
		w.resends = c.between("redeliver/after", 3*time.Second, 12*time.Second)
	}
	var l limits
	if !w.real { // it would take minutes
		l, w.tokenLife = drawLimits(c), drawTokenLife(c)
	}
	w.slack = slacksim.New(slacksim.Options{
		HomeTab: true, Events: []string{"app_home_opened"}, Scopes: scopes, RedeliverAfter: w.resends, PingInterval: 5 * time.Second,
		PostInterval: l.posts, PostBurst: l.burst, Rates: l.methods,
	})
	if c.unit("grid") < 0.1 {
		w.installToOrg()
	}
	w.meetings = meetingsim.New(meetingsim.Options{AppID: "app", AppKey: "MEETINGKEY-secret", Seed: c.seed | 1, RateLimit: l.meeting, TokenLife: w.tokenLife})
	w.config = config.Config{
		SlackAppToken: "xapp-1-A0MEETBOT-1-sim", SlackBotToken: "xoxb-1-sim", SlackAPIURL: "http://slack.sim:80/api/", SlackConnections: 2,
		MeetingAPIURL: "http://meeting.sim:80", MeetingAppID: "app", MeetingAppKey: "MEETINGKEY-secret",
		AllowUsers: config.IDs{ana, bob}, SecondPerson: pickWeighted(c, "second", []weighted[cancellation.SecondPerson]{
			{4, cancellation.SecondNever}, {2, cancellation.SecondAlways}, {2, cancellation.SecondMany}, {1, cancellation.SecondEnd}, {1, cancellation.SecondSeries},
		}),
		ConfirmTTL: pick(c, "ttl", 15*time.Minute, 2*time.Minute, 40*time.Second), BotLocale: "en", CardDetails: "full",
		UndoWindow:      pick(c, "undo", 0, 0, 4*time.Second, 15*time.Second),
		ShutdownTimeout: pick(c, "shutdown", 20*time.Second, 5*time.Second),
		AskOwner:        true, DelegationMax: 90 * 24 * time.Hour, ManyMax: 20,
		TellInvited: pick(c, "tell", cancellation.TellAsk, cancellation.TellAlways, cancellation.TellNever),
	}
	if c.unit("leadtime") < 0.15 {
		w.config.LeadTime = leadTime
	}
	if c.unit("group") < 0.3 {
		w.config.AllowUsers, w.config.AllowUsergroups = config.IDs{ana}, config.IDs{group}
	}
	w.fillDirectories()
	w.listen("slack", w.slack, slackPlace)
	w.listen("meeting", w.meetings, meetingPlace)
	return w
}

// people are the members of the workspace.
var people = []slacksim.User{
	{ID: ana, Name: "ana", RealName: "Ana Lima", Email: "ana@example.com", TZ: "Europe/Lisbon"},
	{ID: bob, Name: "bob", RealName: "Bob Stone", Email: "bob@example.com", TZ: "Europe/London"},
	{ID: carol, Name: "carol", RealName: "Carol Ng", Email: "carol@example.com", TZ: "Asia/Singapore"},
	{ID: dave, Name: "dave", RealName: "Dave Roe", Email: "dave@example.com", TZ: "UTC"},
}

// fillDirectories fills the workspace and the meeting service's directory.
func (w *world) fillDirectories() {
	for _, u := range people {
		w.slack.AddUser(u)
		w.meetings.AddUser(meetingsim.User{UUID: "uuid-" + u.Name, Account: u.Name + "@corp", Name: u.RealName, Email: u.Email})
	}
	w.slack.AddUserGroup(group, []string{bob})
	w.slack.AddChannel(slacksim.Channel{ID: general, Name: "general", BotMember: true, Members: everybody})
	w.slack.AddChannel(slacksim.Channel{ID: foreign, Name: "foreign", Members: everybody})
}

// listen serves a service in memory.
func (w *world) listen(name string, h http.Handler, place func(*http.Request) string) {
	l := newListener(name + ".sim:80")
	w.listeners[l.name] = l
	s := &http.Server{Handler: w.serve(name, h, place), ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	w.servers = append(w.servers, s)
	go func() { _ = s.Serve(l) }() // ends with close
}

// close stops everything but the processes.
func (w *world) close() {
	close(w.closing)
	w.meetings.Close()
	w.slack.Close()
	for _, l := range w.listeners {
		_ = l.Close()
	}
	for _, s := range w.servers {
		_ = s.Close()
	}
	w.serving.Wait()
}

// newFile returns a new path for the next process's database.
func (w *world) newFile() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files++
	return filepath.Join(w.dir, fmt.Sprintf("m%d.db", w.files))
}

// lastProcess returns the number of the newest process.
func (w *world) lastProcess() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lives
}

func (w *world) recordCall(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, c)
}

// countUnsure records that the bot can't know what a call did.
func (w *world) countUnsure(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met["unsure "+c.place]++
}

// version returns the current subject of a meeting.
func (w *world) version(meeting string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.versions[meeting]
}

// troubleUntil records that something is wrong until t.
func (w *world) troubleUntil(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t.After(w.trouble) {
		w.trouble = t
	}
}

// waitUntilWell waits until everything has been well for d.
func (w *world) waitUntilWell(d time.Duration) {
	for {
		w.mu.Lock()
		wait := time.Until(w.trouble.Add(d))
		w.mu.Unlock()
		switch {
		case w.busy.Load() > 0:
			wait = max(wait, time.Second)
		case wait <= 0:
			return
		}
		time.Sleep(wait)
	}
}

// count counts an occurrence of something that [sometimes] may want.
func (w *world) count(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met[what]++
}

// until waits for t and reports false if ctx ends first.
func until(ctx context.Context, t time.Time) bool {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
