package crash

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// historyScopes are the scopes that the bot needs to find its own messages.
func historyScopes() []string {
	return []string{
		"commands", "chat:write", "users:read", "users:read.email",
		"channels:history", "groups:history", "im:history", "im:write",
	}
}

const meeting = "914087436"

// limit is how long a story may take.
const limit = 90 * time.Second

// A story is one cancellation, by people who don't give up, with a program that is restarted
// whenever it dies.
type story struct {
	*world.World
	places      []string // where the program dies, one place per life
	exactlyOnce bool     // the history scopes are granted: everything exactly once
	mayResend   bool     // the connection to the meeting service breaks: a DELETE may get lost and be sent again

	db         *store.Store
	ending     chan struct{}
	supervised chan error

	mu             sync.Mutex
	mortal         bool      // it isn't restarted
	lives          int       // number of starts
	started        time.Time // time of the latest start
	opened         int       // sockets that Slack had seen before the latest start
	unexpectedExit error     // the program exited on its own
}

// begin makes the world of a story and starts the program.
func begin(t *testing.T, o world.Options, places ...string) *story {
	t.Helper()
	o.Dir, o.Program = t.TempDir(), []string{program}
	s := &story{World: world.New(o), places: places, exactlyOnce: o.Scopes != nil, ending: make(chan struct{}), supervised: make(chan error, 1)}
	s.Book(meeting, world.Carol, nil)
	database := o.Database
	if database == "" {
		database = "sqlite:" + o.Dir + "/meetingbot.db"
	}
	if err := s.startLife(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(s.ending)
		err := <-s.supervised
		if s.Bot.Pid() != 0 {
			// A SIGTERM before the program handles it would just kill it.
			s.within(2*time.Second, s.connected)
		}
		err = errors.Join(err, s.Close())
		if s.db != nil {
			err = errors.Join(err, s.db.Close())
		}
		if err != nil {
			t.Error(err)
		}
	})
	go func() { s.supervised <- s.supervise(context.WithoutCancel(t.Context())) }()
	s.await(t, "a database", func() bool {
		db, err := store.OpenReadOnly(t.Context(), database)
		if err == nil {
			_, err = db.Requests.Due(t.Context(), db.Now(), 1)
			if err != nil {
				_ = db.Close()
			}
		}
		if err == nil {
			s.db = db
		}
		return err == nil
	})
	return s
}

// startLife starts the program for its next life.
func (s *story) startLife(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := ""
	if s.lives < len(s.places) {
		place = s.places[s.lives]
	}
	s.Set("MEETINGBOT_FAILPOINT", place)
	s.lives++
	s.started, s.opened = time.Now(), s.Slack.Opened()
	return s.Bot.Start(ctx)
}

// connected reports whether the program has opened a socket in this life.
func (s *story) connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Slack.Opened() > s.opened && s.Slack.Connections() > 0
}

// supervise restarts the program whenever it was killed.
func (s *story) supervise(ctx context.Context) error {
	for {
		select {
		case <-s.ending:
			return nil
		case <-s.Bot.Exited():
		}
		code, err := s.Bot.Wait(time.Second)
		if err != nil {
			return err
		}
		if code != -1 { // not killed by a signal
			s.mu.Lock()
			s.unexpectedExit = fmt.Errorf("the program exited with code %d\n%s", code, s.Bot.Log())
			s.mu.Unlock()
			<-s.ending
			return s.unexpectedExit
		}
		s.mu.Lock()
		mortal := s.mortal
		s.mu.Unlock()
		if mortal {
			<-s.ending
			return nil
		}
		if err := s.startLife(ctx); err != nil {
			return err
		}
	}
}

func (s *story) lifeCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lives
}

// await waits until holds, no matter what the program does in the meantime.
func (s *story) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	if !s.within(limit, holds) {
		t.Fatalf("no %s within %v\n%s\n%s", what, limit, s.scene(), s.Bot.Log())
	}
}

// within waits until holds, and reports whether it did in time.
func (s *story) within(d time.Duration, holds func() bool) bool {
	end := time.NewTimer(d)
	defer end.Stop()
	slack, stop := s.Slack.Watch()
	defer stop()
	// Changes in the database make no pulse.
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-slack:
		case <-tick.C:
		case <-end.C:
			return false
		}
	}
	return true
}

// patient is how long a person waits before trying again. On PostgreSQL another replica must
// have taken over by then.
const patient = 6 * time.Second

func (s *story) patience() time.Duration {
	if s.db.Dialect() == database.PostgreSQL {
		return takeOver + 4*time.Second
	}
	return patient
}

// ask types the command until a card appears.
func (s *story) ask(t *testing.T, who string) {
	t.Helper()
	s.persist(t, "card", s.hasButton, func() (*slacksim.Action, error) {
		return s.Slack.Type(who, world.General, "/cancel-meeting "+meeting), nil
	})
}

// press presses the newest card's button until the card changes.
func (s *story) press(t *testing.T, who string) {
	t.Helper()
	s.persist(t, "answered card", func() bool { return !s.hasButton() || s.Meeting.Cancelled(meeting) > 0 }, func() (*slacksim.Action, error) {
		m, b, found := s.button()
		if !found {
			return nil, errors.New("the button is gone")
		}
		return s.Slack.Click(who, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	})
}

// persist repeats an action until it has worked.
func (s *story) persist(t *testing.T, what string, holds func() bool, act func() (*slacksim.Action, error)) {
	t.Helper()
	for range 8 {
		if s.within(limit/4, s.connected) {
			if _, err := act(); err != nil && !holds() {
				continue
			}
		}
		if s.within(s.patience(), holds) {
			return
		}
	}
	t.Fatalf("no %s, however often it was tried\n%s\n%s", what, s.scene(), s.Bot.Log())
}

func (s *story) hasButton() bool { _, _, found := s.button(); return found }

// button finds the newest button that cancels.
func (s *story) button() (m slacksim.Message, b slacksim.Button, found bool) {
	for _, one := range s.Slack.Messages(world.General, world.Ana) {
		for _, button := range one.Buttons() {
			if button.ActionID == "cancel_meeting" {
				m, b, found = one, button, true
			}
		}
	}
	return m, b, found
}

// effects returns the messages posted for each kind of effect, according to their metadata.
func (s *story) effects() (all map[cancellation.EffectKind][]slacksim.Message) {
	all = map[cancellation.EffectKind][]slacksim.Message{}
	add := func(list []slacksim.Message) {
		for _, m := range list {
			if _, kind := effectOf(m); kind != "" {
				all[kind] = append(all[kind], m)
			}
		}
	}
	cards := s.Slack.Messages(world.General, world.Ana)
	add(cards)
	for _, m := range cards {
		add(s.Slack.Thread(m.Ref, world.Ana))
	}
	add(s.Slack.DMs(world.Carol))
	add(s.Slack.DMs(world.Ana))
	return all
}

// effectOf returns the request and the kind of effect that a message was posted for,
// according to its metadata; empty for any other message.
func effectOf(m slacksim.Message) (request string, kind cancellation.EffectKind) {
	var metadata struct {
		Payload map[string]any `json:"event_payload"`
	}
	_ = json.Unmarshal(m.Metadata, &metadata) // without metadata it is no effect
	name, _ := metadata.Payload["effect"].(string)
	request, what, _ := strings.Cut(name, "/")
	return request, cancellation.EffectKind(what)
}

// settled reports whether everyone has been told and nothing is left to do.
func (s *story) settled(ctx context.Context) bool {
	e := s.effects()
	return s.Meeting.Cancelled(meeting) > 0 && len(e[cancellation.ThreadEffect]) > 0 && len(e[cancellation.OwnerEffect]) > 0 && s.idle(ctx)
}

// everybodyKnows reports whether the card, the thread and the owner have been told.
func (s *story) everybodyKnows() bool {
	e := s.effects()
	return len(e[cancellation.ThreadEffect]) > 0 && len(e[cancellation.OwnerEffect]) > 0 &&
		slices.ContainsFunc(e[cancellation.CardEffect], func(m slacksim.Message) bool { return strings.Contains(m.Plain(), "ancelled by") })
}

// idle reports whether no job is left, except those that only read to keep cards up to date.
func (s *story) idle(ctx context.Context) bool {
	var jobs int
	err := s.db.DB().QueryRowContext(ctx, `SELECT count(*) FROM job WHERE step <> 'watch'`).Scan(&jobs)
	return err == nil && jobs == 0
}

// scene returns what people see, for failure messages.
func (s *story) scene() string {
	var b strings.Builder
	for _, m := range s.Slack.Messages(world.General, world.Ana) {
		fmt.Fprintf(&b, "--- %s\n%s\n", m.TS, m.Plain())
		for _, r := range s.Slack.Thread(m.Ref, world.Ana) {
			fmt.Fprintf(&b, "    ↳ %s\n", r.Plain())
		}
	}
	for _, m := range s.Slack.DMs(world.Carol) {
		fmt.Fprintf(&b, "--- to Carol\n%s\n", m.Plain())
	}
	return b.String()
}

// stayDead leaves the program dead when it dies.
func (s *story) stayDead() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mortal = true
}

// act asks and presses until done.
func (s *story) act(t *testing.T, done func() bool) {
	t.Helper()
	end := time.Now().Add(limit)
	for !done() {
		if time.Now().After(end) {
			t.Fatalf("not done within %v\n%s\n%s", limit, s.scene(), s.Bot.Log())
		}
		if s.hasButton() {
			s.pressOnce() // if it is too late, that is answered and harmless
		} else if len(s.effects()[cancellation.CardEffect]) == 0 && s.connected() && !s.requested(t) {
			s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+meeting)
		}
		s.within(2*time.Second, done)
	}
}

// requested reports whether a request exists.
func (s *story) requested(t *testing.T) bool { return s.audited(t, store.EventRequested) }

// audited reports whether the trail contains an event.
func (s *story) audited(t *testing.T, e store.Event) (found bool) {
	err := s.db.Trail.Read(t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		found = found || row.Event == e
		return nil
	})
	return err == nil && found
}

// state returns the kernel's state of a process; T means stopped.
func state(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return rest[:min(1, len(rest))]
}

// pressOnce presses the newest button, if there is one, without waiting.
func (s *story) pressOnce() {
	if m, b, found := s.button(); found {
		_, _ = s.Slack.Click(world.Ana, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	}
}

// runAll runs a subtest for each of all, a few at the same time because they mostly wait.
func runAll[T any](t *testing.T, atOnce int, all []T, name func(T) string, test func(*testing.T, T)) {
	t.Helper()
	var g errgroup.Group
	g.SetLimit(atOnce)
	for _, one := range all {
		g.Go(func() error {
			t.Run(name(one), func(t *testing.T) { test(t, one) })
			return nil
		})
	}
	_ = g.Wait() // the subtests have reported
}
