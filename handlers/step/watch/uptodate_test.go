package watch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// oneCheck is long enough for an open card to be compared with its meeting once.
const oneCheck = 70 * time.Second

// renamed, moved and givenAway are what may happen to a meeting while a card asks about it.
func renamed(m *meetingapi.Meeting) { m.Subject = "Board" }

func moved(m *meetingapi.Meeting) { m.Start, m.End = m.Start.Add(time.Hour), m.End.Add(time.Hour) }

func givenAway(m *meetingapi.Meeting) {
	m.Owner = meetingapi.Owner{Name: "Dave", UUID: "uuid-dave"}
}

func changes(number string, f func(*meetingapi.Meeting)) func(*steptest.Fixture) {
	return func(h *steptest.Fixture) { h.Service.Change(number, f) }
}

func fails(c meetingapi.Class) func(*steptest.Fixture) {
	return func(h *steptest.Fixture) {
		h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(c)} })
	}
}

// dates changes the dates of the series.
func dates(f func([]meetingapi.Occurrence) []meetingapi.Occurrence) func(*steptest.Fixture) {
	return changes(steptest.Weekly, func(m *meetingapi.Meeting) {
		all, _ := m.Series.Occurrences.Get()
		m.Series = &meetingapi.Series{Occurrences: meetingapi.Known(f(slices.Clone(all)))}
	})
}

// dateByDate has these people remove a date of the series each, from other cards, before the
// series is gone.
func dateByDate(people ...string) func(*steptest.Fixture) {
	return func(h *steptest.Fixture) {
		for i, who := range people {
			h.Insert(steptest.Weekly, func(r *cancellation.Request) {
				r.State, r.Outcome, r.Scope, r.ConfirmedBy, r.Channel = cancellation.Done, cancellation.Cancelled, cancellation.Occurrence, who, "C0OTHER"
				r.Chosen, r.ClosedAt = []string{r.Meeting.Occurrences[i].ID}, h.Store.Now().Add(time.Duration(i)*time.Second)
			})
		}
		h.Service.Remove(steptest.Weekly)
	}
}

// TestUpToDate: what happens to the meeting of an open card → the state of its request, and
// what the card says. Missing facts change nothing.
func TestUpToDate(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		number   string // the single meeting
		event    func(*steptest.Fixture)
		want     string
		askAgain cancellation.AskAgain // of the request that replaces it; empty: none
		card     string
		drawn    bool // the card was edited
	}{
		{name: "nothing", event: func(*steptest.Fixture) {}, want: "asked"},
		{name: "gone", event: func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }, want: "gone", card: "was cancelled or ended by somebody else", drawn: true},
		{name: "ended", event: changes(steptest.Number, func(m *meetingapi.Meeting) { m.State = meetingapi.Ended }), want: "gone", card: "ended while the question was open", drawn: true},
		{name: "started", event: steptest.Starts(steptest.Number), want: "superseded", askAgain: cancellation.AskAgainStarted, card: "started", drawn: true},
		{name: "moved", event: changes(steptest.Number, moved), want: "superseded", askAgain: cancellation.AskAgainMoved, drawn: true},
		{name: "made longer", event: changes(steptest.Number, func(m *meetingapi.Meeting) { m.End = m.End.Add(time.Hour) }), want: "superseded", askAgain: cancellation.AskAgainMoved, drawn: true},
		{name: "renamed", event: changes(steptest.Number, renamed), want: "superseded", askAgain: cancellation.AskAgainEdited, card: "Board", drawn: true},
		{name: "given away", event: changes(steptest.Number, givenAway), want: "superseded", askAgain: cancellation.AskAgainEdited, drawn: true},
		{name: "started, and renamed", event: func(h *steptest.Fixture) {
			changes(steptest.Number, renamed)(h)
			steptest.Starts(steptest.Number)(h)
		}, want: "superseded", askAgain: cancellation.AskAgainStarted, card: "Board", drawn: true},
		{name: "its state is no longer shown", event: steptest.HideState, want: "asked"},
		{name: "its subject is no longer shown", event: changes(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "" }), want: "asked"},
		{name: "its start is no longer shown", event: changes(steptest.Number, func(m *meetingapi.Meeting) { m.Start, m.End = time.Time{}, time.Time{} }), want: "asked"},
		{name: "more are invited", event: changes(steptest.Number, func(m *meetingapi.Meeting) {
			m.Invited = meetingapi.Known(12)
		}), want: "asked", drawn: true},

		{name: "the service is down", event: fails(meetingapi.ClassUnavailable), want: "asked"},
		{name: "the service fails", event: fails(meetingapi.ClassServer), want: "asked"},
		{name: "the service is busy", event: fails(meetingapi.ClassThrottled), want: "asked"},
		{name: "the service refuses", event: fails(meetingapi.ClassDenied), want: "asked"},
		{name: "the login is refused", event: fails(meetingapi.ClassAuth), want: "asked"},
		{name: "the login is locked", event: fails(meetingapi.ClassLocked), want: "asked"},
		{name: "an unintelligible answer", event: fails(meetingapi.ClassUnknownOutcome), want: "asked"},

		{name: "a series: gone", number: steptest.Weekly, event: func(h *steptest.Fixture) { h.Service.Remove(steptest.Weekly) }, want: "gone", card: "was cancelled or ended by somebody else", drawn: true},
		{name: "a series: a date is gone", number: steptest.Weekly, event: dates(func(all []meetingapi.Occurrence) []meetingapi.Occurrence { return all[1:] }), want: "superseded", askAgain: cancellation.AskAgainEdited, drawn: true},
		{name: "a series: a date is moved", number: steptest.Weekly, event: dates(func(all []meetingapi.Occurrence) []meetingapi.Occurrence {
			all[1].Start, all[1].End = all[1].Start.Add(time.Hour), all[1].End.Add(time.Hour)
			return all
		}), want: "superseded", askAgain: cancellation.AskAgainMoved, drawn: true},
		{name: "a series: a date more", number: steptest.Weekly, event: dates(func(all []meetingapi.Occurrence) []meetingapi.Occurrence {
			last := all[len(all)-1]
			last.ID, last.Start, last.End = "d9", last.Start.AddDate(0, 0, 7), last.End.AddDate(0, 0, 7)
			return append(all, last)
		}), want: "superseded", askAgain: cancellation.AskAgainEdited, drawn: true},
		{name: "a series: removed date by date", number: steptest.Weekly, event: dateByDate(steptest.Carol, steptest.Carol, steptest.Bob), want: "gone", card: "was cancelled by <@U0BOB>", drawn: true},
		{name: "a series: removed elsewhere after one date", number: steptest.Weekly, event: dateByDate(steptest.Bob), want: "gone", card: "by somebody else", drawn: true},
		{name: "a series: a date starts", number: steptest.Weekly, event: steptest.Starts(steptest.Weekly), want: "superseded", askAgain: cancellation.AskAgainStarted, drawn: true},
		{name: "a series: its dates are no longer listed", number: steptest.Weekly, event: func(h *steptest.Fixture) {
			h.Service.Set(func(s *steptest.Service) { s.HideDates = true })
		}, want: "asked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				number := row.number
				if number == "" {
					number = steptest.Number
				}
				id := h.Types(steptest.Ana, number)
				if got := steptest.Outcome(h.Stored(id)); got != "asked" {
					t.Fatalf("before anything happens the request is %s", got)
				}
				row.event(h)
				h.Pass(oneCheck)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if edits := h.Chat.Texts("update", steptest.Channel+"/1"); (len(edits) > 0) != row.drawn {
					t.Errorf("the card's edits are %q, want any: %t", edits, row.drawn)
				}
				h.WantSaid(steptest.Ana, "", row.card)
				h.WantCalls()
				open, err := h.Store.Requests.OpenCards(h.Context(), number)
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case row.askAgain != "" && (len(open) != 1 || open[0].Supersedes != id || open[0].AskAgain != row.askAgain || open[0].Asker != steptest.Ana):
					t.Errorf("open questions: %+v, want one that replaces it because the meeting was %s", open, row.askAgain)
				case row.want == "gone" && len(open) > 0:
					t.Errorf("%d questions are open, want none", len(open))
				}
				// Once everything can be read again, a meeting that is gone closes the
				// card.
				h.Service.Set(func(s *steptest.Service) { s.ReadErrors, s.HideDates = nil, false })
				h.Service.Remove(number)
				h.Pass(oneCheck)
				if open, err := h.Store.Requests.OpenCards(h.Context(), number); err != nil || len(open) > 0 {
					t.Errorf("once the meeting is gone %d questions are open (%v), want none", len(open), err)
				}
				h.WantIdle()
			})
		})
	}
}

// TestClickFirst: a click made before the check comes first, whatever happened to the
// meeting.
func TestClickFirst(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, steptest.Number)
		h.Service.Change(steptest.Number, renamed)
		h.Pass(50 * time.Second)
		h.StoreOnly(&step.Envelope{Person: steptest.Ana, Action: action.Keep, Request: id, At: h.Store.Now()})
		h.Pass(oneCheck - 50*time.Second)
		if got := steptest.Outcome(h.Stored(id)); got != "asked" {
			t.Errorf("while a click waits the request is %s, want asked", got)
		}
	})
}

// TestSeveralCards: one reading serves all cards about a meeting, and each is closed.
func TestSeveralCards(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		first := h.Types(steptest.Ana, steptest.Number)
		var all []cancellation.ID
		for i := range 4 {
			all = append(all, h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.Channel = fmt.Sprint("C", i)
				r.Card.Channel = r.Channel
			}))
		}
		before := h.Service.Reads()
		h.Service.Remove(steptest.Number)
		h.Pass(oneCheck)
		if n := h.Service.Reads() - before; n != 1 {
			t.Errorf("%d readings for 5 cards, want 1", n)
		}
		for i, id := range append(all, first) {
			if got := steptest.Outcome(h.Stored(id)); got != "gone" {
				t.Errorf("card %d is %s, want gone", i, got)
			}
		}
		for i := range all {
			if said := strings.Join(h.Chat.Texts("update", fmt.Sprintf("C%d/1", i)), "\n"); !strings.Contains(said, "by somebody else") {
				t.Errorf("card %d says %q", i, said)
			}
		}
		h.WantIdle()
	})
}
