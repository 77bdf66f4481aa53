package watch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/step/watch"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// lines describes what a card with several meetings lists: a word for each meeting, in upper
// case if it is ticked, with ! if it is running; then why each of the others is left out.
func lines(b *cancellation.Batch) string {
	var all []string
	for _, it := range b.Items {
		one := map[string]string{steptest.Number: "budget", steptest.Second: "offsite"}[b.Meetings[it.Meeting].ID]
		if it.Ticked {
			one = strings.ToUpper(one)
		}
		if it.Running {
			one += "!"
		}
		all = append(all, one)
	}
	for _, l := range b.LeftOut {
		all = append(all, l.Number+":"+l.Why)
	}
	return strings.Join(all, " ")
}

// TestDatesOfSeveral: what happens to the next date of a series while a card with several
// meetings lists it and the series continues → why its line is removed, if it is.
func TestDatesOfSeveral(t *testing.T) {
	t.Parallel()
	gone := dates(func(all []meetingapi.Occurrence) []meetingapi.Occurrence { return all[1:] })
	for name, row := range map[string]struct {
		event func(*steptest.Fixture)
		left  string
	}{
		"nothing":                  {event: func(*steptest.Fixture) {}},
		"cancelled by someone":     {gone, answer.LeftElsewhere},
		"its dates are not listed": {event: func(h *steptest.Fixture) { h.Service.Set(func(s *steptest.Service) { s.HideDates = true }) }},
		"cancelled from another card": {func(h *steptest.Fixture) {
			other := h.Types(steptest.Ana, steptest.Weekly)
			h.Presses(steptest.Ana, action.CancelOccurrences, other, func(in *step.Envelope) {
				in.Selected = map[string][]string{action.Inputs()[0]: {"0"}}
			})
		}, cancellation.LeftOtherCard},
		"over": {func(h *steptest.Fixture) {
			h.Pass(15 * time.Minute)
		}, answer.LeftEnded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Rules.ConfirmTTL = time.Hour
				dates(func(all []meetingapi.Occurrence) []meetingapi.Occurrence {
					all[0].Start, all[0].End = time.Now().Add(10*time.Minute), time.Now().Add(15*time.Minute)
					return all
				})(h)
				id := h.Types(steptest.Carol, "today.."+h.Service.Meetings[steptest.Number].Start.Format(time.DateOnly))
				if n := len(h.Stored(id).Batch.Items); n != 2 {
					t.Fatalf("the card lists %d, want the meeting and the date", n)
				}
				row.event(h)
				h.Pass(oneCheck)
				b := h.Stored(id).Batch
				left := ""
				for _, l := range b.LeftOut {
					left += l.Why
				}
				if left != row.left || (len(b.Items) == 1) != (row.left != "") {
					t.Errorf("the card lists %d, and leaves out %q, want %q", len(b.Items), left, row.left)
				}
			})
		})
	}
}

// TestSeveralUpToDate: what happens to the meetings of a card with two → its state, what it
// lists, and on which page. Changes to meetings that aren't ticked don't turn the page back.
func TestSeveralUpToDate(t *testing.T) {
	t.Parallel()
	gone := func(numbers ...string) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			for _, n := range numbers {
				h.Service.Remove(n)
			}
		}
	}
	both := []string{"0", "1"}
	for _, row := range []struct {
		name   string
		review []string // what is ticked, if the card is on its second page
		event  func(*steptest.Fixture)
		want   string
		lines  string
		second bool // it ends on the second page
		card   string
	}{
		{name: "nothing", event: func(*steptest.Fixture) {}, want: "asked", lines: "BUDGET OFFSITE"},
		{name: "one is gone", event: gone(steptest.Second), want: "asked", lines: "BUDGET " + steptest.Second + ":" + answer.LeftElsewhere},
		{name: "one is over", event: changes(steptest.Second, func(m *meetingapi.Meeting) { m.State = meetingapi.Ended }), want: "asked", lines: "BUDGET " + steptest.Second + ":" + answer.LeftEnded},
		{name: "both are gone", event: gone(steptest.Number, steptest.Second), want: "gone", card: "by somebody else"},
		{name: "one starts", event: steptest.Starts(steptest.Second), want: "asked", lines: "BUDGET offsite!"},
		{name: "both start", event: func(h *steptest.Fixture) { steptest.Starts(steptest.Number)(h); steptest.Starts(steptest.Second)(h) }, want: "asked", lines: "budget! offsite!"},
		{name: "one is moved", event: changes(steptest.Second, moved), want: "asked", lines: "BUDGET OFFSITE"},
		{name: "the service is down", event: fails(meetingapi.ClassUnavailable), want: "asked", lines: "BUDGET OFFSITE"},
		{name: "the service refuses", event: fails(meetingapi.ClassDenied), want: "asked", lines: "BUDGET OFFSITE"},

		{name: "second page, nothing", review: both, event: func(*steptest.Fixture) {}, want: "asked", lines: "BUDGET OFFSITE", second: true},
		{name: "second page, one is gone", review: both, event: gone(steptest.Second), want: "asked", lines: "BUDGET " + steptest.Second + ":" + answer.LeftElsewhere},
		{name: "second page, one starts", review: both, event: steptest.Starts(steptest.Second), want: "asked", lines: "BUDGET offsite!"},
		{name: "second page, one is renamed", review: both, event: changes(steptest.Second, renamed), want: "asked", lines: "BUDGET OFFSITE"},
		{name: "second page, one that is not ticked is gone", review: both[:1], event: gone(steptest.Second), want: "asked", lines: "BUDGET " + steptest.Second + ":" + answer.LeftElsewhere, second: true},
		{name: "second page, one that is not ticked starts", review: both[:1], event: steptest.Starts(steptest.Second), want: "asked", lines: "BUDGET offsite!", second: true},
		{name: "second page, both are gone", review: both, event: gone(steptest.Number, steptest.Second), want: "gone", card: "by somebody else"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
				if row.review != nil {
					h.Presses(steptest.Ana, action.Review, id, func(in *step.Envelope) {
						in.Selected, in.Block = map[string][]string{action.MeetingInputs()[0]: row.review}, "page:0:buttons"
					})
					if !h.Stored(id).Batch.Review {
						t.Fatal("the card is not on its second page")
					}
				}
				revision := h.Stored(id).Batch.Revision
				row.event(h)
				h.Pass(oneCheck)
				r := h.Stored(id)
				if got := steptest.Outcome(r); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if got := lines(r.Batch); row.lines != "" && got != row.lines {
					t.Errorf("the card lists %q, want %q", got, row.lines)
				}
				if r.State == cancellation.Asked && r.Batch.Review != row.second {
					t.Errorf("it is on its second page: %t, want %t", r.Batch.Review, row.second)
				}
				if was := row.review != nil && !row.second && r.State == cancellation.Asked; was && r.Batch.Revision == revision {
					t.Error("a button of the second page still counts after the card was turned back")
				}
				h.WantSaid(steptest.Ana, "", row.card)
				h.WantCalls()
				h.Pass(time.Hour)
				h.WantIdle()
			})
		})
	}
}

// TestUpToDateElsewhere: what happens to a card that isn't a message of the bot's in a
// channel, and who is told.
func TestUpToDateElsewhere(t *testing.T) {
	t.Parallel()
	question := func(r *cancellation.Request) {
		r.For, r.Asker, r.Reason = steptest.Carol, steptest.Dave, "clash"
		r.Card = cancellation.Card{Channel: "D" + steptest.Carol, TS: "1", Way: cancellation.ByDirect}
	}
	byURL := func(r *cancellation.Request) {
		r.Card = cancellation.Card{Channel: steptest.Channel, Way: cancellation.ByResponse}
		r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/" + steptest.Ana, At: time.Now()}
	}
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		event func(*steptest.Fixture)
		want  string
		how   string // how the card is edited
		where string
		card  string // empty: it is not edited
		asker string // what Dave is told
	}{
		{"put to the owner, gone", question, func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }, "gone", "update", "D" + steptest.Carol + "/1", "by somebody else", "by somebody else"},
		{"put to the owner, renamed", question, changes(steptest.Number, renamed), "superseded", "update", "D" + steptest.Carol + "/1", "Board", "has changed since you asked"},
		{"put to the owner, started", question, steptest.Starts(steptest.Number), "superseded", "update", "D" + steptest.Carol + "/1", "Budget", "has changed since you asked"},
		{"put to the owner, more are invited", question, changes(steptest.Number, func(m *meetingapi.Meeting) { m.Invited = meetingapi.Known(7) }), "asked", "update", "D" + steptest.Carol + "/1", "Budget", ""},
		{"by response_url, gone", byURL, func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }, "gone", "respond", steptest.Ana, "by somebody else", ""},
		{"by response_url, renamed", byURL, changes(steptest.Number, renamed), "superseded", "respond", steptest.Ana, "Board", ""},
		{"by response_url, more are invited", byURL, changes(steptest.Number, func(m *meetingapi.Meeting) { m.Invited = meetingapi.Known(7) }), "asked", "respond", steptest.Ana, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
					if err := tx.Envelopes.Receive(h.Context(), store.Envelope{ID: "recent use"}); err != nil {
						return err
					}
					return watch.Start(h.Context(), h.Deps, tx, h.Stored(id).Request)
				})
				if err != nil {
					t.Fatal(err)
				}
				row.event(h)
				h.Pass(oneCheck)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				card := strings.Join(h.Chat.Texts(row.how, row.where), "\n")
				if (card == "") != (row.card == "") || !strings.Contains(card, row.card) {
					t.Errorf("the card says %q, want %q in it", card, row.card)
				}
				told := strings.Join(h.Chat.Texts("dm", steptest.Dave), "\n")
				if (told == "") != (row.asker == "") || !strings.Contains(told, row.asker) {
					t.Errorf("the asker was told %q, want %q in it", told, row.asker)
				}
				if said := h.Chat.Texts("dm", steptest.Carol); len(said) > 1 {
					t.Errorf("the owner was told %q, want one message at most", said)
				}
				h.WantCalls()
			})
		})
	}
}

// TestSweepMany: questions that one round doesn't get to are closed by the next ones, and no
// question is closed or reported twice.
func TestSweepMany(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		var ids []cancellation.ID
		for i := range 120 {
			ids = append(ids, h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.Channel, r.Card.Channel = fmt.Sprint("C", i), fmt.Sprint("C", i)
			}))
		}
		h.Pass(h.Rules.ConfirmTTL + step.LongestLag + time.Second)
		expired := func() (n int) {
			for _, id := range ids {
				if h.Stored(id).State == cancellation.Expired {
					n++
				}
			}
			return n
		}
		h.Sweeper.Round(h.Context())
		if n := expired(); n == 0 || n == len(ids) {
			t.Errorf("one round closed %d of %d, want some but not all", n, len(ids))
		}
		h.Sweeper.Round(h.Context())
		h.Sweeper.Round(h.Context())
		h.Pass(time.Minute)
		if n := expired(); n != len(ids) {
			t.Errorf("three rounds closed %d of %d", n, len(ids))
		}
		for i := range ids {
			if all := h.Chat.Texts("update", fmt.Sprintf("C%d/1", i)); len(all) != 1 || !strings.Contains(all[0], "Nobody answered in time") {
				t.Errorf("edits of card %d are %q, want one", i, all)
			}
		}
		if n := strings.Count(h.Trail(), "expired"); n != len(ids) {
			t.Errorf("the trail has %d expiries, want %d", n, len(ids))
		}
		h.WantIdle()
	})
}
