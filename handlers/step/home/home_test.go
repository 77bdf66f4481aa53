package home_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// opens makes a person open their Home, with the given hash, and waits for the drawing.
func opens(t *testing.T, h *steptest.Fixture, who, hash string) {
	t.Helper()
	err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
		due, err := tx.Homes.Open(h.Context(), who, steptest.Team, "D1")
		if err != nil || !due {
			return err
		}
		return h.Queue.Enqueue(h.Context(), tx, jobs.Job{Step: step.HomeStep, Subject: who, Carry: hash})
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Pass(time.Second)
}

// lastHome returns the Home published last, as JSON.
func lastHome(t *testing.T, h *steptest.Fixture) string {
	t.Helper()
	if len(h.Chat.Homes()) == 0 {
		return ""
	}
	text, err := json.Marshal(h.Chat.Homes()[len(h.Chat.Homes())-1].HomeTabViewRequest)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestHash checks that a drawing replaces the Home the person was looking at, and if that was
// redrawn since, replaces any.
func TestHash(t *testing.T) {
	t.Parallel()
	redrawn := steptest.SlackError(t, "hash_conflict")
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		opens(t, h, steptest.Dave, "h1")
		h.Chat.Fail("home", redrawn, nil)
		opens(t, h, steptest.Dave, "h2")
		if diff := cmp.Diff([]string{"h1", "h2", ""}, h.Chat.Hashes()); diff != "" {
			t.Errorf("hashes published (-want +got)\n%s", diff)
		}
		if home := lastHome(t, h); !strings.Contains(home, "Waiting for you") {
			t.Errorf("Home is %s", home)
		}
		h.WantIdle()
	})
}

// TestGuest checks that a guest sees why they can't use the bot, and nothing else.
func TestGuest(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Join(bot.Person{ID: "U0GINA", Team: steptest.Team, Locale: "en", Guest: true})
		opens(t, h, "U0GINA", "")
		if home := lastHome(t, h); !strings.Contains(home, "Guests can't cancel meetings") || strings.Contains(home, "Waiting for you") {
			t.Errorf("Home is %s, want only the reason", home)
		}
	})
}

// TestDeactivated checks that deactivated people are told so and see no meetings, and that an
// owner's Home doesn't list delegations to them.
func TestDeactivated(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.AllowDelegation(24 * time.Hour) }, func(h *steptest.Fixture) {
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			for _, who := range []string{steptest.Bob, steptest.Dave} {
				_, err := tx.Delegations.Give(h.Context(), cancellation.Delegation{
					ID: cancellation.NewID(), Giver: steptest.Carol, Receiver: who, GivenAt: tx.Now(), Until: tx.Now().Add(time.Hour),
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Chat.Change(steptest.Dave, func(p *bot.Person) { p.Deleted = true })
		opens(t, h, steptest.Dave, "")
		if home := lastHome(t, h); !strings.Contains(home, "Deactivated accounts") || strings.Contains(home, "this meeting") {
			t.Errorf("Dave's Home is %s, want that he is deactivated", home)
		}
		opens(t, h, steptest.Carol, "")
		if home := lastHome(t, h); !strings.Contains(home, steptest.Bob) || strings.Contains(home, steptest.Dave) {
			t.Errorf("Carol's Home is %s, want Bob in it, and not Dave", home)
		}
		h.Sweeper.Round(h.Context())
		if got, want := h.Trail(), "delegation_revoked"; got != want {
			t.Errorf("the trail says %q, want %q", got, want)
		}
	})
}

// TestKept checks that Home looks back only as far as names and subjects are kept.
func TestKept(t *testing.T) {
	t.Parallel()
	for keep, want := range map[time.Duration]string{
		0: "in the last 30 days.", 365 * 24 * time.Hour: "in the last 30 days.",
		7 * 24 * time.Hour: "in the last 7 days. Older ones are not kept.", 90 * time.Second: "in the last 2 minutes. Older ones",
	} {
		steptest.Run(t, func(h *steptest.Fixture) { h.Rules.Keep = keep }, func(h *steptest.Fixture) {
			opens(t, h, steptest.Carol, "")
			if home := lastHome(t, h); !strings.Contains(home, want) {
				t.Errorf("KEEP=%s: Home is %s, want %q", keep, home, want)
			}
		})
	}
}

// TestOpenedRepeatedly checks that one drawing serves all openings while it waits.
func TestOpenedRepeatedly(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			for i := range 20 {
				due, err := tx.Homes.Open(h.Context(), steptest.Dave, steptest.Team, "D1")
				if err != nil {
					return err
				}
				if due != (i == 0) {
					t.Errorf("opening %d: due = %t", i, due)
				}
				if due {
					if err := h.Queue.Enqueue(h.Context(), tx, jobs.Job{Step: step.HomeStep, Subject: steptest.Dave}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Pass(time.Second)
		if len(h.Chat.Homes()) != 1 {
			t.Errorf("%d drawings for 20 openings, want 1", len(h.Chat.Homes()))
		}
	})
}

// TestManyQuestions checks that questions to other owners don't count against the limit of
// cards checked, and that Home says so if there are more than that.
func TestManyQuestions(t *testing.T) {
	t.Parallel()
	for others, partial := range map[int]bool{100: false, 101: true} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Access.Users = []string{steptest.Ana}
			theirs := h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.For, r.Asker, r.Meeting.Subject = steptest.Carol, steptest.Dave, "Put to Carol"
			})
			for i := range 150 {
				h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.For, r.Asker, r.Meeting.ID, r.ExpiresAt = steptest.Bob, fmt.Sprintf("U%d", i), fmt.Sprint(i), r.ExpiresAt.Add(time.Hour)
				})
			}
			for i := range others - 1 {
				h.Insert(steptest.Number, func(r *cancellation.Request) { r.Channel, r.Meeting.Subject = fmt.Sprintf("C%d", i), "Anybody's" })
			}
			opens(t, h, steptest.Carol, "")
			home := lastHome(t, h)
			if !strings.Contains(home, string(theirs)) || !strings.Contains(home, "Anybody's") {
				t.Errorf("with %d cards, Home is %s, want Carol's question and a card", others, home)
			}
			if strings.Contains(home, "could not be checked") != partial {
				t.Errorf("with %d cards, Home says that some could not be checked: %t, want %t", others, !partial, partial)
			}
		})
	}
}
