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

// historyScopes are what the bot needs to find a message that it has posted.
func historyScopes() []string {
	return []string{
		"commands", "chat:write", "users:read", "users:read.email",
		"channels:history", "groups:history", "im:history", "im:write",
	}
}

const meeting = "914087436"

// limit is how long one story may take from its first word to the end.
const limit = 90 * time.Second

// A story is one cancellation, by people who don't give up, with a program that
// is started again whenever it dies.
type story struct {
	*world.World
	places []string // where the program is to die, one for each of its lives
	look   bool     // the history scopes are granted: everything exactly once
	torn   bool     // the line to the meeting service tears: a DELETE may get lost and be sent again

	db     *store.Store
	ending chan struct{}
	kept   chan error

	mu       sync.Mutex
	mortal   bool      // nobody starts it again
	lives    int       // how often the program was started
	started  time.Time // the last time
	opened   int       // sockets that Slack had seen by then
	surprise error     // the program ended by itself
}

// begin makes the world of a story and starts the program in it.
func begin(t *testing.T, o world.Options, places ...string) *story {
	t.Helper()
	o.Dir, o.Program = t.TempDir(), []string{program}
	s := &story{World: world.New(o), places: places, look: o.Scopes != nil, ending: make(chan struct{}), kept: make(chan error, 1)}
	s.Plan(meeting, world.Carol, nil)
	database := o.Database
	if database == "" {
		database = "sqlite:" + o.Dir + "/meetingbot.db"
	}
	if err := s.live(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(s.ending)
		err := <-s.kept
		if s.Bot.Pid() != 0 {
			// A SIGTERM that comes before the program has asked for it would just kill it.
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
	go func() { s.kept <- s.keep(context.WithoutCancel(t.Context())) }()
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

// live starts the program for its next life.
func (s *story) live(ctx context.Context) error {
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

// keep starts the program again whenever it was killed.
func (s *story) keep(ctx context.Context) error {
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
		if code != -1 { // not by a signal
			s.mu.Lock()
			s.surprise = fmt.Errorf("the program ended by itself with code %d\n%s", code, s.Bot.Log())
			s.mu.Unlock()
			<-s.ending
			return s.surprise
		}
		s.mu.Lock()
		mortal := s.mortal
		s.mu.Unlock()
		if mortal {
			<-s.ending
			return nil
		}
		if err := s.live(ctx); err != nil {
			return err
		}
	}
}

func (s *story) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lives
}

// await waits until holds, whatever the program does meanwhile.
func (s *story) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	if !s.within(limit, holds) {
		t.Fatalf("no %s within %v\n%s\n%s", what, limit, s.scene(), s.Bot.Log())
	}
}

// within waits until holds, and reports whether it came to that.
func (s *story) within(d time.Duration, holds func() bool) bool {
	end := time.NewTimer(d)
	defer end.Stop()
	slack, stop := s.Slack.Watch()
	defer stop()
	// What is only in the database makes no pulse.
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

// patient is how long a person waits for something to happen before they try
// again: on PostgreSQL until another replica must have gone on.
const patient = 6 * time.Second

func (s *story) patience() time.Duration {
	if s.db.Dialect() == database.PostgreSQL {
		return takeOver + 4*time.Second
	}
	return patient
}

// ask types the command until a card shows.
func (s *story) ask(t *testing.T, who string) {
	t.Helper()
	s.persist(t, "card", s.hasButton, func() (*slacksim.Action, error) {
		return s.Slack.Type(who, world.General, "/cancel-meeting "+meeting), nil
	})
}

// press presses the newest card's button until the card says something else.
func (s *story) press(t *testing.T, who string) {
	t.Helper()
	s.persist(t, "answered card", func() bool { return !s.hasButton() || s.Meeting.Cancelled(meeting) > 0 }, func() (*slacksim.Action, error) {
		m, b, found := s.button()
		if !found {
			return nil, errors.New("the button has gone")
		}
		return s.Slack.Click(who, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	})
}

// persist acts again and again until it has led to something.
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

// effects returns the messages that were posted for a kind of effect, by their
// metadata.
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

// effectOf reads from a message's metadata which request it was posted for, and
// as what; empty for any other message.
func effectOf(m slacksim.Message) (request string, kind cancellation.EffectKind) {
	var metadata struct {
		Payload map[string]any `json:"event_payload"`
	}
	_ = json.Unmarshal(m.Metadata, &metadata) // what has none is none of these
	name, _ := metadata.Payload["effect"].(string)
	request, what, _ := strings.Cut(name, "/")
	return request, cancellation.EffectKind(what)
}

// settled reports whether everything is told and nothing is left to do.
func (s *story) settled(ctx context.Context) bool {
	e := s.effects()
	return s.Meeting.Cancelled(meeting) > 0 && len(e[cancellation.ThreadEffect]) > 0 && len(e[cancellation.OwnerEffect]) > 0 && s.idle(ctx)
}

// everybodyKnows reports whether all are told: the card, the thread and the owner.
func (s *story) everybodyKnows() bool {
	e := s.effects()
	return len(e[cancellation.ThreadEffect]) > 0 && len(e[cancellation.OwnerEffect]) > 0 &&
		slices.ContainsFunc(e[cancellation.CardEffect], func(m slacksim.Message) bool { return strings.Contains(m.Plain(), "ancelled by") })
}

// idle reports whether no job is left but those that only read, for cards that stay true.
func (s *story) idle(ctx context.Context) bool {
	var jobs int
	err := s.db.DB().QueryRowContext(ctx, `SELECT count(*) FROM job WHERE step <> 'watch'`).Scan(&jobs)
	return err == nil && jobs == 0
}

// scene is what there is to see, for the reader of a failure.
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

// once has the program stay dead when it dies.
func (s *story) once() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mortal = true
}

// act asks and presses, however often it takes, until done.
func (s *story) act(t *testing.T, done func() bool) {
	t.Helper()
	end := time.Now().Add(limit)
	for !done() {
		if time.Now().After(end) {
			t.Fatalf("not done within %v\n%s\n%s", limit, s.scene(), s.Bot.Log())
		}
		if s.hasButton() {
			s.pressOnce() // what comes too late is answered, and harms nobody
		} else if len(s.effects()[cancellation.CardEffect]) == 0 && s.connected() && !s.asked(t) {
			s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+meeting)
		}
		s.within(2*time.Second, done)
	}
}

// asked reports whether a request is under way.
func (s *story) asked(t *testing.T) bool { return s.audited(t, store.EventRequested) }

// audited reports whether the trail holds an event.
func (s *story) audited(t *testing.T, e store.Event) (found bool) {
	err := s.db.Trail.Read(t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		found = found || row.Event == e
		return nil
	})
	return err == nil && found
}

// state is the state of a process as the kernel tells it: T is frozen.
func state(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return rest[:min(1, len(rest))]
}

// pressOnce presses the newest button, if there is one, and does not wait.
func (s *story) pressOnce() {
	if m, b, found := s.button(); found {
		_, _ = s.Slack.Click(world.Ana, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	}
}

// together runs a subtest for each of all, a few at a time: they mostly wait.
func together[T any](t *testing.T, atOnce int, all []T, name func(T) string, test func(*testing.T, T)) {
	t.Helper()
	var g errgroup.Group
	g.SetLimit(atOnce)
	for _, one := range all {
		g.Go(func() error {
			t.Run(name(one), func(t *testing.T) { test(t, one) })
			return nil
		})
	}
	_ = g.Wait() // the subtests have told
}
