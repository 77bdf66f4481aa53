package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

// TestToldDirectly: whatever Slack refuses for a moment while several people are told the end
// of a lost card → each is told once.
func TestToldDirectly(t *testing.T) {
	t.Parallel()
	archived, deleted, off := steptest.SlackError(t, "is_archived"), steptest.SlackError(t, "message_not_found"), steptest.SlackError(t, "messages_tab_disabled")
	busy, policy := bot.ErrUnavailable, steptest.SlackError(t, "ekm_access_denied")
	lost := map[string][]error{"update": {archived}, "reply": {archived}}
	cancelled := ends("cancelled", steptest.Bob)
	for _, row := range []struct {
		name     string
		about    func(*cancellation.Request)
		fails    map[string][]error
		ana, bob [2]int // direct messages, and answers where it was asked
	}{
		{"the second person, once", cancelled, map[string][]error{"dm": {nil, nil, busy, nil}}, [2]int{1, 0}, [2]int{1, 0}},
		{"the first person, once", cancelled, map[string][]error{"dm": {nil, busy, nil}}, [2]int{1, 0}, [2]int{1, 0}},
		{"the second person, and neither takes messages", cancelled, map[string][]error{"dm": {nil, off}, "ephemeral": {nil, busy, nil}}, [2]int{0, 1}, [2]int{0, 1}},
		{"the first person, and only the channel reaches them", cancelled, map[string][]error{"dm": {nil, archived}, "ephemeral": {busy, nil}}, [2]int{0, 1}, [2]int{0, 1}},
		{"the first person, until an operator changes a policy", cancelled, map[string][]error{"dm": {nil, archived}, "ephemeral": {policy, nil}}, [2]int{0, 1}, [2]int{0, 1}},
		{"the asker of a card that was deleted", func(r *cancellation.Request) {
			ends("declined", steptest.Bob)(r)
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/" + steptest.Bob, At: time.Now(), OfClick: true, By: steptest.Bob}
		}, map[string][]error{"update": {deleted}, "dm": {busy, nil}}, [2]int{1, 0}, [2]int{0, 0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				for method, errs := range lost {
					h.Chat.Fail(method, errs...)
				}
				for method, errs := range row.fails {
					h.Chat.Fail(method, errs...)
				}
				reportOf(t, h, row.about)
				for who, want := range map[string][2]int{steptest.Ana: row.ana, steptest.Bob: row.bob} {
					if got := [2]int{len(h.Chat.Texts("dm", who)), len(h.Chat.Texts("ephemeral", who))}; got != want {
						t.Errorf("%s was told %v times in a direct message and in the channel, want %v", who, got, want)
					}
				}
				if n := len(h.Chat.Texts("respond", steptest.Bob)); n > 1 {
					t.Errorf("Bob, who pressed, is shown the end %d times", n)
				}
				h.WantIdle()
			})
		})
	}
}

// TestToldWhileLookUpsHang: Slack hangs when asked for a person's language or for a link → people are told without.
func TestToldWhileLookUpsHang(t *testing.T) {
	t.Parallel()
	archived := steptest.SlackError(t, "is_archived")
	for name, row := range map[string]struct {
		about func(*cancellation.Request)
		told  []string
	}{
		"a lost card": {ends("cancelled", steptest.Bob), []string{steptest.Ana, steptest.Bob, steptest.Carol}},
		"a question to the owner": {func(r *cancellation.Request) {
			askOwner(r)
			ends("cancelled", steptest.Carol)(r)
		}, []string{steptest.Dave}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Chat.Forget = true
				h.Chat.Hang("person")
				h.Chat.Hang("permalink")
				h.Chat.Fail("update", archived)
				h.Chat.Fail("reply", archived)
				reportOf(t, h, row.about)
				for _, who := range row.told {
					if n := len(h.Chat.Texts("dm", who)); n != 1 {
						t.Errorf("%s was told %d times within half a minute, want once", who, n)
					}
				}
			})
		})
	}
}

// TestPresserToldDirectly: a click that finds out how a request ended is answered by the card. If
// the card is lost, the person who clicked is told like the others.
func TestPresserToldDirectly(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, action string
		about        func(*cancellation.Request)
		told         string
	}{
		{"keep, after it was cancelled from another card", action.Keep, func(*cancellation.Request) {}, "from another card"},
		{"check again", action.CheckAgain, ends("unknown", steptest.Ana), "was cancelled"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			archived, used := steptest.SlackError(t, "is_archived"), steptest.SlackError(t, "used_url")
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.Channel, r.Card.Channel = "C2", "C2"
					ends("cancelled", steptest.Carol)(r)
					if row.action == action.CheckAgain {
						r.Meeting.ID = steptest.Second
					}
				})
				h.Service.Remove(steptest.Number)
				h.Chat.Fail("update", archived)
				h.Chat.Fail("reply", archived)
				h.Chat.Fail("respond", used)
				h.Presses(steptest.Bob, row.action, id, nil)
				h.Pass(30 * time.Second)
				for _, who := range []string{steptest.Ana, steptest.Bob} {
					if got := h.Chat.Texts("dm", who); len(got) != 1 || !strings.Contains(got[0], row.told) {
						t.Errorf("%s is told %q, want %q", who, got, row.told)
					}
				}
				h.WantIdle()
			})
		})
	}
}

// TestAskedAgainDirectly: the confirmation is too old, and the card, which says that the bot is
// working, can't be changed any more. The asker, and who confirmed, get the question directly.
func TestAskedAgainDirectly(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]cancellation.Way{"its response_url is used up": cancellation.ByResponse, "the bot was removed": cancellation.ByMessage} {
		for _, direct := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", direct messages: ", direct), func(t *testing.T) {
				t.Parallel()
				gone, used := steptest.SlackError(t, "channel_not_found"), steptest.SlackError(t, "used_url")
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					h.Chat.Fail("update", gone)
					h.Chat.Fail("respond", used)
					if !direct {
						h.Chat.Fail("dm", gone)
					}
					id := h.Insert(steptest.Number, func(r *cancellation.Request) {
						r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Bob, time.Now().Add(-20*time.Minute)
						r.Card.Way = way
						r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/" + steptest.Bob, At: time.Now(), OfClick: true, By: steptest.Bob}
					})
					h.Enqueue(step.CancelStep, id)
					h.Pass(30 * time.Second)
					how := "dm"
					if !direct {
						how = "ephemeral"
					}
					for _, who := range []string{steptest.Ana, steptest.Bob} {
						got := h.Chat.Shown(how, who)
						cards := slices.DeleteFunc(slices.Clone(got), func(said string) bool {
							return !strings.Contains(said, "too much time passed") || !strings.Contains(said, steptest.Button(action.Cancel))
						})
						if len(cards) != 1 {
							t.Errorf("%s is asked %q, want one card", who, got)
						}
					}
					if !direct {
						h.WantIdle()
						return
					}
					h.Chat.Recover()
					h.Presses(steptest.Bob, action.Cancel, h.Stored(id).Successor, func(in *step.Envelope) {
						in.Channel, in.Message = "D"+steptest.Bob, bot.MessageRef{Channel: "D" + steptest.Bob, TS: "1"}
					})
					h.Pass(30 * time.Second)
					h.WantCalls("cancel")
					for _, who := range []string{steptest.Ana, steptest.Bob} {
						if got := h.Chat.Texts("update", "D"+who+"/1"); len(got) == 0 || !strings.Contains(got[len(got)-1], "was cancelled by") {
							t.Errorf("the card of %s says %q", who, got)
						}
					}
					h.WantIdle()
				})
			})
		}
	}
}

// TestQuestionAskedAgainDirectly: an owner's card asks again and can't be changed → the owner gets it
// directly. The person who asked them never sees it: they weren't allowed to learn the subject.
func TestQuestionAskedAgainDirectly(t *testing.T) {
	t.Parallel()
	gone := steptest.SlackError(t, "channel_not_found")
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Fail("update", gone)
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			askOwner(r)
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Carol, time.Now().Add(-20*time.Minute)
		})
		h.Enqueue(step.CancelStep, id)
		h.Pass(30 * time.Second)
		for who, want := range map[string]bool{steptest.Carol: true, steptest.Dave: false} {
			if got := h.Chat.Shown("dm", who); strings.Contains(strings.Join(got, "\n"), steptest.Button(action.Cancel)) != want {
				t.Errorf("%s is sent %q, want the card: %t", who, got, want)
			}
		}
		h.WantIdle()
	})
}

// TestAskedAgainWithCopies: what is sent directly in place of a card doesn't make its copies
// forgotten, and neither does an answer that comes while it is sent.
func TestAskedAgainWithCopies(t *testing.T) {
	t.Parallel()
	gone := steptest.SlackError(t, "channel_not_found")
	for _, early := range []bool{false, true} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Chat.Fail("update", gone)
			id := h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Bob, time.Now().Add(-20*time.Minute)
				r.Copies = []cancellation.Card{{Channel: "D" + steptest.Carol, TS: "9", Way: cancellation.ByDirect}}
			})
			h.Enqueue(step.CancelStep, id)
			if early {
				h.Chat.Slow("dm", time.Second)
				time.Sleep(1500 * time.Millisecond) // the first has the card, the second not yet
			} else {
				h.Pass(30 * time.Second)
			}
			h.Chat.Recover()
			h.Presses(steptest.Bob, action.Cancel, h.Stored(id).Successor, func(in *step.Envelope) {
				in.Channel, in.Message = "D"+steptest.Ana, bot.MessageRef{Channel: "D" + steptest.Ana, TS: "1"}
			})
			h.Pass(30 * time.Second)
			h.WantCalls("cancel")
			for _, at := range []string{"D" + steptest.Ana + "/1", "D" + steptest.Bob + "/1", "D" + steptest.Carol + "/9"} {
				if got := h.Chat.Texts("update", at); len(got) == 0 || !strings.Contains(got[len(got)-1], "was cancelled by") {
					t.Errorf("answered early: %t: the card at %s says %q", early, at, got)
				}
			}
			h.WantIdle()
		})
	}
}

// TestAskedAgainRights: of the asker and the person who confirmed, those who could press something on
// the card that asks again get it directly, in their language even after a restart.
func TestAskedAgainRights(t *testing.T) {
	t.Parallel()
	gone := steptest.SlackError(t, "channel_not_found")
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		asked map[string]string // person → a word of what they are asked
	}{
		{"both may", func(*steptest.Fixture) {}, map[string]string{steptest.Ana: "reunião", steptest.Bob: "meeting"}},
		{"who confirmed isn't on the list any more", func(h *steptest.Fixture) { h.Access.Users = []string{steptest.Ana} }, map[string]string{steptest.Ana: "reunião"}},
		{"who confirmed is a guest now", func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Bob, func(p *bot.Person) { p.Guest = true })
		}, map[string]string{steptest.Ana: "reunião"}},
		{"the asker is deactivated", func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Ana, func(p *bot.Person) { p.Deleted = true })
		}, map[string]string{steptest.Bob: "meeting"}},
		{"Slack hides the asker", func(h *steptest.Fixture) { h.Chat.Leave(steptest.Ana) }, map[string]string{steptest.Bob: "meeting"}},
		{"the asker can't be looked up at first", func(h *steptest.Fixture) {
			h.Chat.Fail("person", bot.ErrUnavailable, nil)
		}, map[string]string{steptest.Ana: "reunião", steptest.Bob: "meeting"}},
	} {
		for _, several := range []bool{false, true} {
			t.Run(fmt.Sprint(row.name, ", several: ", several), func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					h.Chat.Forget = true
					h.Chat.Change(steptest.Ana, func(p *bot.Person) { p.Locale = "pt-BR" })
					h.Chat.Fail("update", gone)
					next := step.CancelStep
					id := h.Insert(steptest.Number, func(r *cancellation.Request) {
						r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Bob, time.Now().Add(-20*time.Minute)
						if several {
							next = step.ManyStep
							r.Batch = &cancellation.Batch{Meetings: []cancellation.Meeting{r.Meeting}, Items: []cancellation.Item{{Ticked: true}}, Review: true}
							r.Meeting = cancellation.Meeting{}
						}
					})
					row.given(h)
					h.Enqueue(next, id)
					h.Pass(time.Minute)
					for _, who := range []string{steptest.Ana, steptest.Bob} {
						got := slices.DeleteFunc(h.Chat.Shown("dm", who), func(said string) bool { return !strings.Contains(said, `"action_id"`) })
						want := row.asked[who]
						if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
							t.Errorf("%s is asked %q, want %q in it", who, got, want)
						}
					}
					h.WantIdle()
				})
			})
		}
	}
}

// TestAskedAgainPrivately: a card that was sent directly says more than the channel may see, and so
// never ends through the channel's response_url.
func TestAskedAgainPrivately(t *testing.T) {
	t.Parallel()
	gone, used, policy := steptest.SlackError(t, "channel_not_found"), steptest.SlackError(t, "used_url"), steptest.SlackError(t, "ekm_access_denied")
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Views.Minimal = true
		h.Chat.Fail("update", gone)
		h.Chat.Fail("respond", used)
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Bob, time.Now().Add(-20*time.Minute)
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/" + steptest.Bob, At: time.Now(), OfClick: true, By: steptest.Bob}
		})
		h.Enqueue(step.CancelStep, id)
		h.Pass(30 * time.Second)
		h.Chat.Recover()
		h.Chat.Fail("update", policy)
		h.Suspend(16 * time.Minute)
		h.Sweeper.Round(h.Context())
		h.Pass(10 * time.Second)
		if got := steptest.Outcome(h.Stored(h.Stored(id).Successor)); got != "expired" {
			t.Errorf("the request is %s, want expired", got)
		}
		if got := h.Chat.Shown("respond", steptest.Bob); len(got) > 0 {
			t.Errorf("the channel is shown %q", got)
		}
	})
}

// TestDirectCardStaysPrivate: the card could only be sent to the asker, and its end can't be told
// there → it isn't told in the channel, which may see less, through the command's response_url.
func TestDirectCardStaysPrivate(t *testing.T) {
	t.Parallel()
	gone, used := steptest.SlackError(t, "channel_not_found"), steptest.SlackError(t, "used_url")
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Views.Minimal = true
		h.Chat.Fail("reply", gone)
		h.Chat.Fail("respond", used)
		id := h.Types(steptest.Ana, steptest.Number)
		h.Pass(time.Second)
		if way := h.Stored(id).Card.Way; way != cancellation.ByDirect {
			t.Fatalf("the card was posted by %s, want %s", way, cancellation.ByDirect)
		}
		h.Chat.Recover()
		h.Chat.Fail("reply", gone)
		h.Service.Remove(steptest.Number)
		h.Suspend(2 * time.Minute)
		h.Sweeper.Round(h.Context())
		h.Pass(2 * time.Minute)
		if got := steptest.Outcome(h.Stored(id)); got != "gone" {
			t.Errorf("the request is %s, want gone", got)
		}
		if got := h.Chat.Shown("respond", steptest.Ana); len(got) > 0 {
			t.Errorf("the channel is shown %q", got)
		}
	})
}

// TestAskedAgainClosesCard: the last answer of a response_url is reserved for the card's end, so the
// card asks again directly. Then the answer closes the card that nobody can answer any more.
func TestAskedAgainClosesCard(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Bob, time.Now().Add(-20*time.Minute)
			r.Card.Way = cancellation.ByResponse
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/" + steptest.Bob, At: time.Now(), OfClick: true, By: steptest.Bob}
		})
		for range 4 {
			used := h.Stored(id).Request
			used.State = cancellation.Declined
			if _, err := h.Board.Draw(h.Context(), used); err != nil {
				t.Fatal(err)
			}
		}
		h.Enqueue(step.CancelStep, id)
		h.Pass(30 * time.Second)
		if got := h.Chat.Shown("dm", steptest.Ana); len(got) != 1 {
			t.Errorf("Ana is asked %q, want one card", got)
		}
		if got := h.Chat.Texts("respond", steptest.Bob); len(got) != 5 || !strings.Contains(got[4], "A newer one asks") {
			t.Errorf("the card says %q, want that a newer one asks", got)
		}
		h.WantIdle()
	})
}
