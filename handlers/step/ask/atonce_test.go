package ask_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// TestRefusedAtOnce checks that a person who may not use the command at all is refused
// without a wait for the meeting service.
func TestRefusedAtOnce(t *testing.T) {
	t.Parallel()
	arrive := func(next jobs.Step, in step.Envelope) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			in.Person, in.Channel, in.Response = steptest.Dave, steptest.Channel, "https://hooks.example.com/"+steptest.Dave
			in.Started = cancellation.NewID()
			h.Arrive(next, &in)
		}
	}
	types := func(text string) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Types(steptest.Dave, text) }
	}
	for name, act := range map[string]func(*steptest.Fixture){
		"a number":        types(steptest.Number),
		"several numbers": types(steptest.Number + " " + steptest.Weekly),
		"a day":           types("today"),
		"list":            types("list"),
		"picker":          types(""),
		"a pick": func(h *steptest.Fixture) {
			id := h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.Asker, r.State, r.Card, r.Effects = steptest.Dave, cancellation.Received, cancellation.Card{}, nil
				r.Choices = []cancellation.Choice{{MeetingID: steptest.Number}}
			})
			arrive(step.ClickStep, step.Envelope{Action: action.Choose, Block: "choice:0:x", Request: id})(h)
		},
		"a question to the owner": func(h *steptest.Fixture) {
			id := h.Insert(steptest.Number, nil)
			arrive(step.ClickStep, step.Envelope{Action: action.ModalAskOwner, Reason: "Fire drill", Request: id})(h)
		},
		"a meeting in Home": func(h *steptest.Fixture) {
			id := cancellation.NewID()
			err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
				_, err := tx.Homes.Open(h.Context(), steptest.Dave, steptest.Team, "D0DAVE")
				return errors.Join(err, tx.Homes.List(h.Context(), steptest.Dave, []store.Listed{{ID: id, Meeting: steptest.Number}}))
			})
			if err != nil {
				t.Error(err)
			}
			arrive(step.HomeClickStep, step.Envelope{Action: action.HomeMeeting, Request: id, Home: true})(h)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				steptest.Person(steptest.Dave, func(p *bot.Person) { p.Guest = true })(h)
				h.Service.ReadDelay = 7 * time.Second
				act(h)
				h.Pass(2 * time.Second)
				if !h.Chat.WasTold(steptest.Dave, "Guests can't cancel meetings") {
					t.Errorf("the guest was told %q within 3 s", h.Chat.Texts("respond", steptest.Dave))
				}
				h.Pass(time.Minute)
			})
		})
	}
}

// TestHelpAtOnce checks that help, and what is wrong with a command, don't wait long for Slack to
// say who the person is, and that people on an allow list get the help for them.
func TestHelpAtOnce(t *testing.T) {
	t.Parallel()
	for text, told := range map[string]string{
		"help":                          "You are one of the people",
		steptest.Number + " --nonsense": "--nonsense",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Chat.Slow("person", 20*time.Second)
				h.Types(steptest.Ana, text)
				h.Pass(1500 * time.Millisecond)
				if shown := strings.Join(h.Chat.Shown("respond", steptest.Ana), "\n"); !strings.Contains(shown, told) {
					t.Errorf("Ana was shown %q within 2.5 s, want %q in it", shown, told)
				}
			})
		})
	}
}
