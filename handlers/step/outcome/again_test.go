package outcome_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// closing ends requests as a step does, but without a run: jobs that follow are enqueued.
func closing(h *steptest.Fixture) outcome.Closing {
	return outcome.Closing{Deps: h.Deps, End: func(ctx context.Context, next []jobs.Job, f func(*store.Tx) error) error {
		return h.Store.Do(ctx, func(tx *store.Tx) error {
			if err := f(tx); err != nil {
				return err
			}
			for _, j := range next {
				if err := h.Queue.Enqueue(ctx, tx, j); err != nil {
					return err
				}
			}
			return nil
		})
	}}
}

// openCard returns the request whose card about a meeting is open; zero if there is none.
func openCard(t *testing.T, h *steptest.Fixture, meeting string) (open store.Request) {
	t.Helper()
	all, err := h.Store.Requests.OpenCards(h.Context(), meeting)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) > 1 {
		t.Errorf("%d cards are open for %s", len(all), meeting)
	}
	for _, r := range all {
		open = r
	}
	return open
}

// TestAskAgain: which request is replaced, and why → which one takes over, until when, and
// what the presser is told.
func TestAskAgain(t *testing.T) {
	t.Parallel()
	confirmed := inState(cancellation.Confirmed, "")
	for _, row := range []struct {
		name     string
		meeting  string // the single one
		about    func(*cancellation.Request)
		now      func(*cancellation.Meeting)
		why      cancellation.AskAgain
		want     string // the outcome of the old request
		old      string // its reason
		askAgain cancellation.AskAgain
		told     string // to the presser; empty: nothing
		card     string // empty: none is open
		check    func(old, fresh cancellation.Request) bool
	}{
		{
			name: "another subject", about: confirmed, now: func(m *cancellation.Meeting) { m.Subject = "Board" }, why: cancellation.AskAgainChanged,
			want: "superseded", askAgain: cancellation.AskAgainChanged, told: "changed after the card was shown", card: "Cancel this meeting?",
			check: func(_, fresh cancellation.Request) bool { return fresh.Meeting.Subject == "Board" },
		},
		{
			name: "started", about: confirmed, now: func(m *cancellation.Meeting) { m.Running = true }, why: cancellation.AskAgainChanged,
			want: "superseded", askAgain: cancellation.AskAgainChanged, told: "changed after", card: "This meeting has started",
			check: func(_, fresh cancellation.Request) bool { return fresh.Meeting.Running && fresh.Meeting.People == 3 },
		},
		{
			name: "confirmed too long ago", about: confirmed, why: cancellation.AskAgainStale,
			want: "superseded", askAgain: cancellation.AskAgainStale, told: "too much time has passed", card: "Cancel this meeting?",
		},
		{
			name: "missing facts are taken from the old request", about: confirmed, now: func(m *cancellation.Meeting) { m.Subject, m.OwnerUUID, m.Start = "", "", m.Start.Add(time.Hour) }, why: cancellation.AskAgainChanged,
			want: "superseded", askAgain: cancellation.AskAgainChanged, told: "changed after", card: "Cancel this meeting?",
			check: func(old, fresh cancellation.Request) bool {
				return fresh.Meeting.Subject == "Budget review" && fresh.Meeting.OwnerUUID == "uuid-carol" && fresh.Meeting.Start.Equal(old.Meeting.Start.Add(time.Hour))
			},
		},
		{
			name: "a date is gone", meeting: steptest.Weekly, about: func(r *cancellation.Request) {
				confirmed(r)
				r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1", "d2"}
			}, now: func(m *cancellation.Meeting) { m.Occurrences = m.Occurrences[:2] }, why: cancellation.AskAgainChanged,
			want: "superseded", askAgain: cancellation.AskAgainChanged, told: "changed after", card: "Cancel dates or the whole series?",
			check: func(_, fresh cancellation.Request) bool {
				return fresh.Scope == cancellation.Undecided && slices.Equal(fresh.Chosen, []string{"d1"}) // ticked, not decided
			},
		},
		{
			name: "dates are no longer listed", meeting: steptest.Weekly, about: confirmed, now: func(m *cancellation.Meeting) { m.Occurrences, m.DatesKnown = nil, false }, why: cancellation.AskAgainChanged,
			want: "superseded", askAgain: cancellation.AskAgainUnlisted, told: "no longer lists the dates", card: "series",
		},
		{
			name: "a call was refused before", about: func(r *cancellation.Request) {
				inState(cancellation.Calling, "")(r)
				r.Begin(cancellation.CallEffect, r.CreatedAt)
				r.Unanswered, r.Reference, r.WaitUntil, r.Why = 1, "ref-0", r.CreatedAt.Add(time.Hour), "throttled"
			}, now: func(m *cancellation.Meeting) { m.Running = true }, why: cancellation.AskAgainChanged,
			want: "superseded", askAgain: cancellation.AskAgainChanged, told: "changed after", card: "This meeting has started",
			check: func(old, fresh cancellation.Request) bool {
				return !fresh.Effects[cancellation.CallEffect].Begun() && fresh.Unanswered == 0 && fresh.Reference == "" && fresh.WaitUntil.IsZero() && fresh.Why == "" && old.WaitUntil.IsZero()
			},
		},
		{name: "a part, started", about: func(r *cancellation.Request) { confirmed(r); r.Parent = "whole" }, now: func(m *cancellation.Meeting) { m.Running = true }, why: cancellation.AskAgainChanged, want: "refused", old: "started"},
		{name: "a part, another subject", about: func(r *cancellation.Request) { confirmed(r); r.Parent = "whole" }, now: func(m *cancellation.Meeting) { m.Subject = "Board" }, why: cancellation.AskAgainChanged, want: "refused", old: string(cancellation.AskAgainChanged)},
		{name: "a part, too long ago", about: func(r *cancellation.Request) { confirmed(r); r.Parent = "whole" }, why: cancellation.AskAgainStale, want: "refused", old: string(cancellation.AskAgainStale)},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				meeting := row.meeting
				if meeting == "" {
					meeting = steptest.Number
				}
				id := h.Insert(meeting, func(r *cancellation.Request) {
					r.Reason, r.OfferDelegationTo, r.UndoUntil = "no room", "Dave", r.CreatedAt
					r.Response = cancellation.Response{URL: "https://hooks.example.com/" + steptest.Bob, At: r.CreatedAt, By: steptest.Bob}
					row.about(r)
				})
				h.Pass(10 * time.Minute)
				r := h.Stored(id)
				now := r.Meeting
				if row.now != nil {
					row.now(&now)
				}
				if err := closing(h).AskAgain(h.Context(), r, steptest.Bob, now, row.why); err != nil {
					t.Fatal(err)
				}
				if row.old == "" {
					h.Pass(time.Second)
				}
				old, fresh := h.Stored(id), openCard(t, h, meeting)
				if got := steptest.Outcome(old); got != row.want || old.Why != row.old || old.ClosedAt.IsZero() {
					t.Errorf("the old request is %s (%q), want %s (%q)", got, old.Why, row.want, row.old)
				}
				if (row.told != "" && !h.Chat.WasTold(steptest.Bob, row.told)) || row.told == "" && len(h.Chat.Texts("respond", steptest.Bob)) > 0 {
					t.Errorf("Bob was told %q, want %q", h.Chat.Texts("respond", steptest.Bob), row.told)
				}
				h.WantCalls()
				if row.card == "" {
					if fresh.ID != "" {
						t.Errorf("%s is asked again", fresh.ID)
					}
					return
				}
				if fresh.Supersedes != id || fresh.AskAgain != row.askAgain || fresh.ConfirmedBy != "" || !fresh.UndoUntil.IsZero() || fresh.OfferDelegationTo != "" || fresh.Reason != "no room" || fresh.Asker != old.Asker || fresh.Card != old.Card {
					t.Errorf("the new request is %+v", fresh.Request)
				}
				if want := h.Store.Now().Add(15 * time.Minute); fresh.ExpiresAt.Sub(want).Abs() > 2*time.Second || old.Response.URL != "" {
					t.Errorf("it is open until %v, want %v; the old one keeps %q", fresh.ExpiresAt, want, old.Response.URL)
				}
				if row.check != nil && !row.check(old.Request, fresh.Request) {
					t.Errorf("the new request is %+v", fresh.Request)
				}
				if !strings.Contains(h.Chat.Card(), row.card) || h.Trail() != "superseded requested asked" {
					t.Errorf("the card says %q, want %q; the trail is %q", h.Chat.Card(), row.card, h.Trail())
				}
			})
		})
	}
}

// TestLateDrawAfterAskAgain: a late draw of the old request may cover the card that took
// over. The new request is then drawn over it, also once it has ended.
func TestLateDrawAfterAskAgain(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{time.Minute, 20 * time.Minute} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			r := h.Stored(h.Insert(steptest.Number, inState(cancellation.Confirmed, "")))
			if err := closing(h).AskAgain(h.Context(), r, steptest.Bob, r.Meeting, cancellation.AskAgainStale); err != nil {
				t.Fatal(err)
			}
			h.Pass(after)
			h.Sweeper.Round(h.Context())
			h.Pass(time.Minute)
			want, before := h.Chat.Card(), len(h.Chat.Texts("update", steptest.Channel+"/1"))
			if _, err := h.Board.Draw(h.Context(), r.Request); err != nil {
				t.Fatal(err)
			}
			h.Pass(time.Second)
			if drawn := h.Chat.Texts("update", steptest.Channel+"/1")[before:]; len(drawn) != 2 || drawn[0] == want || drawn[1] != want {
				t.Errorf("%v later the card was drawn %q, want something else and then %q", after, drawn, want)
			}
			h.WantCalls()
		})
	}
}

// TestTakenOverTwice: a request that took over a card and whose draw is put off draws
// nothing once another request has taken over in turn.
func TestTakenOverTwice(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		r := h.Stored(h.Insert(steptest.Number, func(r *cancellation.Request) {
			inState(cancellation.Confirmed, "")(r)
			r.Supersedes = "earlier"
			r.BeginReport(r.CreatedAt)
		}))
		if err := closing(h).AskAgain(h.Context(), r, steptest.Bob, r.Meeting, cancellation.AskAgainStale); err != nil {
			t.Fatal(err)
		}
		h.Pass(time.Minute)
		before := len(h.Chat.Texts("update", steptest.Channel+"/1"))
		h.Enqueue(step.ReportStep, r.ID)
		h.Pass(time.Minute)
		if drawn := h.Chat.Texts("update", steptest.Channel+"/1")[before:]; len(drawn) > 0 {
			t.Errorf("the superseded request drew %q", drawn)
		}
		h.WantCalls()
	})
}

// TestAskAgainTooLate: a request that was decided in the meantime is not asked again.
func TestAskAgainTooLate(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		change func(*store.Request) // nil: nothing
		want   string
	}{
		{name: "undone", change: func(r *store.Request) { r.State = cancellation.Declined }, want: "declined"},
		{name: "the call has begun", change: func(r *store.Request) { r.State = cancellation.Calling }, want: "calling"},
		{name: "settled", change: func(r *store.Request) { r.State, r.Outcome = cancellation.Done, cancellation.Gone }, want: "gone"},
		{name: "only a tick", change: func(r *store.Request) { r.TickedAt = r.CreatedAt }, want: "superseded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				r := h.Stored(h.Insert(steptest.Number, inState(cancellation.Confirmed, "")))
				changed := r
				row.change(&changed)
				if err := record(h, func(tx *store.Tx) error { return tx.Requests.Save(h.Context(), &changed) }); err != nil {
					t.Fatal(err)
				}
				if err := closing(h).AskAgain(h.Context(), r, steptest.Bob, r.Meeting, cancellation.AskAgainStale); step.IsConflict(err) == (row.want == "superseded") {
					t.Fatalf("AskAgain() = %v, want a conflict unless it is asked again", err)
				}
				h.Pass(time.Second)
				if got := steptest.Outcome(h.Stored(r.ID)); got != row.want {
					t.Errorf("it is %s, want %s", got, row.want)
				}
				all, err := h.Store.Requests.OpenCards(h.Context(), steptest.Number)
				if fresh := slices.ContainsFunc(all, func(o store.Request) bool { return o.Supersedes == r.ID }); err != nil || fresh != (row.want == "superseded") {
					t.Errorf("it is asked again: %t (%v)", fresh, err)
				}
				h.WantCalls()
			})
		})
	}
}

// TestAskAgainKeeps: changes that people make to a card while its meeting is being read
// carry over to the card that asks again.
func TestAskAgainKeeps(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		change func(*store.Request)
		kept   func(cancellation.Request) bool
	}{
		{name: "a reason", change: func(r *store.Request) { r.Reason = "no room" }, kept: func(fresh cancellation.Request) bool { return fresh.Reason == "no room" }},
		{name: "a tick", change: func(r *store.Request) { r.Chosen, r.TickedAt = []string{"d1"}, r.CreatedAt }, kept: func(fresh cancellation.Request) bool {
			return slices.Equal(fresh.Chosen, []string{"d1"}) && !fresh.TickedAt.IsZero()
		}},
		{name: "a second copy", change: func(r *store.Request) {
			r.Copies = []cancellation.Card{{Channel: steptest.Channel, TS: "2", Way: cancellation.ByMessage}}
		}, kept: func(fresh cancellation.Request) bool { return len(fresh.Copies) == 1 }},
		{name: "another address of the card", change: func(r *store.Request) {
			r.Response = cancellation.Response{URL: "https://hooks.example.com/new", At: r.CreatedAt}
		}, kept: func(fresh cancellation.Request) bool { return fresh.Response.URL == "https://hooks.example.com/new" }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				r := h.Stored(h.Insert(steptest.Weekly, nil))
				now := r.Meeting
				now.Subject = "Board"
				changed := r
				row.change(&changed)
				if err := record(h, func(tx *store.Tx) error { return tx.Requests.Save(h.Context(), &changed) }); err != nil {
					t.Fatal(err)
				}
				if err := closing(h).AskAgain(h.Context(), r, "", now, cancellation.AskAgainEdited); err != nil {
					t.Fatal(err)
				}
				if fresh := openCard(t, h, steptest.Weekly); fresh.Supersedes != r.ID || fresh.Meeting.Subject != "Board" || !row.kept(fresh.Request) {
					t.Errorf("the new request is %+v", fresh.Request)
				}
				h.Pass(time.Second)
			})
		})
	}
}

// TestQuestionDisowned: who owns the meeting by now → what happens to the question that its
// owner was asked.
func TestQuestionDisowned(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		owner string
		house func(*steptest.Fixture)
		want  string
		err   bool
	}{
		{name: "still theirs", owner: "uuid-carol", want: "superseded"},
		{name: "another account of theirs", owner: "uuid-carol-2", house: func(h *steptest.Fixture) {
			h.Service.Accounts["uuid-carol-2"] = meetingapi.User{UUID: "uuid-carol-2", Email: "carol@example.com"}
		}, want: "superseded"},
		{name: "someone else's", owner: "uuid-dave", house: func(h *steptest.Fixture) {
			h.Service.Accounts["uuid-dave"] = meetingapi.User{UUID: "uuid-dave", Email: "dave@example.com"}
		}, want: "refused"},
		{name: "of an owner who isn't in Slack", owner: "uuid-out", house: func(h *steptest.Fixture) {
			h.Service.Accounts["uuid-out"] = meetingapi.User{UUID: "uuid-out", Email: "out@example.com"}
		}, want: "refused"},
		{name: "the owner can't be looked up", owner: "uuid-dave", house: func(h *steptest.Fixture) {
			h.Service.Unknown = steptest.Failure(meetingapi.ClassUnavailable)
		}, want: "asked", err: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				if row.house != nil {
					row.house(h)
				}
				r := h.Stored(h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.For, r.Asker = steptest.Carol, steptest.Dave
					r.Card = cancellation.Card{Channel: "D" + steptest.Carol, TS: "1", Way: cancellation.ByDirect}
				}))
				now := r.Meeting
				now.OwnerUUID, now.Subject = row.owner, "Board"
				err := closing(h).AskAgain(h.Context(), r, "", now, cancellation.AskAgainChanged)
				h.Pass(time.Second)
				stored := h.Stored(r.ID)
				if got := steptest.Outcome(stored); got != row.want || (err != nil) != row.err {
					t.Errorf("the question is %s (%v), want %s", got, err, row.want)
				}
				fresh := openCard(t, h, steptest.Number)
				switch row.want {
				case "superseded": // open as long as a question is, not a card
					if fresh.For != steptest.Carol || !fresh.ExpiresAt.Equal(r.CreatedAt.Add(24*time.Hour)) {
						t.Errorf("the new question is to %q until %v", fresh.For, fresh.ExpiresAt)
					}
				case "refused":
					if fresh.ID != "" || stored.Why != "not_owner" || len(h.Chat.Texts("dm", steptest.Dave)) != 1 {
						t.Errorf("%s is open, the reason is %q; the asker was told %q", fresh.ID, stored.Why, h.Chat.Texts("dm", steptest.Dave))
					}
				}
				h.WantCalls()
			})
		})
	}
}
