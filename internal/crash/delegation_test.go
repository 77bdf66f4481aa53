package crash

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// TestDelegationMatrix kills the program at every place of Home and of delegations, with every
// envelope delivered twice. Whatever was acked takes effect once, and in the end Home shows the
// current state.
func TestDelegationMatrix(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, database func(*testing.T) string) {
		all := make([]scenario, 0, len(placesOfHome()))
		for i, place := range placesOfHome() {
			all = append(all, scenario{[]string{place, placesOfHome()[(i+2)%len(placesOfHome())]}})
		}
		runAll(t, atOnce, all, scenario.String, func(t *testing.T, sc scenario) {
			s := begin(t, world.Options{Database: database(t)}, sc.places...)
			s.Slack.SetDuplicate(true)
			s.delegateAndRevoke(t)
			if s.lifeCount() == 1 {
				t.Errorf("the program never died at %s", sc.places[0])
			}
		})
	})
}

// delegateAndRevoke opens Home as Carol, delegates to Dave, and revokes that once he has used it.
func (s *story) delegateAndRevoke(t *testing.T) {
	t.Helper()
	home := func() string {
		h, _ := s.Slack.Home(world.Carol)
		return h.Plain()
	}
	s.persist(t, "Home", func() bool { return strings.Contains(home(), "Only you and") }, func() (*slacksim.Action, error) {
		return s.Slack.OpenHome(world.Carol)
	})
	s.persist(t, "delegation", func() bool { return strings.Contains(home(), "@dave, until") && s.daveWasTold("lets you cancel") }, func() (*slacksim.Action, error) {
		if s.hasEvent(t, store.EventDelegated) {
			return nil, nil //nolint:nilnil // it was acked, so don't repeat it
		}
		if err := s.clickHome("Add…"); err != nil {
			return nil, err
		}
		s.within(2*time.Second, func() bool { _, open := s.Slack.Modal(world.Carol); return open })
		return s.Slack.SubmitModal(world.Carol, map[string]string{
			"delegate_receiver": world.Dave, "delegate_until": time.Now().AddDate(0, 0, 7).Format(time.DateOnly),
		})
	})
	s.ask(t, world.Dave)
	s.press(t, world.Dave)
	s.await(t, "cancellation", func() bool { return s.settled(t.Context()) })
	s.persist(t, "end of the delegation", func() bool { return strings.Contains(home(), "Only you and") && s.daveWasTold("no longer lets you") }, func() (*slacksim.Action, error) {
		if s.hasEvent(t, store.EventDelegationRevoked) {
			return nil, nil //nolint:nilnil // it was acked
		}
		return nil, s.clickHome("Remove")
	})
	s.await(t, "end of all work", func() bool { return s.idle(t.Context()) })
	if n := s.Meeting.Cancelled(meeting); n != 1 {
		t.Errorf("the meeting was cancelled %d times, want 1", n)
	}
	for _, e := range []store.Event{store.EventDelegated, store.EventDelegationUsed, store.EventDelegationRevoked} {
		if n := s.countEvents(t, e); n != 1 {
			t.Errorf("the trail has %d lines of %s, want 1", n, e)
		}
	}
}

// clickHome presses a button in Carol's Home.
func (s *story) clickHome(text string) error {
	h, _ := s.Slack.Home(world.Carol)
	i := slices.IndexFunc(h.Buttons(), func(b slacksim.Button) bool { return b.Text == text })
	if i < 0 {
		return fmt.Errorf("no button %s in Home", text)
	}
	b := h.Buttons()[i]
	_, err := s.Slack.ClickView(world.Carol, h.ID, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
	return err
}

// daveWasTold reports whether Dave has a direct message with this text.
func (s *story) daveWasTold(text string) bool {
	return slices.ContainsFunc(s.Slack.DMs(world.Dave), func(m slacksim.Message) bool { return strings.Contains(m.Plain(), text) })
}

func (s *story) hasEvent(t *testing.T, e store.Event) bool { return s.countEvents(t, e) > 0 }

// countEvents counts an event in the trail.
func (s *story) countEvents(t *testing.T, e store.Event) (n int) {
	t.Helper()
	err := s.db.Trail.Read(t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		if row.Event == e {
			n++
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return n
}
