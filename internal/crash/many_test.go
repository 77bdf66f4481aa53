package crash

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// several are the meetings of a story about more than one, with their owners.
var several = map[string]string{
	"985000001": world.Carol, "985000002": world.Carol, "985000003": world.Paulo, "985000004": world.Paulo, "985000005": world.Bob,
}

// deathsOfMany returns the places at which a request for several meetings can die once it is
// confirmed: its own, those of one of its parts, and after each part.
func deathsOfMany() []string {
	all := append([]string{failpoint.Confirmed}, placesOfMany()...)
	for n := 2; n <= len(several); n++ {
		all = append(all, fmt.Sprintf("%s@%d", failpoint.Concluded, n))
	}
	return append(all, failpoint.CallAnswered+"@3", failpoint.CallBegun+"@5", failpoint.OwnerTold+"@2", failpoint.OwnerTold+"@3")
}

// TestMany kills the program at every place that a card for several meetings reaches, and after
// each part. All meetings are cancelled once, and everyone is told once.
func TestMany(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, database func(*testing.T) string) {
		name := func(place string) string { return strings.ReplaceAll(place, "/", ".") }
		runAll(t, atOnce, deathsOfMany(), name, func(t *testing.T, place string) {
			s := begin(t, world.Options{Database: database(t), Scopes: historyScopes()}, place)
			s.Slack.SetDuplicate(true)
			s.askMany(t)
			s.checkMany(t)
			if s.lifeCount() == 1 {
				t.Errorf("the program never died at %s", place)
			}
		})
	})
}

// askMany cancels all of them as Ana.
func (s *story) askMany(t *testing.T) {
	t.Helper()
	var numbers []string
	for id, owner := range several {
		s.Book(id, owner, nil)
		numbers = append(numbers, id)
	}
	slices.Sort(numbers)
	has := func(text string) func() bool { return func() bool { _, _, found := s.buttonNamed(text); return found } }
	s.persist(t, "card", has("Cancel the ticked…"), func() (*slacksim.Action, error) {
		return s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+strings.Join(numbers, " ")), nil
	})
	for _, step := range []struct{ press, leads string }{{"Cancel the ticked…", "Cancel 5 meetings"}, {"Cancel 5 meetings", ""}} {
		s.persist(t, "next page", func() bool {
			if step.leads != "" {
				return has(step.leads)()
			}
			return !has(step.press)()
		}, func() (*slacksim.Action, error) {
			m, b, found := s.buttonNamed(step.press)
			if !found {
				return nil, errors.New("the button is gone")
			}
			return s.Slack.Click(world.Ana, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
		})
	}
}

// buttonNamed finds the newest button with this text.
func (s *story) buttonNamed(text string) (m slacksim.Message, b slacksim.Button, found bool) {
	for _, one := range s.Slack.Messages(world.General, world.Ana) {
		for _, button := range one.Buttons() {
			if button.Text == text {
				m, b, found = one, button, true
			}
		}
	}
	return m, b, found
}

// checkMany waits for the end of a story about several meetings and reports what is wrong.
func (s *story) checkMany(t *testing.T) {
	t.Helper()
	s.await(t, "settled story", func() bool {
		for id := range several {
			if s.Meeting.Cancelled(id) == 0 {
				return false
			}
		}
		return len(s.effects()[cancellation.ThreadEffect]) > 0 && s.idle(t.Context())
	})
	for id := range several {
		if n := s.Meeting.Cancelled(id); n != 1 {
			t.Errorf("%s was cancelled %d times, want 1", id, n)
		}
	}
	if n := deletes(s.Meeting.Journal()); n != len(several) {
		t.Errorf("%d DELETE requests were sent, want %d", n, len(several))
	}
	said := s.effects()
	if n := len(said[cancellation.ThreadEffect]); n != 1 {
		t.Errorf("%d replies, want 1", n)
	}
	for _, owner := range []string{world.Carol, world.Paulo} {
		if n := len(s.Slack.DMs(owner)); n != 1 {
			t.Errorf("%s has %d direct messages, want 1", owner, n)
		}
	}
	cards := said[cancellation.CardEffect]
	if len(cards) != 1 || !strings.Contains(cards[0].Plain(), "5 meetings cancelled") || len(cards[0].Buttons()) > 0 {
		t.Errorf("%d cards, want one that says that all are cancelled", len(cards))
	}
	s.checkManyTrail(t)
	if t.Failed() {
		t.Logf("%s\n%s", s.scene(), s.Bot.Log())
	}
}

// checkManyTrail checks that every part ended once, and the whole request too.
func (s *story) checkManyTrail(t *testing.T) {
	t.Helper()
	count := map[string]int{}
	err := s.db.Trail.Read(t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		count[strings.TrimSpace(string(row.Event)+" "+row.Detail["what"])]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	parts := len(several)
	for event, want := range map[string]int{
		"requested": parts + 1, "confirmed": parts + 1, "done": parts + 1, "asked": 1, "reported final": 1, "reported thread": 1, "notified": 3,
	} {
		if count[event] != want {
			t.Errorf("audit event %q occurs %d times, want %d", event, count[event], want)
		}
	}
}

// TestManyShared has two replicas share the work. One of them dies halfway and stays dead.
func TestManyShared(t *testing.T) {
	t.Parallel()
	for _, place := range []string{failpoint.CallAnswered, failpoint.Concluded + "@2", failpoint.OwnerTold} {
		t.Run(strings.ReplaceAll(place, "/", "."), func(t *testing.T) {
			t.Parallel()
			s := begin(t, world.Options{Database: pgtest.URL(t), Scopes: historyScopes()}, place)
			s.stayDead()
			s.startSecond(t)
			s.askMany(t)
			s.checkMany(t)
		})
	}
}
