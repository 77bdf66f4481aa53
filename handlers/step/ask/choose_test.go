package ask_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// room is the number of a cloud room.
const room = "0086755123456"

// inRoom puts two meetings in the room, Carol's and Bob's. Bob's is running.
func inRoom(h *steptest.Fixture) {
	h.Service.Accounts["uuid-bob"] = meetingapi.User{UUID: "uuid-bob", Email: "bob@example.com"}
	h.Service.Set(func(s *steptest.Service) {
		m := s.Meetings[steptest.Number]
		m.Room, m.Number = true, room
		m.ID, m.Subject = "900000001", "Later"
		s.Meetings[m.ID] = m
		m.ID, m.Subject, m.Owner.UUID, m.State = "900000002", "Running", "uuid-bob", meetingapi.Running
		s.Meetings[m.ID] = m
	})
}

// TestRoom checks what a person who types a room's number may choose from.
func TestRoom(t *testing.T) {
	t.Parallel()
	onlyAnaListed := func(h *steptest.Fixture) { h.Access.Users = []string{steptest.Ana} }
	for _, row := range []struct {
		name    string
		who     string
		given   func(*steptest.Fixture)
		choices []string
		want    string
		told    string
		card    bool
	}{
		{name: "may cancel any", who: steptest.Ana, choices: []string{"900000002", "900000001"}, want: "received", told: "Choose one of 2 meetings"},
		{name: "the owner of one", who: steptest.Bob, given: onlyAnaListed, choices: []string{"900000002"}, want: "received", told: "Choose the meeting"},
		{name: "owns none", who: steptest.Dave, want: "refused", told: "can't cancel"},
		{name: "a guest", who: steptest.Ana, given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Ana, func(p *bot.Person) { p.Guest = true })
		}, want: "refused", told: "Guests"},
		{name: "in a channel not allowed", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Access.Channels = []string{"C0OPS"} }, want: "refused", told: "doesn't work in this conversation"},
		{name: "one meeting in the room", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Service.Remove("900000002") }, want: "asked", card: true},
		{name: "none in the room", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Service.Remove("900000001"); h.Service.Remove("900000002") }, want: "gone", told: "is not among"},
		{name: "an owner, too close to the start", who: steptest.Carol, given: func(h *steptest.Fixture) { h.Access.LeadTime = 72 * time.Hour }, choices: []string{"900000001"}, want: "received", told: "Choose the meeting"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				inRoom(h)
				if row.given != nil {
					row.given(h)
				}
				r := h.Stored(h.Types(row.who, room))
				if got := steptest.Outcome(r); got != row.want || !slices.EqualFunc(r.Choices, row.choices, func(c cancellation.Choice, id string) bool { return c.MeetingID == id }) {
					t.Errorf("it is %s, to choose from %+v; want %s, %v", got, r.Choices, row.want, row.choices)
				}
				if h.WantSaid(row.who, row.told, ""); r.State != cancellation.Asked && r.Response.URL != "" {
					t.Errorf("a credential is kept that is no longer needed: %+v", r.Response)
				}
				if got := len(h.Chat.Texts("reply", steptest.Channel)) > 0; got != row.card {
					t.Errorf("the channel sees a card: %t, want %t", got, row.card)
				}
				h.WantCalls()
				h.WantIdle()
			})
		})
	}
}

// TestRoomRepeated checks that a chooser that could not be shown at first is shown as it was stored,
// whatever has become of its meetings.
func TestRoomRepeated(t *testing.T) {
	t.Parallel()
	for _, gone := range [][]string{{"900000002"}, {"900000001", "900000002"}} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			inRoom(h)
			h.Chat.Fail("respond", bot.ErrUnavailable, bot.ErrUnavailable, nil)
			h.Chat.Fail("ephemeral", bot.ErrUnavailable, bot.ErrUnavailable, nil)
			id := h.Types(steptest.Ana, room)
			for _, m := range gone {
				h.Service.Remove(m)
			}
			h.Pass(time.Minute)
			if r := h.Stored(id); steptest.Outcome(r) != "received" || len(r.Choices) != 2 || strings.Count(h.Trail(), "requested") != 1 {
				t.Errorf("without %v it is %s, to choose from %d, and the trail is %q; want received, 2, requested once", gone, steptest.Outcome(r), len(r.Choices), h.Trail())
			}
			h.WantSaid(steptest.Ana, "Choose one of 2 meetings", "")
			h.WantIdle()
		})
	}
}

// TestRoomTooLate checks that a chooser that can't be shown in time is in the trail once.
func TestRoomTooLate(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		inRoom(h)
		ways := []string{"respond", "ephemeral", "dm"}
		for _, way := range ways {
			h.Chat.Fail(way, bot.ErrUnavailable)
		}
		id := h.Types(steptest.Ana, room)
		h.Pass(16 * time.Minute)
		for _, way := range ways {
			h.Chat.Fail(way, nil)
		}
		h.Pass(5 * time.Minute)
		if r := h.Stored(id); steptest.Outcome(r) != "refused" || h.Trail() != "requested refused" {
			t.Errorf("it is %s, the trail is %q; want refused, requested once", steptest.Outcome(r), h.Trail())
		}
		h.WantIdle()
	})
}

// TestPick checks that a pick from a chooser, if made in time by the asker, leads to the card
// of that meeting with all that was typed.
func TestPick(t *testing.T) {
	t.Parallel()
	block := func(i string) func(*step.Envelope) {
		return func(in *step.Envelope) { in.Block = "choice:" + i + ":x" }
	}
	firstPicked := func(ago time.Duration) func(*step.Envelope) {
		return func(in *step.Envelope) { block("0")(in); in.At = time.Now().Add(-ago) }
	}
	const ttl = 15 * time.Minute
	slow := func(h *steptest.Fixture) { // and the sweeper runs during the look-up
		h.Service.Set(func(s *steptest.Service) {
			s.OnRead = func(int) {
				time.Sleep(5 * time.Second)
				h.Sweeper.Round(h.Context())
			}
		})
	}
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		who   string
		click func(*step.Envelope)
		after time.Duration
		want  string // state or outcome of the pick's request; empty: there is none
		card  string
		told  string
	}{
		{name: "the first", who: steptest.Ana, click: block("0"), want: "asked", card: "Running"},
		{name: "the second", who: steptest.Ana, click: block("1"), want: "asked", card: "Later"},
		{name: "none of them", who: steptest.Ana, click: block("2"), told: "no longer works"},
		{name: "nothing", who: steptest.Ana, click: block("-1"), told: "no longer works"},
		{name: "by another person", who: steptest.Bob, click: block("0"), told: "no longer works"},
		{name: "too late", who: steptest.Ana, click: block("0"), after: ttl + time.Minute, told: "has expired"},
		{name: "in time, handled later", who: steptest.Ana, click: firstPicked(2 * time.Minute), after: ttl + time.Minute, want: "asked", card: "Running"},
		{name: "in time, handled after it has expired itself", who: steptest.Ana, click: firstPicked(ttl + time.Minute), after: ttl + time.Minute, want: "refused", told: "Too much time has passed"},
		{name: "in time, expires itself while being handled", who: steptest.Ana, given: slow, click: firstPicked(ttl - time.Second), after: ttl - 2*time.Second, want: "refused", told: "Too much time has passed"},
		{name: "gone since", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Service.Remove("900000001") }, click: block("1"), want: "gone", told: "is not among"},
		{name: "no longer allowed", who: steptest.Ana, given: func(h *steptest.Fixture) { h.Access.Users = nil }, click: block("0"), want: "refused", told: "can't cancel"},
		{name: "the owner can't be looked up", who: steptest.Ana, given: func(h *steptest.Fixture) {
			h.Access.Users = nil
			h.Service.Set(func(s *steptest.Service) { s.Unknown = steptest.Failure(meetingapi.ClassDenied) })
		}, click: block("0"), want: "failed", told: "can't be done just now"},
		{name: "the service is away", who: steptest.Ana, given: func(h *steptest.Fixture) {
			h.Service.Remove("900000001")
			h.Service.Remove("900000002")
			steptest.Unreadable(h)
		}, click: block("0"), want: "failed", told: "could not be looked up"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				inRoom(h)
				from := h.Types(steptest.Ana, room+` --end --reason "no room"`)
				h.Pass(row.after)
				if row.given != nil {
					row.given(h)
				}
				started, before := cancellation.NewID(), len(h.Chat.Texts("respond", row.who))
				h.Presses(row.who, action.Choose, from, func(in *step.Envelope) {
					in.Started, in.Ephemeral, in.Message = started, true, bot.MessageRef{}
					row.click(in)
				})
				h.Pass(10 * time.Second)
				got, r := "", cancellation.Request{}
				if stored, err := h.Store.Requests.Get(h.Context(), started); err == nil {
					got, r = steptest.Outcome(stored), stored.Request
				}
				if said := strings.Join(h.Chat.Texts("respond", row.who)[before:], "\n"); got != row.want || !strings.Contains(said, row.told) || row.told == "" && said != "" {
					t.Errorf("the pick is %q, %s was told %q; want %q, %q", got, row.who, said, row.want, row.told)
				}
				if got != "" && (r.From != from || !r.End || r.Reason != "no room" || r.Channel != steptest.Channel || r.Asker != steptest.Ana) {
					t.Errorf("part of the command is lost: %+v", r)
				}
				if cards := h.Chat.Texts("reply", steptest.Channel); (len(cards) == 1) != (row.card != "") || row.card != "" && !strings.Contains(cards[0], row.card) {
					t.Errorf("the channel sees %q, want %q", cards, row.card)
				}
				h.WantCalls()
				h.WantIdle()
			})
		})
	}
}

// TestPickTwice checks that each pick is a request of its own and counts as one.
func TestPickTwice(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		inRoom(h)
		from := h.Types(steptest.Ana, room)
		var whys []string
		for i := range 7 {
			started := cancellation.NewID()
			h.Presses(steptest.Ana, action.Choose, from, func(in *step.Envelope) {
				in.Started, in.Block, in.Message = started, "choice:"+strconv.Itoa(i%2)+":x", bot.MessageRef{}
			})
			why := "none"
			if r, err := h.Store.Requests.Get(h.Context(), started); err == nil {
				why = steptest.Outcome(r) + r.Why
			}
			whys = append(whys, why)
		}
		want := []string{"asked", "asked", "refusedopen_card", "refusedopen_card", "none", "none", "none"} // after five in a minute, the command among them
		if !slices.Equal(whys, want) || !h.Chat.WasTold(steptest.Ana, "a lot of requests") {
			t.Errorf("the picks are %q, want %q; Ana was told %q", whys, want, h.Chat.Texts("respond", steptest.Ana))
		}
	})
}

// TestLists checks what a list and a picker show when the service answers only in part.
func TestLists(t *testing.T) {
	t.Parallel()
	away := steptest.Failure(meetingapi.ClassUnavailable)
	long := error(&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 2 * time.Hour})
	unread := func(err error) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Service.ReadErrors = []error{err} }
	}
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		who   string
		told  string
		also  string
	}{
		{name: "one list fails", given: func(h *steptest.Fixture) { h.Service.NoRunning = away }, who: steptest.Ana, told: "2 upcoming or running meetings", also: "Some meetings could not be read"},
		{name: "one list fails, and the other is empty", given: func(h *steptest.Fixture) {
			clear(h.Service.Meetings)
			h.Service.NoRunning = long
		}, who: steptest.Ana, told: "could not be looked up", also: "02:00"},
		{name: "both fail", given: unread(away), who: steptest.Ana, told: "could not be looked up"},
		{name: "both fail for hours", given: unread(long), who: steptest.Ana, told: "could not be looked up", also: "02:00"},
		{name: "own meetings can't be read", given: unread(away), who: steptest.Carol, told: "could not be looked up"},
		{name: "no meetings", given: func(h *steptest.Fixture) { clear(h.Service.Meetings) }, who: steptest.Ana, told: "no upcoming or running meetings"},
		{name: "webinars and ended meetings are left out", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Webinar = true })
			h.Service.Change(steptest.Weekly, func(m *meetingapi.Meeting) { m.State = meetingapi.Ended })
		}, who: steptest.Ana, told: "no upcoming or running meetings"},
		{name: "the person can't be looked up", given: func(h *steptest.Fixture) { h.Chat.Fail("person", bot.ErrUnavailable) }, who: steptest.Ana, told: "can't be done just now"},
	} {
		for _, typed := range []string{"list", ""} {
			t.Run(row.name+", "+typed, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					row.given(h)
					h.Types(row.who, typed)
					h.Pass(20 * time.Second)
					told := row.told
					if typed == "" && strings.HasPrefix(told, "2 ") {
						told = "Choose one of 2 meetings"
					}
					if said := h.Chat.Texts("respond", row.who); len(said) != 1 || !strings.Contains(said[0], told) || !h.Chat.Shows(row.who, row.also) {
						t.Errorf("%s was told %q, want %q, %q", row.who, said, told, row.also)
					}
					h.WantIdle()
				})
			})
		}
	}
}
