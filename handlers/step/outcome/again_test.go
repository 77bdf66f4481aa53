package outcome_test

import (
	"cmp"
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

// TestAskAgain: which request is replaced, and why → what takes over the card, what that
// asks, and what the presser is told. Unless a row says otherwise, a single meeting was
// confirmed and has changed.
func TestAskAgain(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		meeting  string
		about    func(*cancellation.Request)
		now      func(*cancellation.Meeting)
		why      cancellation.AskAgain
		askAgain cancellation.AskAgain // if it isn't why
		told     string
		card     string
		check    func(old, fresh cancellation.Request) bool
	}{
		{name: "another subject", now: renamed, card: "Cancel this meeting?", check: func(_, fresh cancellation.Request) bool { return fresh.Meeting.Subject == "Board" }},
		{name: "started", now: started, card: "This meeting has started", check: func(_, fresh cancellation.Request) bool { return fresh.Meeting.Running && fresh.Meeting.People == 3 }},
		{name: "confirmed too long ago", why: cancellation.AskAgainStale, told: "too much time passed", card: "Cancel this meeting?"},
		{
			name: "missing facts are taken from the old request", card: "Cancel this meeting?",
			now: func(m *cancellation.Meeting) { m.Subject, m.OwnerUUID, m.Start = "", "", m.Start.Add(time.Hour) },
			check: func(old, fresh cancellation.Request) bool {
				return fresh.Meeting.Subject == "Budget review" && fresh.Meeting.OwnerUUID == "uuid-carol" && fresh.Meeting.Start.Equal(old.Meeting.Start.Add(time.Hour))
			},
		},
		{
			name: "a date is gone", meeting: steptest.Weekly, card: "Cancel dates or the whole series?",
			about: func(r *cancellation.Request) { r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1", "d2"} },
			now:   func(m *cancellation.Meeting) { m.Occurrences = m.Occurrences[:2] },
			check: func(_, fresh cancellation.Request) bool {
				return fresh.Scope == cancellation.Undecided && slices.Equal(fresh.Chosen, []string{"d1"}) // ticked, not decided
			},
		},
		{
			name: "dates are no longer listed", meeting: steptest.Weekly, now: func(m *cancellation.Meeting) { m.Occurrences, m.DatesKnown = nil, false },
			askAgain: cancellation.AskAgainUnlisted, told: "no longer lists the dates", card: "series",
		},
		{
			name: "a call was refused before", now: started, card: "This meeting has started",
			about: func(r *cancellation.Request) {
				inState(cancellation.Calling, "")(r)
				r.Begin(cancellation.CallEffect, r.CreatedAt)
				r.Unanswered, r.Reference, r.WaitUntil, r.Why = 1, "ref-0", r.CreatedAt.Add(time.Hour), "throttled"
			},
			check: func(old, fresh cancellation.Request) bool {
				return !fresh.Effects[cancellation.CallEffect].Begun() && fresh.Unanswered == 0 && fresh.Reference == "" && fresh.WaitUntil.IsZero() && fresh.Why == "" && old.WaitUntil.IsZero()
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				meeting, why := cmp.Or(row.meeting, steptest.Number), cmp.Or(row.why, cancellation.AskAgainChanged)
				id := askAgain(t, h, meeting, row.about, row.now, why)
				h.Pass(time.Second)
				old, fresh := h.Stored(id), openCard(t, h, meeting)
				wantTakenOver(t, h, old, fresh)
				if fresh.AskAgain != cmp.Or(row.askAgain, why) || row.check != nil && !row.check(old.Request, fresh.Request) {
					t.Errorf("the new request is %+v", fresh.Request)
				}
				if told := cmp.Or(row.told, "changed after the card was shown"); !h.Chat.WasTold(steptest.Bob, told) {
					t.Errorf("Bob was told %q, want %q", h.Chat.Texts("respond", steptest.Bob), told)
				}
				if !strings.Contains(h.Chat.Card(), row.card) || h.Trail() != "superseded requested asked" {
					t.Errorf("the card says %q, want %q; the trail is %q", h.Chat.Card(), row.card, h.Trail())
				}
				h.WantCalls()
			})
		})
	}
}

// TestPartIsNotAskedAgain: a part is left alone, for a reason that the card lists.
func TestPartIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		now  func(*cancellation.Meeting)
		why  cancellation.AskAgain
		want string // its reason
	}{
		"started":         {started, cancellation.AskAgainChanged, "started"},
		"another subject": {renamed, cancellation.AskAgainChanged, string(cancellation.AskAgainChanged)},
		"too long ago":    {nil, cancellation.AskAgainStale, string(cancellation.AskAgainStale)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := askAgain(t, h, steptest.Number, func(r *cancellation.Request) { r.Parent = "whole" }, row.now, row.why)
				part := h.Stored(id)
				if got := steptest.Outcome(part); got != "refused" || part.Why != row.want || part.ClosedAt.IsZero() {
					t.Errorf("the part is %s (%q), want refused (%q)", got, part.Why, row.want)
				}
				if fresh := openCard(t, h, steptest.Number); fresh.ID != "" || len(h.Chat.Texts("respond", steptest.Bob)) > 0 {
					t.Errorf("%s is asked again, and Bob was told %q", fresh.ID, h.Chat.Texts("respond", steptest.Bob))
				}
				h.WantCalls()
			})
		})
	}
}

func renamed(m *cancellation.Meeting) { m.Subject = "Board" }
func started(m *cancellation.Meeting) { m.Running = true }

// askAgain stores a confirmed request, and asks again ten minutes later, after a click by Bob.
// It returns the request's id.
func askAgain(t *testing.T, h *steptest.Fixture, meeting string, about func(*cancellation.Request), now func(*cancellation.Meeting), why cancellation.AskAgain) cancellation.ID {
	t.Helper()
	id := h.Insert(meeting, func(r *cancellation.Request) {
		r.Reason, r.OfferDelegationTo, r.UndoUntil = "no room", "Dave", r.CreatedAt
		r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/" + steptest.Bob, At: r.CreatedAt, By: steptest.Bob}
		inState(cancellation.Confirmed, "")(r)
		if about != nil {
			about(r)
		}
	})
	h.Pass(10 * time.Minute)
	r := h.Stored(id)
	m := r.Meeting
	if now != nil {
		now(&m)
	}
	if err := closing(h).AskAgain(h.Context(), r, steptest.Bob, m, why); err != nil {
		t.Fatal(err)
	}
	return id
}

// wantTakenOver checks that fresh has taken over the card of old, open as long as any other.
func wantTakenOver(t *testing.T, h *steptest.Fixture, old, fresh store.Request) {
	t.Helper()
	if got := steptest.Outcome(old); got != "superseded" || old.Why != "" || old.ClosedAt.IsZero() || old.Response.URL != "" {
		t.Errorf("the old request is %s (%q), and keeps %q", got, old.Why, old.Response.URL)
	}
	if fresh.Supersedes != old.ID || fresh.ConfirmedBy != "" || !fresh.UndoUntil.IsZero() || fresh.OfferDelegationTo != "" || fresh.Reason != "no room" || fresh.Asker != old.Asker || fresh.Card != old.Card {
		t.Errorf("the new request is %+v", fresh.Request)
	}
	if want := h.Store.Now().Add(15 * time.Minute); fresh.ExpiresAt.Sub(want).Abs() > 2*time.Second {
		t.Errorf("it is open until %v, want %v", fresh.ExpiresAt, want)
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
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/new", At: r.CreatedAt}
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
		given func(*steptest.Fixture)
		want  string
		err   bool
	}{
		{name: "still theirs", owner: "uuid-carol", want: "superseded"},
		{name: "another account of theirs", owner: "uuid-carol-2", given: func(h *steptest.Fixture) {
			h.Service.Accounts["uuid-carol-2"] = meetingapi.User{UUID: "uuid-carol-2", Email: "carol@example.com"}
		}, want: "superseded"},
		{name: "someone else's", owner: "uuid-dave", given: func(h *steptest.Fixture) {
			h.Service.Accounts["uuid-dave"] = meetingapi.User{UUID: "uuid-dave", Email: "dave@example.com"}
		}, want: "refused"},
		{name: "of an owner who isn't in Slack", owner: "uuid-out", given: func(h *steptest.Fixture) {
			h.Service.Accounts["uuid-out"] = meetingapi.User{UUID: "uuid-out", Email: "out@example.com"}
		}, want: "refused"},
		{name: "the owner can't be looked up", owner: "uuid-dave", given: func(h *steptest.Fixture) {
			h.Service.Unknown = steptest.Failure(meetingapi.ClassUnavailable)
		}, want: "asked", err: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				if row.given != nil {
					row.given(h)
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
