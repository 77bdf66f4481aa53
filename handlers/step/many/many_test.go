package many_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
	"meetingbot/meetingapi"
)

// ticks returns a click on the first page with these boxes ticked.
func ticks(values ...string) func(*step.Envelope) {
	return func(in *step.Envelope) {
		in.Selected = map[string][]string{"pick_meetings": values}
		onPage(0)(in)
	}
}

// onPage returns a click on the page drawn at this revision.
func onPage(revision int) func(*step.Envelope) {
	return func(in *step.Envelope) { in.Block = fmt.Sprintf("page:%d:buttons", revision) }
}

// parts returns the outcomes of a card's parts, sorted.
func parts(t *testing.T, h *steptest.Fixture, id cancellation.ID) string {
	t.Helper()
	all, err := h.Store.Requests.Parts(h.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := make([]string, len(all))
	for i, p := range all {
		outcomes[i] = steptest.Outcome(p)
	}
	slices.Sort(outcomes)
	return strings.Join(outcomes, " ")
}

// TestAsk: what is typed → the state of the request, and what the asker or the card says.
func TestAsk(t *testing.T) {
	t.Parallel()
	gone := func(h *steptest.Fixture) { delete(h.Service.Meetings, steptest.Second) }
	for _, row := range []struct {
		name  string
		who   string
		text  string
		given func(*steptest.Fixture)
		want  string
		told  string
		card  string
	}{
		{name: "two", who: steptest.Ana, text: steptest.Number + " " + steptest.Second, want: "asked", card: "2 meetings"},
		{name: "two, by their owner", who: steptest.Carol, text: steptest.Number + " " + steptest.Second, want: "asked", card: "2 meetings"},
		{name: "two, by someone without the right", who: steptest.Dave, text: steptest.Number + " " + steptest.Second, want: "refused", told: "othing"},
		{name: "one of two", who: steptest.Ana, text: steptest.Number + " " + steptest.Second, given: gone, want: "asked", card: "asks about 1 meeting"},
		{name: "more than a card takes", who: steptest.Ana, text: steptest.Number + " " + steptest.Second, given: func(h *steptest.Fixture) { h.Rules.ManyMax = 1 }, want: "refused", told: steptest.Number},
		{name: "the service is down", who: steptest.Ana, text: steptest.Number + " " + steptest.Second, given: steptest.Unreadable, want: "failed", told: "could not be looked up"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				if row.given != nil {
					row.given(h)
				}
				id := h.Types(row.who, row.text)
				h.Pass(20 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				h.WantSaid(row.who, row.told, row.card)
				h.WantIdle()
			})
		})
	}
}

// TestPress: what people click on a card with two meetings → what is recorded, sent and
// said.
func TestPress(t *testing.T) {
	t.Parallel()
	type press struct {
		who, action string
		click       func(*step.Envelope)
	}
	review := press{steptest.Ana, action.Review, ticks("0", "1")}
	confirm := press{steptest.Ana, action.CancelMany, onPage(1)}
	again := func(in *step.Envelope) { // back on the first page
		review.click(in)
		onPage(2)(in)
	}
	for _, row := range []struct {
		name    string
		given   func(*steptest.Fixture)
		presses []press
		want    string
		parts   string
		sent    int
		told    string // to the last person who clicked, alone
		card    string
		owner   bool
	}{
		{name: "both", presses: []press{review, confirm}, want: "cancelled", parts: "cancelled cancelled", sent: 2, owner: true},
		{name: "pressed twice", presses: []press{review, review, confirm}, want: "cancelled", parts: "cancelled cancelled", sent: 2, owner: true},
		{name: "of a page that has turned", presses: []press{review, {steptest.Ana, action.Review, ticks("1")}}, want: "asked", told: "moved on"},
		{name: "one of them", presses: []press{{steptest.Ana, action.Review, ticks("1")}, confirm}, want: "cancelled", parts: "cancelled", sent: 1, owner: true},
		{name: "none", presses: []press{{steptest.Ana, action.Review, ticks()}}, want: "asked", told: "Tick"},
		{name: "by someone without the right", presses: []press{{steptest.Dave, action.Review, ticks("0")}}, want: "asked", told: "can't"},
		{name: "without the second page", presses: []press{{steptest.Ana, action.CancelMany, onPage(0)}}, want: "asked", told: "card"},
		{name: "on an older page", presses: []press{review, {steptest.Ana, action.Back, nil}, {steptest.Ana, action.Review, again}, confirm}, want: "asked", told: "card"},
		{name: "kept", presses: []press{{steptest.Ana, action.Keep, nil}}, want: "declined", card: "Nothing was changed"},
		{name: "undone", presses: []press{review, confirm, {steptest.Bob, action.Undo, nil}}, want: "declined"},
		{name: "a button of another card", presses: []press{{steptest.Ana, action.Cancel, nil}}, want: "asked", told: "no longer works"},
		{
			name: "one was changed before the click", given: func(h *steptest.Fixture) {
				h.Service.Change(steptest.Second, func(m *meetingapi.Meeting) { m.Subject = "Board" })
			},
			presses: []press{review, confirm}, want: "cancelled", parts: "cancelled refused", sent: 1, owner: true,
		},
		{
			name: "one is gone already", given: func(h *steptest.Fixture) { delete(h.Service.Meetings, steptest.Second) },
			presses: []press{review, confirm}, want: "cancelled", parts: "cancelled gone", sent: 1, owner: true,
		},
		{
			name: "both are refused", given: func(h *steptest.Fixture) { h.Service.Answers = []error{steptest.Failure(meetingapi.ClassDenied)} },
			presses: []press{review, confirm}, want: "failed", parts: "refused refused", sent: 2,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				if row.given != nil {
					row.given(h)
				}
				who := steptest.Ana
				for _, p := range row.presses {
					who = p.who
					h.Presses(p.who, p.action, id, p.click)
				}
				h.Pass(30 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if got := parts(t, h, id); got != row.parts {
					t.Errorf("its parts are %q, want %q", got, row.parts)
				}
				if n := len(h.Service.Sent()); n != row.sent {
					t.Errorf("sent %q, want %d calls", h.Service.Sent(), row.sent)
				}
				h.WantSaid(who, row.told, row.card)
				if n := len(h.Chat.Texts("dm", steptest.Carol)); (n == 1) != row.owner || n > 1 {
					t.Errorf("the owner has %d messages, want one: %t", n, row.owner)
				}
				h.WantIdle()
			})
		})
	}
}

// TestTurnedOnce: a run that is repeated because its end could not be stored doesn't turn
// the page again, so that clicks on the new page count.
func TestTurnedOnce(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		action   string
		click    func(*step.Envelope)
		revision int
	}{{action.Review, ticks("0", "1"), 1}, {action.Back, onPage(1), 2}} {
		t.Run(row.action, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, both)
				if row.action == action.Back {
					h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				}
				h.DB.Next("UPDATE envelope", dbfault.Refuse, 2)
				h.Presses(steptest.Ana, row.action, id, row.click)
				h.Pass(20 * time.Second)
				if b := h.Stored(id).Batch; b.Revision != row.revision || b.Review != (row.action == action.Review) {
					t.Errorf("the card is at page %d, review: %t; want page %d", b.Revision, b.Review, row.revision)
				}
				h.WantSaid(steptest.Ana, "", "")
				h.WantIdle()
			})
		})
	}
}

// TestCounted: the metrics count meetings, not cards.
func TestCounted(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		after func(h *steptest.Fixture, id cancellation.ID)
		want  string
	}{
		{"cancelled", func(h *steptest.Fixture, id cancellation.ID) {
			h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
			h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
		}, "cancelled cancelled"},
		{"kept", func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Ana, action.Keep, id, nil) }, "declined declined"},
		{"both gone", func(h *steptest.Fixture, _ cancellation.ID) {
			h.Service.Remove(steptest.Number)
			h.Service.Remove(steptest.Second)
		}, "elsewhere elsewhere"},
		{"confirmed too long ago", func(h *steptest.Fixture, id cancellation.ID) {
			h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
			h.Rules.ConfirmTTL = time.Second
			h.Rules.UndoWindow = time.Minute
			h.Press(steptest.Ana, action.CancelMany, id, func(in *step.Envelope) {
				onPage(1)(in)
				in.At = h.Store.Now().Add(-2 * time.Second)
			})
		}, "superseded superseded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				var counted steptest.Tally
				h.Observe.Question = counted.Add
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				row.after(h, id)
				h.Pass(2 * time.Minute)
				if got := strings.Join(counted.All(), " "); !strings.HasPrefix(got, row.want) {
					t.Errorf("counted %q, want %q", got, row.want)
				}
				h.Pass(time.Hour)
				h.WantIdle()
			})
		})
	}
}

// TestReport: what Slack does with a report about several meetings → who knows in the end.
func TestReport(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		fails map[string][]error // by method; after a minute everything works
	}{
		{"everything works", nil},
		{"the card is slow to change", map[string][]error{"update": {bot.ErrThrottled, bot.ErrThrottled, nil}}},
		{"the owner can't be found for a while", map[string][]error{"email": {bot.ErrUnavailable}}},
		{"the owner can't be written to for a while", map[string][]error{"dm": {bot.ErrUnavailable}}},
		{"the thread can't be written to for a while", map[string][]error{"reply": {bot.ErrUnavailable}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				for method, errs := range row.fails {
					h.Chat.Fail(method, errs...)
				}
				h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
				h.Pass(time.Minute)
				h.Chat.Recover()
				h.Pass(10 * time.Minute)
				if n := len(h.Chat.Texts("dm", steptest.Carol)); n != 1 {
					t.Errorf("the owner has %d messages, want one about both", n)
				}
				if said := h.Chat.InThread(); !strings.Contains(said, "owner") {
					t.Errorf("the thread says %q", said)
				}
				if h.Stored(id).Outcome != cancellation.Cancelled {
					t.Errorf("the request is %s", steptest.Outcome(h.Stored(id)))
				}
				h.WantIdle()
			})
		})
	}
}

// TestReplyDoesNotWait: the reply about several meetings isn't held back for as long as
// Slack delays an owner's message.
func TestReplyDoesNotWait(t *testing.T) {
	t.Parallel()
	held := steptest.SlackWait(t, 10*time.Minute)
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
		h.Chat.Fail("dm", held)
		h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
		h.Pass(time.Minute)
		if got := parts(t, h, id); got != "cancelled cancelled" || h.Chat.InThread() == "" {
			t.Errorf("the parts are %q, and the thread says %q", got, h.Chat.InThread())
		}
		h.Chat.Recover()
		h.Pass(10 * time.Minute)
		if replies, told := h.Chat.Texts("reply", steptest.Channel+"/1"), h.Chat.Texts("dm", steptest.Carol); len(replies) != 1 || len(told) != 1 {
			t.Errorf("%d replies and %d messages to the owner, want one each", len(replies), len(told))
		}
		h.WantIdle()
	})
}

// A limitedService is a meeting service with a rate limit.
type limitedService struct {
	step.Meetings
	left func(meetingapi.Operation) (meetingapi.Budget, bool)
}

func (r limitedService) Budget(op meetingapi.Operation) (meetingapi.Budget, bool) { return r.left(op) }

// A readBudget is what is left of the readings that the service allows.
type readBudget struct {
	until time.Time
	left  atomic.Int64 // of 100
}

func newReadBudget(until time.Time, left int64) *readBudget {
	r := &readBudget{until: until}
	r.left.Store(left)
	return r
}

func (r *readBudget) Budget(op meetingapi.Operation) (meetingapi.Budget, bool) {
	return meetingapi.Budget{Left: int(r.left.Load()), Limit: 100, Until: r.until}, op == meetingapi.OpMeeting
}

// TestPaused: the service's rate limit lets only one part begin. The card says until when
// the rest must wait; then it is cancelled or stopped.
func TestPaused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		then  func(h *steptest.Fixture, r *readBudget, id cancellation.ID)
		parts string
		card  string
	}{
		{"there is room again", func(_ *steptest.Fixture, r *readBudget, _ cancellation.ID) { r.left.Store(100) }, "cancelled cancelled", "2 meetings cancelled"},
		{"a person stops it", func(h *steptest.Fixture, _ *readBudget, id cancellation.ID) {
			h.Presses(steptest.Ana, action.Stop, id, nil)
		}, "cancelled declined", "1 of 2 meetings cancelled"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				r := newReadBudget(time.Now().Add(time.Hour), 25)
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				h.Meetings = limitedService{h.Service, r.Budget}
				h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
				h.Pass(20 * time.Second)
				if got := parts(t, h, id); got != "cancelled confirmed" {
					t.Errorf("while the rate limit lets only one begin, the parts are %q", got)
				}
				if b := h.Stored(id).Batch; !b.Paused.Equal(r.until) || b.Undrawn {
					t.Errorf("the card says that the rest waits until %v (not drawn yet: %t), want %v", b.Paused, b.Undrawn, r.until)
				}
				h.WantSaid(steptest.Ana, "", "1 of 2 done")
				row.then(h, r, id)
				h.Pass(2 * time.Minute)
				if got := parts(t, h, id); got != row.parts {
					t.Errorf("in the end the parts are %q, want %q", got, row.parts)
				}
				h.WantSaid(steptest.Ana, "", row.card)
				h.WantIdle()
			})
		})
	}
}

// TestAskLeavesRoom: if reading the meetings would leave nothing for others, the card waits
// for the service's next window.
func TestAskLeavesRoom(t *testing.T) {
	t.Parallel()
	for _, text := range []string{steptest.Number + " " + steptest.Second, "today..tomorrow --of carol@example.com"} {
		steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
			for _, number := range []string{steptest.Number, steptest.Second} {
				h.Service.Change(number, func(m *meetingapi.Meeting) {
					m.Start, m.End = time.Now().Add(20*time.Hour), time.Now().Add(21*time.Hour)
				})
			}
			r := newReadBudget(time.Now().Add(30*time.Second), 26)
			h.Meetings = limitedService{h.Service, r.Budget}
			id := h.Types(steptest.Ana, text)
			h.Pass(20 * time.Second)
			if n := h.Service.Reads(); n > 0 || h.Stored(id).State != cancellation.Received {
				t.Errorf("%s: %d readings, and the request is %s", text, n, steptest.Outcome(h.Stored(id)))
			}
			r.left.Store(100)
			h.Pass(20 * time.Second)
			if got := steptest.Outcome(h.Stored(id)); got != "asked" {
				t.Errorf("%s: in the next window the request is %s", text, got)
			}
			h.Presses(steptest.Ana, action.Keep, id, nil)
			h.Pass(2 * time.Minute)
			h.WantIdle()
		})
	}
}

// A usedBudget is a budget from which readings are subtracted.
type usedBudget struct {
	of      meetingapi.Budget
	service *steptest.Service
}

func (u usedBudget) Budget(op meetingapi.Operation) (meetingapi.Budget, bool) {
	b := u.of
	b.Left -= u.service.Reads()
	return b, op == meetingapi.OpMeeting
}

// TestAskRunsOutOfRoom: if the rate limit is reached while reading, the card shows the
// meetings read so far and counts the rest. Starting over in the next window would get no
// further.
func TestAskRunsOutOfRoom(t *testing.T) {
	t.Parallel()
	const third = "914087438"
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		h.Access.LeadTime, h.Rules.ManyMax = 12*time.Hour, 2
		h.Service.Set(func(s *steptest.Service) {
			m := s.Meetings[steptest.Number]
			m.ID, m.Number = third, third
			s.Meetings[third] = m
		})
		for i, number := range []string{steptest.Number, steptest.Second, third} {
			h.Service.Change(number, func(m *meetingapi.Meeting) {
				m.Start = time.Now().Add(time.Duration(8+6*i) * time.Hour) // the first one starts too soon
				m.End = m.Start.Add(time.Hour)
			})
		}
		h.Meetings = limitedService{h.Service, usedBudget{meetingapi.Budget{Left: 27, Limit: 100, Until: time.Now().Add(time.Minute)}, h.Service}.Budget}
		b := h.Stored(h.Types(steptest.Carol, "today..tomorrow")).Batch
		if len(b.Items) != 1 || b.More != 1 || b.MoreLine == "" {
			t.Errorf("the card has %d meetings, and %d more by %q; want one each", len(b.Items), b.More, b.MoreLine)
		}
	})
}

// TestThrottled: halfway through, the service throttles the bot for over a minute without
// saying for how long. The rest is cancelled afterwards, and the owner is told once.
func TestThrottled(t *testing.T) {
	t.Parallel()
	for _, begins := range []func(*steptest.Service, []error){
		func(s *steptest.Service, all []error) { s.Answers = all },
		func(s *steptest.Service, all []error) { s.ReadErrors = all },
	} {
		steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
			id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
			h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
			h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
			h.Service.Set(func(s *steptest.Service) { begins(s, []error{nil, steptest.Failure(meetingapi.ClassThrottled)}) })
			h.Pass(85 * time.Second)
			if got := parts(t, h, id); !strings.HasPrefix(got, "ca") || strings.Contains(got, "failed") || got == "cancelled cancelled" {
				t.Errorf("while the service takes no calls the parts are %q", got)
			}
			h.Service.Set(func(s *steptest.Service) { begins(s, nil) })
			h.Pass(2 * time.Minute)
			if got := parts(t, h, id); got != "cancelled cancelled" {
				t.Errorf("afterwards the parts are %q", got)
			}
			if n := len(h.Chat.Texts("dm", steptest.Carol)); n != 1 {
				t.Errorf("the owner has %d messages, want one", n)
			}
			h.WantIdle()
		})
	}
}

// TestUndoWindow: there is one undo window for the whole card, of at least ten seconds.
func TestUndoWindow(t *testing.T) {
	t.Parallel()
	for window, want := range map[time.Duration]time.Duration{0: 10 * time.Second, 5 * time.Second: 10 * time.Second, time.Minute: time.Minute} {
		t.Run(window.String(), func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				h.Rules.UndoWindow = window
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				began := time.Now()
				h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
				h.Pass(time.Until(began.Add(want - time.Second/10)))
				if n := len(h.Service.Sent()); n > 0 || h.Stored(id).State != cancellation.Confirmed {
					t.Errorf("%d calls were made within the undo window of %v", n, want)
				}
				h.Pass(5 * time.Second)
				if n := len(h.Service.Sent()); n != 2 {
					t.Errorf("%d calls were made after the undo window of %v, want 2", n, want)
				}
				h.Pass(30 * time.Second)
				h.WantIdle()
			})
		})
	}
}

// TestWatched: only meetings on the card are watched, not everything that was read for it.
func TestWatched(t *testing.T) {
	t.Parallel()
	soon := func(h *steptest.Fixture) {
		steptest.TwoMeetings(h)
		h.Access.LeadTime = 24 * time.Hour
		h.Service.Change(steptest.Second, func(m *meetingapi.Meeting) { m.Start = time.Now().Add(time.Hour) })
		h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) {
			m.Start, m.End = time.Now().Add(48*time.Hour), time.Now().Add(49*time.Hour)
		})
	}
	steptest.Run(t, soon, func(h *steptest.Fixture) {
		id := h.Types(steptest.Carol, steptest.Number+" "+steptest.Second)
		b := h.Stored(id).Batch
		if ids := b.MeetingIDs(); len(b.LeftOut) != 1 || !slices.Equal(ids, []string{steptest.Number}) {
			t.Errorf("%d left out, %q watched; want one each", len(b.LeftOut), ids)
		}
		h.Presses(steptest.Carol, action.Keep, id, nil)
		h.Pass(2 * time.Minute)
		h.WantIdle()
	})
}
