package many_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// ofDave gives Dave the second meeting.
func ofDave(h *steptest.Fixture) {
	steptest.TwoMeetings(h)
	h.Service.Accounts["uuid-dave"] = meetingapi.User{UUID: "uuid-dave", Account: "dave@corp", Email: "dave@example.com"}
	h.Service.Change(steptest.Second, func(m *meetingapi.Meeting) {
		m.Owner = meetingapi.Owner{Name: "Dave Ek", UUID: "uuid-dave"}
	})
}

// confirm has who confirm the ticked meetings of a card.
func confirm(h *steptest.Fixture, id cancellation.ID, who string, ticked ...string) {
	h.Presses(who, action.Review, id, ticks(ticked...))
	h.Presses(who, action.CancelMany, id, onPage(h.Stored(id).Batch.Revision))
	h.Pass(45 * time.Second)
}

// TestOutcomes: what happens to the two meetings → what the card and the thread say, and how
// many messages each owner gets.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	change := func(f func(*meetingapi.Meeting), numbers ...string) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			for _, n := range numbers {
				h.Service.Change(n, f)
			}
		}
	}
	renamed := func(m *meetingapi.Meeting) { m.Subject = "Board" }
	runs := func(numbers ...string) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			for _, n := range numbers {
				steptest.Starts(n)(h)
			}
		}
	}
	answers := func(c meetingapi.Class) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			h.Service.Set(func(s *steptest.Service) { s.Answers = []error{steptest.Failure(c)} })
		}
	}
	all := []string{"0", "1"}
	for _, row := range []struct {
		name   string
		before func(*steptest.Fixture) // before the card is posted
		after  func(*steptest.Fixture) // before the confirmation
		by     string
		ticked []string
		want   string
		parts  string
		card   string
		thread string
		carol  int
		dave   int
	}{
		{name: "both cancelled", by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled cancelled", card: "2 meetings cancelled", thread: "2 owners were told", carol: 1, dave: 1},
		{name: "one not ticked", by: steptest.Ana, ticked: all[:1], want: "cancelled", parts: "cancelled", card: "1 meeting cancelled", thread: "1 owner was told", carol: 1},
		{name: "both run", before: runs(steptest.Number, steptest.Second), by: steptest.Ana, ticked: all, want: "ended", parts: "ended ended", card: "2 meetings ended and cancelled", thread: "2 owners were told", carol: 1, dave: 1},
		{name: "one runs", before: runs(steptest.Number), by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled ended", card: "2 meetings cancelled", thread: "was running and was ended for everyone", carol: 1, dave: 1},
		{name: "one starts before the click", after: runs(steptest.Number), by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled refused", card: "1 of 2 meetings cancelled", thread: "1 owner was told", dave: 1},
		{name: "one is gone", after: func(h *steptest.Fixture) { h.Service.Remove(steptest.Second) }, by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled gone", card: "1 of 2 meetings cancelled", thread: "1 was already gone", carol: 1},
		{name: "both are gone", after: func(h *steptest.Fixture) { h.Service.Remove(steptest.Number); h.Service.Remove(steptest.Second) }, by: steptest.Ana, ticked: all, want: "gone", parts: "gone gone", card: "No meeting cancelled", thread: "2 were already gone"},
		{name: "one is renamed", after: change(renamed, steptest.Second), by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled refused", card: "1 of 2 meetings cancelled", thread: "1 was", carol: 1},
		{name: "both are renamed", after: change(renamed, steptest.Number, steptest.Second), by: steptest.Ana, ticked: all, want: "failed", parts: "refused refused", card: "No meeting cancelled", thread: "none of the 2 meetings was cancelled"},
		{name: "refused", after: answers(meetingapi.ClassDenied), by: steptest.Ana, ticked: all, want: "failed", parts: "refused refused", card: "No meeting cancelled", thread: "none of the 2 meetings was cancelled"},
		{name: "the login is refused", after: answers(meetingapi.ClassAuth), by: steptest.Ana, ticked: all, want: "failed", parts: "failed failed", card: "No meeting cancelled", thread: "none of the 2 meetings was cancelled"},
		{name: "one is refused", after: func(h *steptest.Fixture) {
			h.Service.Set(func(s *steptest.Service) { s.Answers = []error{steptest.Failure(meetingapi.ClassDenied), nil} })
		}, by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled refused", card: "1 of 2 meetings cancelled", thread: "1 owner was told", carol: -1, dave: -1}, // either may come first
		{name: "by one of the owners", before: func(h *steptest.Fixture) { h.Access.Users = append(h.Access.Users, steptest.Carol) }, by: steptest.Carol, ticked: all, want: "cancelled", parts: "cancelled cancelled", card: "2 meetings cancelled", thread: "1 owner was told", dave: 1},
		{name: "an owner isn't in Slack", before: func(h *steptest.Fixture) { delete(h.Service.Accounts, "uuid-dave") }, by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled cancelled", card: "2 meetings cancelled", thread: "1 owner was not told: they could not be found in Slack (Dave Ek)", carol: 1},
		{name: "one owner with two accounts", before: func(h *steptest.Fixture) {
			h.Service.Accounts["uuid-dave"] = meetingapi.User{UUID: "uuid-dave", Account: "carol2@corp", Email: "carol@example.com"}
		}, by: steptest.Ana, ticked: all, want: "cancelled", parts: "cancelled cancelled", card: "2 meetings cancelled", thread: "1 owner was told", carol: 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, ofDave, func(h *steptest.Fixture) {
				if row.before != nil {
					row.before(h)
				}
				id := h.Types(steptest.Ana, both)
				h.Presses(row.by, action.Review, id, ticks(row.ticked...))
				if row.after != nil {
					row.after(h)
				}
				h.Presses(row.by, action.CancelMany, id, onPage(h.Stored(id).Batch.Revision))
				h.Pass(45 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if got := parts(t, h, id); got != row.parts {
					t.Errorf("its parts are %q, want %q", got, row.parts)
				}
				cards := h.Chat.Shown("update", steptest.Channel+"/1")
				if last := cards[len(cards)-1]; !strings.Contains(last, row.card) || strings.Contains(last, `"type":"button"`) {
					t.Errorf("the card says %q, want %q and no button", last, row.card)
				}
				if said := h.Chat.Texts("reply", steptest.Channel+"/1"); len(said) != 1 || !strings.Contains(said[0], row.thread) {
					t.Errorf("the thread says %q, want %q once", said, row.thread)
				}
				carol, dave := len(h.Chat.Texts("dm", steptest.Carol)), len(h.Chat.Texts("dm", steptest.Dave))
				if row.carol < 0 {
					if carol+dave != 1 {
						t.Errorf("the owners have %d and %d messages, want one in all", carol, dave)
					}
				} else if carol != row.carol || dave != row.dave {
					t.Errorf("the owners have %d and %d messages, want %d and %d", carol, dave, row.carol, row.dave)
				}
				if r := h.Stored(id); r.Response.URL != "" {
					t.Error("the response_url is kept after it was needed")
				}
				h.WantIdle()
			})
		})
	}
}

// TestOwnersReadOnlyTheirs: an owner reads about their own meetings only, in their language.
// With minimal details the channel reads no subject.
func TestOwnersReadOnlyTheirs(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{"en-US": "of your meetings was cancelled", "pt-BR": "reuni", "es-ES": "Se ha cancelado", "zh-CN": "会议"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, ofDave, func(h *steptest.Fixture) {
				h.Views.Minimal = true
				h.Chat.Change(steptest.Dave, func(p *bot.Person) { p.Locale = locale })
				h.Service.Change(steptest.Second, func(m *meetingapi.Meeting) { m.Subject = "<!here> Offsite" })
				id := h.Types(steptest.Ana, both)
				confirm(h, id, steptest.Ana, "0", "1")
				for who, own := range map[string][2]string{steptest.Carol: {"Budget review", "Offsite"}, steptest.Dave: {"Offsite", "Budget review"}} {
					all := h.Chat.Shown("dm", who)
					if len(all) != 1 || !strings.Contains(all[0], own[0]) || strings.Contains(all[0], own[1]) || strings.Contains(all[0], "<!here>") {
						t.Errorf("%s reads %q, want %q and nothing of %q", who, all, own[0], own[1])
					}
				}
				if all := h.Chat.Texts("dm", steptest.Dave); len(all) != 1 || !strings.Contains(all[0], want) {
					t.Errorf("Dave reads %q, want %q in it", all, want)
				}
				for _, said := range append(h.Chat.Shown("update", steptest.Channel+"/1"), h.Chat.Shown("reply", steptest.Channel+"/1")...) {
					if strings.Contains(said, "Offsite") || strings.Contains(said, "Carol Ng") {
						t.Errorf("the channel reads %q", said)
					}
				}
			})
		})
	}
}

// TestOwnerFoundLate: if an owner is found only when they are to be told, the meeting still
// shows up among their lately cancelled ones.
func TestOwnerFoundLate(t *testing.T) {
	t.Parallel()
	steptest.Run(t, ofDave, func(h *steptest.Fixture) {
		h.Service.Unknown = steptest.Failure(meetingapi.ClassUnavailable)
		h.Service.OnCall = func() { h.Service.Set(func(s *steptest.Service) { s.Unknown = nil }) }
		id := h.Types(steptest.Ana, both)
		confirm(h, id, steptest.Ana, "0", "1")
		for _, who := range []string{steptest.Carol, steptest.Dave} {
			theirs, err := h.Store.Requests.CancelledOf(h.Context(), who, time.Time{}, 10)
			if told := len(h.Chat.Texts("dm", who)); err != nil || told != 1 || len(theirs) != 1 {
				t.Errorf("%s has %d messages and %d meetings lately cancelled, %v, want 1 and 1", who, told, len(theirs), err)
			}
		}
	})
}

// TestNotCancelled: an owner of two meetings, of which one was cancelled and the other
// failed, isn't told that both were, not even in the text for screen readers.
func TestNotCancelled(t *testing.T) {
	t.Parallel()
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
		h.Service.Change(steptest.Second, func(m *meetingapi.Meeting) { m.Subject = "Offsite, renamed" })
		h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
		h.Pass(45 * time.Second)
		all := h.Chat.Shown("dm", steptest.Carol)
		if len(all) != 1 || !strings.Contains(all[0], "Budget review") || strings.Contains(all[0], "Offsite") {
			t.Errorf("the owner reads %q, want nothing of what was left alone", all)
		}
	})
}

// TestAskerInsteadOfChannel: the channel is archived after the confirmation. The asker's
// direct message names what was left alone, and says whether the owners were told.
func TestAskerInsteadOfChannel(t *testing.T) {
	t.Parallel()
	archived, used := steptest.SlackError(t, "is_archived"), steptest.SlackError(t, "used_url")
	steptest.Run(t, ofDave, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
		h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
		h.Presses(steptest.Ana, action.CancelMany, id, onPage(h.Stored(id).Batch.Revision))
		h.Chat.Fail("update", archived)
		h.Chat.Fail("reply", archived)
		h.Chat.Fail("respond", used)
		steptest.Starts(steptest.Second)(h)
		h.Pass(45 * time.Second)
		told := h.Chat.Shown("dm", steptest.Ana)
		if len(told) != 1 {
			t.Fatalf("the asker has %d messages, want one", len(told))
		}
		for _, want := range []string{"1 of 2 meetings", "It is running now", "Offsite", "1 owner was told in a direct message", "can no longer change the card or reply in its thread"} {
			if !strings.Contains(told[0], want) {
				t.Errorf("the asker isn't told %q: %s", want, told[0])
			}
		}
	})
}
