package owner_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestOwnerLeaves checks that the asker hears at once that the owner can't answer any more,
// and isn't left to wait for the end of the question. A Slack that doesn't say proves nothing.
func TestOwnerLeaves(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		event func(*steptest.Fixture)
		left  bool
	}{
		{"stays", func(*steptest.Fixture) {}, false},
		{"deactivated", steptest.Person(steptest.Carol, func(p *bot.Person) { p.Deleted = true }), true},
		{"removed", func(h *steptest.Fixture) { h.Chat.Leave(steptest.Carol) }, true},
		{"a guest", steptest.Person(steptest.Carol, func(p *bot.Person) { p.Guest = true }), true},
		{"deactivated, while the meeting can't be read", func(h *steptest.Fixture) {
			steptest.Person(steptest.Carol, func(p *bot.Person) { p.Deleted = true })(h)
			h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(meetingapi.ClassUnavailable)} })
		}, true},
		{"Slack is down", func(h *steptest.Fixture) { h.Chat.Fail("person", bot.ErrUnavailable) }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				id := asked(h, "the room is flooded")
				h.Pass(10 * time.Second)
				row.event(h)
				h.Pass(2 * time.Minute)
				want, told := "asked", 0
				if row.left {
					want, told = "refused", 1
				}
				said := h.Chat.Texts("dm", steptest.Dave)
				if got := steptest.Outcome(h.Stored(id)); got != want || len(said) != told {
					t.Errorf("the question is %s, Dave was told %q; want %s, %d message", got, said, want, told)
				}
				if row.left && !strings.Contains(strings.Join(said, "\n"), "can no longer answer") {
					t.Errorf("Dave was told %q", said)
				}
				h.WantCalls()
			})
		})
	}
}

// TestOwnerAnswersAndLeaves checks that a question answered just before its owner left is left
// alone. The watch has nothing to repeat.
func TestOwnerAnswersAndLeaves(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 100)
	steptest.Run(t, func(h *steptest.Fixture) {
		questions(h)
		h.Queue = jobs.New(h.Store, jobs.Options{Observe: func(s jobs.Step, _ time.Duration, err error) {
			if s == step.WatchStep && err != nil {
				failed <- err
			}
		}})
	}, func(h *steptest.Fixture) {
		id := asked(h, "the room is flooded")
		h.Pass(10 * time.Second)
		r := h.Stored(id)
		h.Service.Set(func(s *steptest.Service) {
			s.OnRead = func(int) { // by the watch, which has seen the question open
				h.Chat.Leave(steptest.Carol)
				_ = h.Store.Do(h.Context(), func(tx *store.Tx) error {
					return step.ChangeAsked(h.Context(), tx, &r, func(r *store.Request) error {
						r.ClosedBy, r.ClosedAt = steptest.Carol, tx.Now()
						return r.Become(cancellation.Declined)
					})
				})
			}
		})
		h.Pass(2 * time.Minute)
		if got := steptest.Outcome(h.Stored(id)); got != "declined" || len(failed) > 0 {
			t.Errorf("the question is %s; the watch failed %d times", got, len(failed))
		}
	})
}
