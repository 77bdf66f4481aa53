package press_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/dbfault"
)

// TestModal checks what the person is told if the modal doesn't open. If it may be open, they
// must not be told that nothing was done.
func TestModal(t *testing.T) {
	t.Parallel()
	const no, perhaps = "can't be done just now", "can't tell whether that was accepted"
	for _, row := range []struct {
		name  string
		fails error
		takes time.Duration
		told  string
	}{
		{name: "opens"},
		{name: "refused", fails: bot.ErrGone, told: no},
		{name: "not sent", fails: bot.ErrNotSent, told: no},
		{name: "no answer", fails: bot.ErrUnavailable, told: perhaps},
		{name: "no answer in time", takes: time.Minute, told: perhaps},
	} {
		for _, verb := range []string{action.AddReason, action.Delegate} {
			t.Run(row.name+"/"+verb, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					h.AllowDelegation(90 * 24 * time.Hour)
					if row.fails != nil {
						h.Chat.Fail("modal", row.fails)
					}
					h.Chat.Slow("modal", row.takes)
					press(h, steptest.Carol, verb)
					h.Pass(2 * time.Second)
					if row.told == "" {
						if h.Chat.Modals.Load() != 1 || h.Chat.WasTold(steptest.Carol, "") {
							t.Errorf("%d modals, and told %q", h.Chat.Modals.Load(), h.Chat.Texts("respond", steptest.Carol))
						}
						return
					}
					if !h.Chat.WasTold(steptest.Carol, row.told) {
						t.Errorf("told %q, want %q", h.Chat.Texts("respond", steptest.Carol), row.told)
					}
				})
			})
		}
	}
}

// TestModalOpenedOnce fails the database while an open modal is being recorded, even for
// longer than a run. The person must get no other answer, except from another process, which
// says that it doesn't know whether the modal opened.
func TestModalOpenedOnce(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		away time.Duration
		dies bool
		told int
	}{
		{"for a moment", time.Second, false, 0},
		{"for a minute", time.Minute, false, 0},
		{"until another process takes over", time.Minute, true, 1},
	} {
		for _, verb := range []string{action.AddReason, action.AskOwner, action.Delegate} {
			t.Run(verb+"/"+row.name, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					h.AllowDelegation(90 * 24 * time.Hour)
					h.Access.Questions = true
					who := steptest.Carol
					if verb == action.AskOwner {
						who = steptest.Dave
					}
					h.DB.Next("UPDATE envelope", dbfault.Refuse, -1)
					press(h, who, verb)
					if row.dies {
						h.RestartBoard()
					}
					h.Pass(row.away)
					h.DB.Heal()
					h.Pass(time.Minute)
					told := h.Chat.Texts("respond", who)
					if doubts := h.Chat.WasTold(who, "can't tell whether that was accepted"); h.Chat.Modals.Load() != 1 || len(told) != row.told || doubts != row.dies {
						t.Errorf("%d modals, and told %q", h.Chat.Modals.Load(), told)
					}
				})
			})
		}
	}
}

// TestModalRefusedOnce checks that a person is told once that no modal opens, even if the run
// is repeated because the database is down.
func TestModalRefusedOnce(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Fail("modal", bot.ErrGone)
		h.DB.Next("UPDATE envelope", dbfault.Refuse, -1)
		press(h, steptest.Carol, action.AddReason)
		h.Pass(time.Minute)
		h.DB.Heal()
		h.Pass(time.Minute)
		if told := h.Chat.Texts("respond", steptest.Carol); len(told) != 1 || !strings.Contains(told[0], "can't be done just now") {
			t.Errorf("told %q, want once that it can't be done", told)
		}
		h.WantIdle()
	})
}

// press makes a person click a button that opens a modal, on a new card.
func press(h *steptest.Fixture, who, verb string) {
	id, next := h.Insert(steptest.Number, nil), step.ClickStep
	if verb == action.Delegate {
		next = step.DelegateStep
	}
	h.Arrive(next, &step.Envelope{
		Person: who, Channel: steptest.Channel, Response: "https://hooks.example.com/" + who, Action: verb, Request: id,
		Message: bot.MessageRef{Channel: steptest.Channel, TS: "1"}, Trigger: "t",
	})
	h.Pass(2 * time.Second)
}
