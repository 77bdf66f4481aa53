package press_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestClickHandledLate checks that a click made in time is obeyed, whenever it is handled.
func TestClickHandledLate(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) func(*step.Envelope) {
		return func(in *step.Envelope) { in.At = time.Now().Add(-d) }
	}
	for _, row := range []struct {
		name   string
		about  func(*cancellation.Request)
		after  time.Duration // between the card and handling the click
		click  func(*step.Envelope)
		action string
		want   string
		sent   []string
	}{
		{"cancel in time, handled after expiry", nil, 16 * time.Minute, ago(2 * time.Minute), action.Cancel, "cancelled", []string{"cancel"}},
		{"keep in time, handled after expiry", nil, 16 * time.Minute, ago(2 * time.Minute), action.Keep, "declined", nil},
		{"cancel long ago", nil, 17 * time.Minute, ago(16 * time.Minute), action.Cancel, "superseded", nil},
		{"undo in time, handled after the window", func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt, r.UndoUntil = cancellation.Confirmed, steptest.Ana, time.Now(), time.Now().Add(5*time.Second)
		}, 9 * time.Second, ago(5 * time.Second), action.Undo, "declined", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				h.Pass(row.after)
				h.Presses(steptest.Ana, row.action, id, row.click)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				h.WantCalls(row.sent...)
			})
		})
	}
}

// TestRefusedClickReveals checks that even a refused click reveals where a card is that was
// posted through a response_url, and the response_url that can edit it.
func TestRefusedClickReveals(t *testing.T) {
	t.Parallel()
	for _, way := range []cancellation.Way{cancellation.ByResponse, ""} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			id := h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.Card = cancellation.Card{Channel: steptest.Channel, Way: way}
			})
			h.Presses(steptest.Dave, action.Cancel, id, func(in *step.Envelope) { in.Message.TS = "2" })
			r := h.Stored(id)
			if r.State != cancellation.Asked || r.Card.TS != "2" || r.Response.URL != "https://hooks.example.com/click/"+steptest.Dave || !r.Response.OfClick {
				t.Errorf("%q: the request is %s, its card %+v, edited through %q", way, r.State, r.Card, r.Response.URL)
			}
			h.WantCalls()
		})
	}
}

// TestRefusedClickRepairs checks that a card that missed its last draw, because its response_url was
// used up, is drawn by the next click, even if that person may not do what the button says.
func TestRefusedClickRepairs(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.State, r.Outcome, r.ConfirmedBy, r.ClosedAt = cancellation.Done, cancellation.Cancelled, steptest.Ana, time.Now()
			r.Card.Way = cancellation.ByResponse
		})
		h.Presses(steptest.Dave, action.Undo, id, nil)
		shown := h.Chat.Texts("respond", steptest.Dave)
		has := func(text string) bool {
			return slices.ContainsFunc(shown, func(s string) bool { return strings.Contains(s, text) })
		}
		if !has("can't stop this") || !has("was cancelled") {
			t.Errorf("shown: %q, want a refusal and the end on the card", shown)
		}
	})
}

// TestCardPostedTwice posts a card through a response_url because Slack didn't answer, but
// Slack has posted the message as well. Both end: the message that was clicked through its
// click, the other if the bot may edit it.
func TestCardPostedTwice(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) { r.Card.Way = cancellation.ByResponse })
		h.Presses(steptest.Ana, action.Cancel, id, func(in *step.Envelope) { in.Message.TS = "2" })
		h.Pass(20 * time.Second)
		for how, where := range map[string]string{"respond": steptest.Ana, "update": steptest.Channel + "/1"} {
			if shown := h.Chat.Texts(how, where); len(shown) == 0 || !strings.Contains(shown[len(shown)-1], "cancelled") {
				t.Errorf("%s %s: it shows %q", how, where, shown)
			}
		}
		h.WantCalls("cancel")
	})
}

// TestAskAgain checks that a confirmation that is too old, or no longer matches the meeting,
// is asked again by a request that takes over the card, and that the person who clicked is
// told why.
func TestAskAgain(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		do   func(*steptest.Fixture, cancellation.ID)
		told string
		why  cancellation.AskAgain
	}{
		{"pressed too long ago", func(h *steptest.Fixture, id cancellation.ID) {
			h.Pass(17 * time.Minute)
			h.Presses(steptest.Bob, action.Cancel, id, func(in *step.Envelope) { in.At = time.Now().Add(-16 * time.Minute) })
		}, "too much time passed", cancellation.AskAgainStale},
		{"another subject", func(h *steptest.Fixture, id cancellation.ID) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
			h.Presses(steptest.Bob, action.Cancel, id, nil)
		}, "changed after the card was shown", cancellation.AskAgainChanged},
		{"has started", func(h *steptest.Fixture, id cancellation.ID) {
			steptest.Starts(steptest.Number)(h)
			h.Presses(steptest.Bob, action.Cancel, id, nil)
		}, "changed after the card was shown", cancellation.AskAgainChanged},
		{"starts at the last moment", func(h *steptest.Fixture, id cancellation.ID) {
			h.Service.OnCall = func() {
				steptest.Starts(steptest.Number)(h)
				h.Service.Set(func(s *steptest.Service) { s.OnCall = nil })
			}
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassStarted)}
			h.Presses(steptest.Bob, action.Cancel, id, nil)
		}, "changed after the card was shown", cancellation.AskAgainChanged},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				row.do(h, id)
				if got := steptest.Outcome(h.Stored(id)); got != "superseded" {
					t.Errorf("the old request is %s", got)
				}
				var fresh cancellation.Request
				err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
					r, err := tx.Requests.OpenCard(h.Context(), steptest.Channel, steptest.Number)
					fresh = r.Request
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if fresh.Supersedes != id || fresh.AskAgain != row.why || fresh.Card.TS != "1" || fresh.ConfirmedBy != "" {
					t.Errorf("the new request is %+v", fresh)
				}
				if !h.Chat.WasTold(steptest.Bob, row.told) {
					t.Errorf("Bob was told %q, want %q", h.Chat.Texts("respond", steptest.Bob), row.told)
				}
				// And the new card works.
				h.Service.Set(func(s *steptest.Service) { s.Answers = nil })
				verb := action.Cancel
				if fresh.Meeting.Running {
					verb = action.End
				}
				h.Presses(steptest.Bob, verb, fresh.ID, nil)
				if got := h.Stored(fresh.ID); !got.Outcome.Removed() {
					t.Errorf("the new request ended as %s", steptest.Outcome(got))
				}
			})
		})
	}
}

// TestTwoClicks checks that one click wins, the other person is told, and one call is made.
func TestTwoClicks(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Press(steptest.Bob, action.Cancel, id, nil)
		h.Pass(2 * time.Second)
		h.WantCalls("cancel")
		by := h.Stored(id).ConfirmedBy
		loser := map[string]string{steptest.Ana: steptest.Bob, steptest.Bob: steptest.Ana}[by]
		if !h.Chat.WasTold(loser, by) {
			t.Errorf("%s won, and %s was told %q", by, loser, h.Chat.Texts("respond", loser))
		}
	})
}

// TestTwoStaleClicks checks that if two people press a button too long before it is handled,
// one click asks again, and the other person is told that a newer card does.
func TestTwoStaleClicks(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Pass(17 * time.Minute)
		stale := func(in *step.Envelope) { in.At = time.Now().Add(-16 * time.Minute) }
		second := &step.Envelope{Person: steptest.Ana, Channel: steptest.Channel, Action: action.Cancel, Request: id, Response: "https://hooks.example.com/" + steptest.Ana}
		stale(second)
		h.Overtaken(second, func() { h.Presses(steptest.Bob, action.Cancel, id, stale) })
		h.Pass(2 * time.Second)
		if !h.Chat.WasTold(steptest.Bob, "too much time passed") || !h.Chat.WasTold(steptest.Ana, "A newer card has replaced this one") {
			t.Errorf("Bob was told %q, Ana %q", h.Chat.Texts("respond", steptest.Bob), h.Chat.Texts("respond", steptest.Ana))
		}
		h.WantCalls()
		h.WantIdle()
	})
}

// TestEarlierKeepWins checks that an earlier Keep wins over Cancel, although Slack takes longer
// to identify the person who pressed Keep.
func TestEarlierKeepWins(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Chat.Fail("person", bot.ErrUnavailable, nil)
		h.Press(steptest.Bob, action.Keep, id, nil)
		synctest.Wait()
		time.Sleep(100 * time.Millisecond)
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(20 * time.Second)
		if got := steptest.Outcome(h.Stored(id)); got != "declined" || !h.Chat.WasTold(steptest.Ana, "lready") {
			t.Errorf("the request is %s; Ana was told %q", got, h.Chat.Texts("respond", steptest.Ana))
		}
		h.WantCalls()
		h.WantIdle()
	})
}

// TestPersonNotIdentified checks that a click by a person who can't be looked up is answered
// and does nothing, and that the buttons stay.
func TestPersonNotIdentified(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Chat.Fail("person", bot.ErrUnavailable)
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(20 * time.Second)
		if got := steptest.Outcome(h.Stored(id)); got != "asked" || !h.Chat.WasTold(steptest.Ana, "Try again") {
			t.Errorf("the request is %s, Ana was told %q", got, h.Chat.Texts("respond", steptest.Ana))
		}
		h.WantIdle()
		h.Chat.Recover()
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.WantCalls("cancel")
	})
}

// TestClickShowsSuccessor removes the bot from the channel, so that the card can't show that
// its meeting has started. A click on the outdated card must show it, or that it has expired.
func TestClickShowsSuccessor(t *testing.T) {
	t.Parallel()
	removed := steptest.SlackError(t, "not_in_channel")
	for _, row := range []struct {
		after time.Duration
		shows string
	}{
		{90 * time.Second, steptest.Button(action.End)},
		{20 * time.Minute, "expired"},
	} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			id := h.Types(steptest.Ana, steptest.Number)
			h.Chat.Fail("update", removed)
			h.Chat.Fail("ephemeral", removed)
			steptest.Starts(steptest.Number)(h)
			h.Pass(row.after)
			h.Sweeper.Round(h.Context())
			h.Pass(time.Minute)
			if got := steptest.Outcome(h.Stored(id)); got != "superseded" {
				t.Fatalf("the card's request is %s, want superseded", got)
			}
			h.Presses(steptest.Bob, action.Cancel, id, nil)
			shown := h.Chat.Shown("respond", steptest.Bob)
			if !slices.ContainsFunc(shown, func(said string) bool { return strings.Contains(said, row.shows) }) {
				t.Errorf("clicked %v later, the card shows %q, want %q in it", row.after, shown, row.shows)
			}
			h.WantCalls()
		})
	}
}
