package delegate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

const day = 24 * time.Hour

// noon is a Tuesday in December. In Singapore it is evening already.
var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// atNoon runs f at noon in a fixture where delegations last up to longest and Carol lives in
// Singapore.
func atNoon(t *testing.T, longest time.Duration, f func(*steptest.Fixture)) {
	t.Helper()
	steptest.Run(t, func(h *steptest.Fixture) {
		h.AllowDelegation(longest)
		h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.TimeZone = "Asia/Singapore" })
		h.Chat.Join(bot.Person{ID: "U0GONE", Team: steptest.Team, Deleted: true})
		h.Pass(time.Until(noon)) // before the queue starts
	}, f)
}

// submits returns Carol's submission of the modal.
func submits(who, day string) *step.Envelope {
	return &step.Envelope{Action: action.ModalDelegate, Person: steptest.Carol, Selected: map[string][]string{
		action.InputReceiver: {who}, action.InputUntil: {day},
	}}
}

// told reports whether a person got a direct message with these words.
func told(h *steptest.Fixture, who, words string) bool {
	return strings.Contains(strings.Join(h.Chat.Texts("dm", who), "\n"), words)
}

// TestGiveRefused checks that an invalid delegation is refused with a reason, and not stored.
func TestGiveRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in      *step.Envelope
		longest time.Duration
		want    string
	}{
		"a deactivated person": {submits("U0GONE", "2026-12-08"), 90 * day, "account is deactivated"},
		"an unknown person":    {submits("U0NOBODY", "2026-12-08"), 90 * day, "Slack doesn't know that person"},
		"oneself":              {submits(steptest.Carol, "2026-12-08"), 90 * day, "your own meetings already"},
		"no date":              {submits(steptest.Dave, ""), 90 * day, "Choose a person and a date"},
		"no such date":         {submits(steptest.Dave, "2026-02-30"), 90 * day, "Choose a person and a date"},
		"nothing chosen":       {&step.Envelope{Action: action.ModalDelegate, Person: steptest.Carol}, 90 * day, "Choose a person and a date"},
		"yesterday":            {submits(steptest.Dave, "2026-11-30"), 90 * day, "That date is in the past"},
		"a day too long":       {submits(steptest.Dave, "2027-03-02"), 90 * day, "for at most 90 days"},
		"ten years":            {submits(steptest.Dave, "2036-12-01"), 90 * day, "for at most 90 days"},
		"turned off":           {submits(steptest.Dave, "2026-12-08"), 0, "turned off here"},
		"an unknown card":      {&step.Envelope{Action: action.ModalDelegate, Person: steptest.Carol, Request: "r", Selected: submits(steptest.Dave, "2026-12-08").Selected}, 90 * day, "no longer works"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			atNoon(t, tt.longest, func(h *steptest.Fixture) {
				h.Arrive(step.DelegateStep, tt.in)
				h.Pass(time.Second)
				if !told(h, steptest.Carol, tt.want) {
					t.Errorf("Carol was told %q, want %q", h.Chat.Texts("dm", steptest.Carol), tt.want)
				}
				if all, err := h.Store.Delegations.GivenBy(h.Context(), steptest.Carol); err != nil || len(all) > 0 {
					t.Errorf("Delegations.GivenBy(Carol) = %v, %v, want none", all, err)
				}
				h.WantIdle()
			})
		})
	}
}

// TestUntil checks that a delegation ends with the chosen day in the giver's zone, and never
// later than DELEGATION_MAX allows.
func TestUntil(t *testing.T) {
	t.Parallel()
	const year = 365 * day
	for _, tt := range []struct {
		zone    string
		day     string
		longest time.Duration
		want    time.Time
	}{
		{"Asia/Singapore", "2026-12-08", 90 * day, time.Date(2026, 12, 8, 16, 0, 0, 0, time.UTC)}, // midnight there
		{"Asia/Singapore", "2026-12-01", 90 * day, time.Date(2026, 12, 1, 16, 0, 0, 0, time.UTC)},
		{"Asia/Singapore", "2026-12-01", time.Hour, noon.Add(time.Hour)},
		{"Asia/Singapore", "2027-03-01", 90 * day, noon.Add(90 * day)},
		// Clocks that go forward at midnight: the 5th begins at 1 o'clock.
		{"America/Santiago", "2027-09-04", year, time.Date(2027, 9, 5, 4, 0, 0, 0, time.UTC)},
		{"America/Santiago", "2027-09-05", year, time.Date(2027, 9, 6, 3, 0, 0, 0, time.UTC)},
		{"Africa/Cairo", "2027-04-29", year, time.Date(2027, 4, 29, 22, 0, 0, 0, time.UTC)},
		{"Africa/Cairo", "2027-04-30", year, time.Date(2027, 4, 30, 21, 0, 0, 0, time.UTC)},
		// Clocks that go back to midnight: 00:00 comes twice, and the first begins the day.
		{"America/Havana", "2027-11-06", year, time.Date(2027, 11, 7, 4, 0, 0, 0, time.UTC)},
		{"America/Havana", "2027-11-07", year, time.Date(2027, 11, 8, 5, 0, 0, 0, time.UTC)},
		{"Asia/Kathmandu", "2026-12-08", 90 * day, time.Date(2026, 12, 8, 18, 15, 0, 0, time.UTC)},
	} {
		t.Run(tt.zone+"/"+tt.day, func(t *testing.T) {
			t.Parallel()
			atNoon(t, tt.longest, func(h *steptest.Fixture) {
				h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.TimeZone = tt.zone })
				h.Arrive(step.DelegateStep, submits(steptest.Dave, tt.day))
				h.Pass(time.Second)
				d, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave)
				if err != nil || d.Until.Sub(tt.want).Abs() > time.Second {
					t.Errorf("until %s of at most %v: %v, %v, want %v", tt.day, tt.longest, d.Until, err, tt.want)
				}
				if !told(h, steptest.Carol, "can now cancel your meetings") || !told(h, steptest.Dave, "lets you cancel their meetings") {
					t.Errorf("Carol was told %q and Dave %q, want both", h.Chat.Texts("dm", steptest.Carol), h.Chat.Texts("dm", steptest.Dave))
				}
			})
		})
	}
}

// TestLimit checks that the number of delegations a person may give is limited, and that they
// can still renew one.
func TestLimit(t *testing.T) {
	t.Parallel()
	atNoon(t, day, func(h *steptest.Fixture) {
		give := func(who string) {
			h.Arrive(step.DelegateStep, submits(who, "2026-12-01"))
			h.Pass(time.Second)
		}
		for i := range hometab.MaxDelegations {
			id := fmt.Sprintf("U0FRIEND%d", i)
			h.Chat.Join(bot.Person{ID: bot.UserID(id), Team: steptest.Team})
			give(id)
		}
		if give(steptest.Dave); !told(h, steptest.Carol, "and that is the limit") {
			t.Errorf("Carol was told %q, want that she has reached the limit", h.Chat.Texts("dm", steptest.Carol))
		}
		before := len(h.Chat.Texts("dm", steptest.Carol))
		give("U0FRIEND3")
		if all := h.Chat.Texts("dm", steptest.Carol); len(all) == before || !strings.Contains(all[len(all)-1], "can now cancel") {
			t.Errorf("Carol was told %q, want that it is renewed", all[before:])
		}
	})
}

// TestTakeBack checks that only the giver can take a delegation back, and that a confirmation
// can't use it afterwards.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	atNoon(t, day, func(h *steptest.Fixture) {
		h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-01"))
		h.Pass(time.Second)
		d, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave)
		if err != nil {
			t.Errorf("%v; Carol was told %q", err, h.Chat.Texts("dm", steptest.Carol))
			return
		}
		steptest.TwoMeetings(h)
		use := func(meeting string) store.Request {
			id := h.Insert(meeting, nil)
			h.Presses(steptest.Dave, action.Cancel, id, nil)
			return h.Stored(id)
		}
		remove := func(who string) {
			h.Arrive(step.DelegateStep, &step.Envelope{Action: action.DelegateRemove, Person: who, Request: d.ID, Home: true})
			h.Pass(time.Second)
		}
		if remove(steptest.Dave); !told(h, steptest.Dave, "no longer works") {
			t.Errorf("Dave was told %q, want that the button isn't his", h.Chat.Texts("dm", steptest.Dave))
		}
		if r := use(steptest.Number); r.ConfirmedBy != steptest.Dave || r.Delegation != d.ID {
			t.Errorf("after Dave clicked Remove, the request is %s by %q, want it confirmed by %s", steptest.Outcome(r), r.Delegation, d.ID)
		}
		remove(steptest.Carol)
		remove(steptest.Carol) // clicked twice
		if r := use(steptest.Second); r.State != cancellation.Asked {
			t.Errorf("after it was taken back, the request is %s, want asked", steptest.Outcome(r))
		}
		if n := strings.Count(strings.Join(h.Chat.Texts("dm", steptest.Dave), "\n"), "<@U0CAROL> no longer lets you"); n != 1 {
			t.Errorf("Dave was told %d times that it is over, want once", n)
		}
	})
}

// TestRemovedDuringRenewal checks that removing a delegation wins over a renewal submitted
// before and still being retried, but not over one submitted after.
func TestRemovedDuringRenewal(t *testing.T) {
	t.Parallel()
	atNoon(t, 30*day, func(h *steptest.Fixture) {
		current := func() (cancellation.Delegation, bool) {
			d, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave)
			return d, err == nil
		}
		h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-02"))
		h.Pass(time.Second)
		d, given := current()
		if !given {
			t.Fatal("nothing was given")
		}
		h.Chat.Fail("person", bot.ErrUnavailable)
		h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-05"))
		h.Pass(100 * time.Millisecond)
		h.Arrive(step.DelegateStep, &step.Envelope{Action: action.DelegateRemove, Person: steptest.Carol, Request: d.ID, Home: true})
		h.Pass(100 * time.Millisecond)
		h.Chat.Recover()
		h.Pass(time.Minute)
		if d, given := current(); given {
			t.Errorf("%+v is in force, want it removed", d)
		}
		if told := h.Chat.Texts("dm", steptest.Carol); !strings.Contains(strings.Join(told, "\n"), "it has no effect") {
			t.Errorf("Carol was told %q, want also that the renewal came to nothing", told)
		}
		h.WantIdle()
		h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-05"))
		h.Pass(time.Second)
		if _, given := current(); !given {
			t.Error("a delegation given after that isn't in force")
		}
	})
}

// TestPatrol checks that both parties of each delegation are looked up at least once a minute,
// and not much more often. A person who can't be looked up ends no delegation.
func TestPatrol(t *testing.T) {
	t.Parallel()
	for _, leaver := range []bot.UserID{steptest.Carol, steptest.Dave} {
		atNoon(t, 90*day, func(h *steptest.Fixture) {
			h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-08"))
			h.Arrive(step.DelegateStep, submits(steptest.Bob, "2026-12-08"))
			h.Pass(time.Second)
			h.Chat.Forget = true
			sweep := func(rounds int) {
				for range rounds {
					h.Sweeper.Round(h.Context())
					h.Pass(time.Second)
				}
			}
			sweep(60)
			h.Chat.Fail("person", errors.New("Slack is away"))
			h.Chat.Change(leaver, func(p *bot.Person) { p.Deleted = true })
			sweep(60)
			if got := h.Trail(); got != "delegated delegated" {
				t.Errorf("with Slack down the trail says %q, want both in force", got)
			}
			h.Chat.Recover()
			before := h.Chat.Asked()
			sweep(60)
			want := "delegated delegated delegation_revoked"
			if leaver == steptest.Carol {
				want += " delegation_revoked" // both were hers
			}
			if got := h.Trail(); got != want {
				t.Errorf("after %s has left the trail says %q, want %q", leaver, got, want)
			}
			for who, n := range h.Chat.Asked() {
				if n -= before[who]; n > 4 {
					t.Errorf("%s was looked up %d times in a minute, want at most 4", who, n)
				}
			}
		})
	}
}

// TestPatrolOfMany checks that with many people the patrol takes longer and leaves most of
// Slack's rate limit to others.
func TestPatrolOfMany(t *testing.T) {
	t.Parallel()
	atNoon(t, 90*day, func(h *steptest.Fixture) {
		const people = 50
		err := h.Store.Do(h.Context(), func(tx *store.Tx) (err error) {
			for i := range people {
				who := fmt.Sprintf("U1%03d", i)
				h.Chat.Join(bot.Person{ID: bot.UserID(who), Team: steptest.Team})
				_, given := tx.Delegations.Give(h.Context(), cancellation.Delegation{
					ID: cancellation.NewID(), Giver: steptest.Carol, Receiver: who, GivenAt: tx.Now(), Until: tx.Now().Add(90 * day),
				})
				err = errors.Join(err, given)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		minute := func() (asked int) {
			for range 60 {
				h.Sweeper.Round(h.Context())
				h.Pass(time.Second)
			}
			for _, n := range h.Chat.Asked() {
				asked += n
			}
			return asked
		}
		if n := minute(); n > 25 {
			t.Errorf("%d look-ups in the first minute, want at most 25", n)
		}
		for range 3 {
			minute()
		}
		if n := len(h.Chat.Asked()); n != people+1 {
			t.Errorf("after four minutes %d people were looked up, want all %d", n, people+1)
		}
	})
}

// TestEnds checks that a delegation ends when it expires or either account is deactivated,
// with one audit row, and that the receiver is told.
func TestEnds(t *testing.T) {
	t.Parallel()
	leaves := func(who bot.UserID) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			h.Chat.Change(who, func(p *bot.Person) { p.Deleted = true })
		}
	}
	for _, tt := range []struct {
		name  string
		event func(*steptest.Fixture)
		after time.Duration
		trail string
		told  bool // Dave, that it is over
	}{
		{"nothing happens", func(*steptest.Fixture) {}, time.Hour, "delegated", false},
		{"it expires", func(*steptest.Fixture) {}, 5 * time.Hour, "delegated delegation_expired", true},
		{"the giver leaves", leaves(steptest.Carol), time.Hour, "delegated delegation_revoked", true},
		{"the receiver leaves", leaves(steptest.Dave), time.Hour, "delegated delegation_revoked", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			atNoon(t, 90*day, func(h *steptest.Fixture) {
				h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-01"))
				h.Pass(time.Second)
				before := len(h.Chat.Texts("dm", steptest.Dave))
				tt.event(h)
				h.Pass(tt.after)
				for range 3 {
					h.Sweeper.Round(h.Context())
					h.Pass(11 * time.Minute)
				}
				if got := h.Trail(); got != tt.trail {
					t.Errorf("the trail says %q, want %q", got, tt.trail)
				}
				if n := len(h.Chat.Texts("dm", steptest.Dave)) - before; (n == 1) != tt.told || n > 1 {
					t.Errorf("Dave was told %d times that it is over, want %t", n, tt.told)
				}
				h.WantIdle()
			})
		})
	}
}

// TestRenewedAsItExpires checks that a delegation isn't ended as expired if its giver has renewed
// it since the round found it.
func TestRenewedAsItExpires(t *testing.T) {
	t.Parallel()
	atNoon(t, 90*day, func(h *steptest.Fixture) {
		h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-01"))
		h.Pass(5 * time.Hour) // in Singapore the day is over
		h.DB.Around = func(ctx context.Context, text string, run func() error) error {
			err := run()
			if strings.Contains(text, "FROM delegation") && strings.Contains(text, "until <=") {
				h.DB.Around = nil
				h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-09"))
				h.Pass(time.Second)
			}
			return err
		}
		h.Sweeper.Round(h.Context())
		h.Pass(time.Minute)
		if d, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave); err != nil {
			t.Errorf("the renewed delegation is %+v, %v, want it in force", d, err)
		}
		if got := h.Trail(); got != "delegated delegated" {
			t.Errorf("the trail says %q, want that it was given twice", got)
		}
		if told(h, steptest.Dave, "no longer") {
			t.Errorf("Dave was told %q, want nothing about an end", h.Chat.Texts("dm", steptest.Dave))
		}
		h.WantIdle()
	})
}

// TestNoticeAfterNotice: what the receiver was told a moment before isn't taken for what they
// have to be told now, if that needs a second try.
func TestNoticeAfterNotice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		then func(h *steptest.Fixture, d cancellation.Delegation)
		want string
	}{
		{"taken back", func(h *steptest.Fixture, d cancellation.Delegation) {
			h.Arrive(step.DelegateStep, &step.Envelope{Action: action.DelegateRemove, Person: steptest.Carol, Request: d.ID, Home: true})
		}, "<@U0CAROL> no longer lets you"},
		{"moved", func(h *steptest.Fixture, _ cancellation.Delegation) {
			h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-09"))
		}, "2026-12-09"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			atNoon(t, 90*day, func(h *steptest.Fixture) {
				h.Chat.Scopes = true
				h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-08"))
				h.Pass(10 * time.Second)
				d, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave)
				if err != nil {
					t.Fatal(err)
				}
				h.Chat.Fail("dm", bot.ErrUnavailable)
				tt.then(h, d)
				h.Pass(100 * time.Millisecond)
				h.Chat.Recover()
				h.Pass(time.Minute)
				all := strings.Join(h.Chat.Texts("dm", steptest.Dave), "\n")
				if n := strings.Count(all, tt.want); n != 1 {
					t.Errorf("Dave was told %q; want %q once, told %d times", all, tt.want, n)
				}
				h.WantIdle()
			})
		})
	}
}
