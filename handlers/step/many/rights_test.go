package many_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestNumbers: what each of two numbers is → what is on the card, and what is left out and
// why.
func TestNumbers(t *testing.T) {
	t.Parallel()
	change := func(f func(*meetingapi.Meeting)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Service.Change(steptest.Second, f) }
	}
	reads := func(c meetingapi.Class) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			h.Service.OnRead = func(n int) { // Set would deadlock here
				if n == 1 {
					h.Service.ReadErrors = []error{steptest.Failure(c), nil}
				}
			}
		}
	}
	for _, row := range []struct {
		name  string
		who   string
		text  string // the two numbers if empty
		given func(*steptest.Fixture)
		want  string // ticked items / all of them
		left  string // why one is left out
		names bool   // the subject of what is left out is shown
		told  string
	}{
		{name: "both", who: steptest.Ana, want: "2/2"},
		{name: "one twice", who: steptest.Ana, text: both + " " + steptest.Second, want: "2/2"},
		{name: "one runs", who: steptest.Ana, given: steptest.Starts(steptest.Second), want: "1/2"},
		{name: "one runs, with --end", who: steptest.Ana, text: both + " --end", given: steptest.Starts(steptest.Second), want: "1/2"},
		{name: "one is gone", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Service.Remove(steptest.Second) }, want: "1/1", left: answer.LeftNotFound},
		{name: "one is over", who: steptest.Ana, given: change(func(m *meetingapi.Meeting) { m.State = meetingapi.Ended }), want: "1/1", left: answer.LeftEnded, names: true},
		{name: "one is over, and its details say only that", who: steptest.Ana, given: reads(meetingapi.ClassEnded), want: "1/1", left: answer.LeftEnded},
		{name: "all are over", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Service.ReadErrors = []error{steptest.Failure(meetingapi.ClassEnded)} }, told: "There is nothing here that you can cancel"},
		{name: "one is a webinar", who: steptest.Ana, given: change(func(m *meetingapi.Meeting) { m.Webinar = true }), want: "1/1", left: answer.LeftWebinar, names: true},
		{name: "one is a series", who: steptest.Ana, text: steptest.Number + " " + steptest.Weekly, want: "1/1", left: answer.LeftSeries, names: true},
		{name: "one is someone else's", who: steptest.Carol, given: ofDave, want: "1/1", left: string(answer.NotAllowed)},
		{name: "the owner of one is unknown", who: steptest.Carol, given: change(func(m *meetingapi.Meeting) { m.Owner = meetingapi.Owner{UUID: "uuid-dave"} }), want: "1/1", left: string(answer.NotAllowedOwnerUnknown)},
		{name: "one is someone else's series", who: steptest.Dave, text: steptest.Number + " " + steptest.Weekly, told: "There is nothing here that you can cancel"},
		{name: "one starts too soon", who: steptest.Carol, given: func(h *steptest.Fixture) {
			h.Access.LeadTime = 24 * time.Hour
			h.Service.Change(steptest.Second, func(m *meetingapi.Meeting) { m.Start = time.Now().Add(time.Hour) })
		}, want: "1/1", left: string(answer.LeadTime), names: true},
		{name: "one starts too soon, by someone who may cancel any", who: steptest.Ana, given: func(h *steptest.Fixture) {
			h.Access.LeadTime = 24 * time.Hour
			h.Service.Change(steptest.Second, func(m *meetingapi.Meeting) { m.Start = time.Now().Add(time.Hour) })
		}, want: "2/2"},
		{name: "one is of several in a room", who: steptest.Ana, given: func(h *steptest.Fixture) {
			for i := range 2 {
				m := h.Service.Meetings[steptest.Number]
				m.ID, m.Number, m.Room = meetingapi.ID(fmt.Sprint("room", i)), steptest.Second, true
				h.Service.Meetings[m.ID] = m
			}
		}, want: "1/1", left: answer.LeftRoom},
		{name: "one can't be read", who: steptest.Ana, given: reads(meetingapi.ClassDenied), want: "1/1", left: answer.LeftUnread},
		{name: "the kind of one is unknown", who: steptest.Ana, given: reads(meetingapi.ClassKindUnknown), want: "1/1", left: answer.LeftKindUnknown},
		{name: "a guest", who: steptest.Carol, given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.Guest = true })
		}, told: "Guests can't"},
		{name: "in another channel", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Access.Channels = []string{"C0OTHER"} }, told: "doesn't work in this conversation"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				if row.given != nil {
					row.given(h)
				}
				text := row.text
				if text == "" {
					text = both
				}
				id := h.Types(row.who, text)
				h.Pass(20 * time.Second)
				r := h.Stored(id)
				got := ""
				if r.State == cancellation.Asked {
					got = fmt.Sprintf("%d/%d", len(r.Batch.Ticked()), len(r.Batch.Items))
				}
				if got != row.want {
					t.Errorf("ticked are %q (%s), want %q", got, steptest.Outcome(r), row.want)
				}
				if left := r.Batch.LeftOut; r.State == cancellation.Asked && row.left != "" {
					if len(left) != 1 || left[0].Why != row.left || (left[0].Subject != "") != row.names {
						t.Errorf("left out: %+v, want one because of %s, named: %t", left, row.left, row.names)
					}
				} else if r.State == cancellation.Asked && len(left) > 0 {
					t.Errorf("left out: %+v, want nothing", left)
				}
				h.WantSaid(row.who, row.told, "")
				h.WantIdle()
			})
		})
	}
}

// TestSecondPerson: the rule of SECOND_PERSON × what is ticked → whether the asker may
// confirm alone. Only what is ticked counts, not what is listed.
func TestSecondPerson(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		rule   cancellation.SecondPerson
		runs   bool // the second one
		ticked []string
		alone  bool
	}{
		{cancellation.SecondNever, true, []string{"0", "1"}, true},
		{cancellation.SecondMany, false, []string{"0", "1"}, false},
		{cancellation.SecondMany, false, []string{"0"}, true},
		{cancellation.SecondEnd, false, []string{"0", "1"}, true},
		{cancellation.SecondEnd, true, []string{"0", "1"}, false},
		{cancellation.SecondEnd, true, []string{"1"}, true}, // the running one comes first: "1" is planned
		{cancellation.SecondSeries, true, []string{"0", "1"}, true},
		{cancellation.SecondAlways, false, []string{"0"}, false},
	} {
		for _, who := range []string{steptest.Ana, steptest.Bob} {
			t.Run(fmt.Sprint(row.rule, row.runs, row.ticked, who), func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
					h.Access.Second = row.rule
					if row.runs {
						steptest.Starts(steptest.Second)(h)
					}
					id := h.Types(steptest.Ana, both)
					confirm(h, id, who, row.ticked...)
					want := "asked"
					if row.alone || who == steptest.Bob {
						want = "done"
					}
					if got := string(h.Stored(id).State); got != want {
						t.Errorf("the request is %s, want %s", got, want)
					}
					if want == "asked" {
						h.WantSaid(who, "someone else who may", "")
						h.WantCalls()
					}
				})
			})
		}
	}
}

// TestDelegated: when a delegate confirms a card, each owner is told of the use once,
// whether or not it worked. A delegation that was revoked before the click doesn't count.
func TestDelegated(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture) // before the click
		press string                  // then Dave presses; empty: nothing
		want  string
		used  int
		owner string
	}{
		{name: "cancelled", want: "cancelled", used: 1, owner: "2 of your meetings were cancelled"},
		{name: "gone before the click", given: func(h *steptest.Fixture) { h.Service.Remove(steptest.Second); h.Service.Remove(steptest.Number) }, want: "gone", used: 1, owner: "None of your meetings was cancelled"},
		{name: "refused", given: func(h *steptest.Fixture) {
			h.Service.Set(func(s *steptest.Service) { s.Answers = []error{steptest.Failure(meetingapi.ClassDenied)} })
		}, want: "failed", used: 1, owner: "None of your meetings was cancelled"},
		{name: "undone", press: action.Undo, want: "declined", used: 1, owner: "undid the cancellation"},
		{name: "revoked", given: func(h *steptest.Fixture) {
			_ = h.Store.Do(h.Context(), func(tx *store.Tx) error {
				d, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave)
				if err != nil {
					return err
				}
				return tx.Delegations.End(h.Context(), d.ID)
			})
		}, want: "asked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { steptest.TwoMeetings(h); delegates(h) }, func(h *steptest.Fixture) {
				id := h.Types(steptest.Dave, both)
				h.Presses(steptest.Dave, action.Review, id, ticks("0", "1"))
				if row.given != nil {
					row.given(h)
				}
				h.Presses(steptest.Dave, action.CancelMany, id, onPage(1))
				if row.press != "" {
					h.Presses(steptest.Dave, row.press, id, onPage(1))
				}
				h.Pass(45 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if n := strings.Count(h.Trail(), string(store.EventDelegationUsed)); n != row.used {
					t.Errorf("the trail has %d uses, want %d: %s", n, row.used, h.Trail())
				}
				all := h.Chat.Shown("dm", steptest.Carol)
				if len(all) != row.used || row.used > 0 && !strings.Contains(all[0], row.owner) {
					t.Errorf("the owner reads %q, want %q", all, row.owner)
				}
			})
		})
	}
}

// TestResume: after a restart, steps continue from what is stored, do nothing
// twice, and tell nobody twice.
func TestResume(t *testing.T) {
	t.Parallel()
	for _, stage := range []string{"first page", "second page", "counting", "under way", "waiting", "cancelled", "unknown", "kept", "expired"} {
		t.Run(stage, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, both)
				stages()[stage](h, id)
				for range 2 {
					h.Enqueue(step.ManyStep, id)
					h.Enqueue(step.PartStep, id)
					if h.Stored(id).State.Final() {
						h.Enqueue(step.ReportStep, id)
					}
					h.Pass(time.Second)
				}
				h.Service.Set(func(s *steptest.Service) { s.CallDelay, s.OnCall, s.ReadErrors, s.Answers = 0, nil, nil, nil })
				h.Pass(20 * time.Minute)
				if stage != "unknown" && len(h.Service.Sent()) > 4 {
					t.Errorf("sent %q", h.Service.Sent())
				}
				r := h.Stored(id)
				if n := len(h.Chat.Texts("dm", steptest.Carol)); n > 1 || (r.Outcome == cancellation.Cancelled) != (n == 1) {
					t.Errorf("%s: the owner has %d messages", steptest.Outcome(r), n)
				}
				if n := len(h.Chat.Texts("reply", steptest.Channel+"/1")); n > 1 {
					t.Errorf("the thread has %d replies", n)
				}
				if r.State == cancellation.Calling || r.State == cancellation.Confirmed {
					t.Errorf("the request is %s still", r.State)
				}
			})
		})
	}
}
