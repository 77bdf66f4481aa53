package crash

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// TestQuestion kills the program at every place that a question to the owner reaches, with
// every envelope delivered twice. The owner is asked once, their click counts once, and the
// asker is told the outcome once.
func TestQuestion(t *testing.T) {
	t.Parallel()
	// The meeting is read before the click counts, so the call begins in the commit that
	// confirms; and owners needn't be told what they did themselves.
	all := slices.DeleteFunc(places(), func(p string) bool {
		return p == failpoint.BeforeCall || p == failpoint.CallWritten || p == failpoint.OwnerTold
	})
	all = append(all, failpoint.AskerTold, failpoint.EnvelopeStored+"@2", failpoint.EnvelopeStored+"@3", failpoint.EnvelopeStored+"@4")
	eachDatabase(t, func(t *testing.T, database func(*testing.T) string) {
		runAll(t, atOnce, all, func(p string) string { return strings.ReplaceAll(p, "/", ".") }, func(t *testing.T, place string) {
			s := begin(t, world.Options{Database: database(t), Scopes: historyScopes()}, place)
			s.Slack.SetDuplicate(true)
			s.askOwner(t)
			s.persist(t, "answer of the owner", func() bool { return s.Meeting.Cancelled(meeting) > 0 }, func() (*slacksim.Action, error) {
				m, b, found := newestButton(s.Slack.DMs(world.Carol), action.Cancel)
				if !found {
					return nil, slacksim.ErrNoElement
				}
				return s.Slack.Click(world.Carol, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
			})
			s.await(t, "end of the question", func() bool { return s.audited(t, store.EventReported) && s.idle(t.Context()) })
			s.checkQuestion(t)
			if s.lifeCount() == 1 {
				t.Errorf("the program never died at %s", place)
			}
		})
	})
}

// askOwner asks as Dave until Carol has the card.
func (s *story) askOwner(t *testing.T) {
	t.Helper()
	put := func() bool {
		_, _, found := newestButton(s.Slack.DMs(world.Carol), action.Cancel)
		return found
	}
	window := func() bool { _, open := s.Slack.Modal(world.Dave); return open }
	offer := func() (slacksim.Message, slacksim.Button, bool) {
		return newestButton(s.Slack.Messages(world.General, world.Dave), action.AskOwner)
	}
	for end := time.Now().Add(limit); !put(); {
		if time.Now().After(end) {
			t.Fatalf("the owner was not asked within %v\n%s\n%s", limit, s.scene(), s.Bot.Log())
		}
		if !s.within(limit/4, s.connected) {
			continue
		}
		next := put
		m, b, offered := offer()
		switch {
		case window():
			_, _ = s.Slack.SubmitModal(world.Dave, map[string]string{action.InputReason: "Fire drill"}) // retried in the next round
		case offered:
			next = func() bool { return window() || put() }
			_, _ = s.Slack.Click(world.Dave, m.Ref, b.ActionID, slacksim.ClickOptions{BlockID: b.BlockID, Value: b.Value})
		default:
			next = func() bool { _, _, offered := offer(); return offered }
			_ = s.Slack.Type(world.Dave, world.General, "/cancel-meeting "+meeting)
		}
		s.within(s.patience(), next)
	}
}

// newestButton finds the newest button of an action among messages.
func newestButton(all []slacksim.Message, action string) (m slacksim.Message, b slacksim.Button, found bool) {
	for _, one := range all {
		for _, button := range one.Buttons() {
			if button.ActionID == action {
				m, b, found = one, button, true
			}
		}
	}
	return m, b, found
}

// decides reports whether a card still has a button that decides about its meeting. The offer
// to delegate to the asker may stay on a final card.
func decides(m slacksim.Message) bool {
	return slices.ContainsFunc(m.Buttons(), func(b slacksim.Button) bool {
		return !strings.HasPrefix(b.Text, "Let @")
	})
}

// checkQuestion compares the final state with the promises.
func (s *story) checkQuestion(t *testing.T) {
	t.Helper()
	if n := s.Meeting.Cancelled(meeting); n != 1 {
		t.Errorf("the meeting was cancelled %d times, want 1", n)
	}
	cards, told := 0, 0
	for _, m := range s.Slack.DMs(world.Carol) {
		if _, kind := effectOf(m); kind != cancellation.CardEffect {
			continue
		}
		cards++
		if decides(m) || !strings.Contains(m.Plain(), "ancelled by") {
			t.Errorf("the owner's card is not in its final state:\n%s", m.Plain())
		}
	}
	for _, m := range s.Slack.DMs(world.Dave) {
		if _, kind := effectOf(m); kind == cancellation.AskerEffect {
			told++
		}
	}
	if cards != 1 || told != 1 {
		t.Errorf("the owner has %d cards, and the asker was told %d times, want 1 and 1\n%s", cards, told, s.scene())
	}
	count := map[store.Event]int{}
	err := s.db.Trail.Read(t.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
		count[row.Event]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []store.Event{store.EventAskOwner, store.EventConfirmed, store.EventSettled, store.EventNotified} {
		if count[e] != 1 {
			t.Errorf("audit event %q occurs %d times, want 1 (%v)", e, count[e], count)
		}
	}
}
