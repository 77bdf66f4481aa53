package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// TestSoak cancels many meetings at once while the program is killed and both services fail at
// random. None is lost, and none is cancelled twice.
func TestSoak(t *testing.T) {
	t.Parallel()
	n := 60
	if full() {
		n = 400
	}
	if text := os.Getenv("MEETINGBOT_TEST_SOAK"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	s := &soak{story: begin(t, world.Options{Scopes: historyScopes()}), n: n, rand: rand.New(rand.NewPCG(1, uint64(n)))} // reproducible on purpose
	s.mayResend = true
	s.Set("ALLOW_USERS", "*") // each person may ask only five times a minute, so there are many people
	s.Slack.SetDuplicate(true)
	s.Forgive = func(v string) bool { return strings.Contains(v, "acknowledged") } // by a process that was killed
	s.run(t)
}

// atOnceInSoak is how many people ask at the same time.
const atOnceInSoak = 24

// arrival is the interval at which people come to cancel a meeting.
const arrival = 75 * time.Millisecond

// givesUpAfter is how long a person keeps trying. An unknown outcome takes half a minute to
// be called unchanged, and the program is killed in the meantime.
const givesUpAfter = 3 * time.Minute

// A soak is many stories in one world.
type soak struct {
	*story
	n    int
	rand *rand.Rand

	retyped, pressedAgain atomic.Int64
	mu                    sync.Mutex
	took                  []time.Duration
}

func (s *soak) id(i int) string      { return strconv.Itoa(910_000_000 + i) }
func (s *soak) person(i int) string  { return fmt.Sprintf("U0P%06d", i) }
func (s *soak) channel(i int) string { return fmt.Sprintf("C0CH%04d", i%atOnceInSoak) }

func (s *soak) run(t *testing.T) {
	people := make([]string, s.n)
	for i := range s.n {
		people[i] = s.person(i)
		s.Slack.AddUser(slacksim.User{ID: people[i], Name: "p" + strconv.Itoa(i), RealName: "Person " + strconv.Itoa(i), Email: people[i] + "@example.com", Locale: "en-US", TZ: "UTC"})
		s.Book(s.id(i), world.Carol, nil)
	}
	for i := range atOnceInSoak {
		s.Slack.AddChannel(slacksim.Channel{ID: s.channel(i), Name: "room-" + strconv.Itoa(i), BotMember: true, Members: append(people, world.Ana)})
	}
	if err := s.Bot.Signal(syscall.SIGKILL); err != nil { // so that it gets the new ALLOW_USERS
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	var trouble errgroup.Group
	trouble.Go(func() error { s.trouble(ctx); return nil })
	begin := time.Now()
	var g errgroup.Group
	g.SetLimit(atOnceInSoak)
	arrivals := time.NewTicker(arrival)
	defer arrivals.Stop()
	for i := range s.n {
		<-arrivals.C
		g.Go(func() error { return s.cancelOne(i) })
	}
	err := g.Wait()
	end()
	_ = trouble.Wait()
	s.Slack.ClearFaults()
	s.Meeting.ClearFaults()
	if err != nil {
		t.Fatalf("%v\n%s", err, tail(s.Bot.Log()))
	}
	s.await(t, "end of all reports", func() bool { return s.idle(t.Context()) })
	s.check(t)
	slices.Sort(s.took)
	t.Logf("%d cancellations in %v, %d kills, %d commands typed again, %d buttons pressed again; from command to effect: half within %v, the slowest %v",
		s.n, time.Since(begin).Round(time.Second), s.lifeCount()-1, s.retyped.Load(), s.pressedAgain.Load(),
		s.took[len(s.took)/2].Round(time.Millisecond), s.took[len(s.took)-1].Round(time.Millisecond))
}

// cancelOne is one persistent person with one meeting: they type the command until a card
// asks, type it again if the card says that the meeting is unchanged, and press the button
// until the meeting is cancelled.
func (s *soak) cancelOne(i int) error {
	begin := time.Now()
	done := func() bool { return s.Meeting.Cancelled(s.id(i)) > 0 }
	typed, pressed := 0, 0
	for !done() {
		if typed+pressed > 15 || time.Since(begin) > givesUpAfter {
			return fmt.Errorf("meeting %s was not cancelled: typed %d times, pressed %d times\n%s", s.id(i), typed, pressed, s.cards(i))
		}
		s.within(30*time.Second, s.connected)
		cards := s.cards(i)
		m, b, asks := s.cardOf(i)
		switch {
		case asks:
			pressed++
			_, _ = s.Slack.Click(s.person(i), m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
			s.within(patient, done)
		case cards == "" || strings.HasSuffix(cards, failed):
			typed++
			s.Slack.Type(s.person(i), s.channel(i), "/cancel-meeting "+s.id(i))
			s.within(3*patient, func() bool { _, _, asks := s.cardOf(i); return asks || done() })
		default: // the bot is working on it
			s.within(patient, done)
		}
	}
	s.retyped.Add(int64(typed - 1))
	s.pressedAgain.Add(int64(pressed - 1))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took = append(s.took, time.Since(begin))
	return nil
}

// failed ends the result of cards if the latest card says that the meeting is unchanged.
const failed = "(not cancelled)\n"

// cards returns the text of all cards about a meeting.
func (s *soak) cards(i int) string {
	var b strings.Builder
	for _, m := range s.Slack.Messages(s.channel(i), s.person(i)) {
		if text := m.Plain(); strings.Contains(text, "Budget review "+s.id(i)) && !m.Ephemeral {
			fmt.Fprintf(&b, "%s\n", text)
			if strings.Contains(text, "unchanged") {
				b.WriteString(failed)
			}
		}
	}
	return b.String()
}

// cardOf finds the card that asks about a meeting.
func (s *soak) cardOf(i int) (slacksim.Message, slacksim.Button, bool) {
	subject := "Budget review " + s.id(i)
	for _, m := range s.Slack.Messages(s.channel(i), s.person(i)) {
		if !strings.Contains(m.Plain(), subject) {
			continue
		}
		for _, b := range m.Buttons() {
			if b.ActionID == "cancel_meeting" {
				return m, b, true
			}
		}
	}
	return slacksim.Message{}, slacksim.Button{}, false
}

// trouble kills the program and makes both services fail, until ctx ends.
func (s *soak) trouble(ctx context.Context) {
	for {
		pause := time.Duration(300+s.rand.IntN(1500)) * time.Millisecond
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		// Unused faults are removed, or they would pile up on the last meetings.
		s.Slack.ClearFaults()
		s.Meeting.ClearFaults()
		switch s.rand.IntN(9) {
		case 0, 1, 2:
			_ = s.Bot.Signal(syscall.SIGKILL)
		case 3:
			s.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultReset, After: true, Times: 2})
		case 4:
			s.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultError, Status: 502, Times: 2})
		case 5:
			s.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultHalfJSON, Times: 3})
		case 6:
			s.Slack.Fault(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.FaultReset, After: true, Times: 2})
		case 7:
			s.Slack.Fault(slacksim.Fault{Method: "chat.update", Kind: slacksim.FaultRateLimit, RetryAfter: 1, Times: 3})
		case 8:
			s.Slack.DropSocket("rst")
		}
	}
}

// check compares the final state with the promises, for every meeting.
func (s *soak) check(t *testing.T) {
	t.Helper()
	seen := map[string]map[cancellation.EffectKind]int{}
	count := func(list []slacksim.Message) {
		for _, m := range list {
			id, kind := effectOf(m)
			if kind == "" {
				continue
			}
			if seen[id] == nil {
				seen[id] = map[cancellation.EffectKind]int{}
			}
			seen[id][kind]++
		}
	}
	for i := range atOnceInSoak {
		for _, m := range s.Slack.Messages(s.channel(i), world.Ana) {
			count([]slacksim.Message{m})
			count(s.Slack.Thread(m.Ref, world.Ana))
			if _, kind := effectOf(m); kind == cancellation.CardEffect && len(m.Buttons()) > 0 {
				t.Errorf("a card still asks:\n%s", m.Plain())
			}
		}
	}
	count(s.Slack.DMs(world.Carol))
	for i := range s.n {
		if n := s.Meeting.Cancelled(s.id(i)); n != 1 {
			t.Errorf("meeting %s was cancelled %d times, want 1", s.id(i), n)
		}
	}
	whole := 0
	for id, kinds := range seen {
		for kind, n := range kinds {
			if n > 1 {
				t.Errorf("request %s: %d messages of kind %s, want 1", id, n, kind)
			}
		}
		if kinds[cancellation.CardEffect] == 1 && kinds[cancellation.ThreadEffect] == 1 && kinds[cancellation.OwnerEffect] == 1 {
			whole++
		}
	}
	if whole != s.n {
		t.Errorf("%d cancellations have a card, a reply and a message to the owner, want %d", whole, s.n)
	}
}

// tail returns the end of a long text.
func tail(s string) string { return s[max(0, len(s)-8000):] }
