package cancel_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// confirm inserts a request and has Ana confirm it: about the meeting, or about one date of
// the series.
func confirm(h *steptest.Fixture, date bool) cancellation.ID {
	meeting, verb, click := steptest.Number, action.Cancel, (func(*step.Envelope))(nil)
	if date {
		meeting, verb, click = steptest.Weekly, action.CancelOccurrences, steptest.Ticks("1")
	}
	id := h.Insert(meeting, nil)
	h.Presses(steptest.Ana, verb, id, click)
	return id
}

// failReads has every reading fail from now on.
func failReads(h *steptest.Fixture, err error) func() {
	return func() { h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{err} }) }
}

// hideDates leaves out the dates of the series from now on.
func hideDates(h *steptest.Fixture) func() {
	return func() { h.Service.Set(func(s *steptest.Service) { s.HideDates = true }) }
}

// TestAnswers: how the service answers the calls × what it shows afterwards → the outcome,
// and how many calls were made.
func TestAnswers(t *testing.T) {
	t.Parallel()
	classes := func(all ...meetingapi.Class) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			for _, c := range all {
				if c == meetingapi.ClassNone {
					h.Service.Answers = append(h.Service.Answers, nil)
					continue
				}
				h.Service.Answers = append(h.Service.Answers, steptest.Failure(c))
			}
		}
	}
	carried := func(f func(*steptest.Fixture)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { f(h); h.Service.TakesEffect = true }
	}
	// carriedLate makes calls take effect long after they timed out.
	carriedLate := func(f func(*steptest.Fixture)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { f(h); h.Service.TakesEffect, h.Service.EffectDelay = true, 25*time.Second }
	}
	// unreadableAfter makes the service unreadable once the call was sent.
	unreadableAfter := func(f func(*steptest.Fixture)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			f(h)
			h.Service.OnCall = failReads(h, steptest.Failure(meetingapi.ClassUnavailable))
		}
	}
	readable, unreadable := []error{nil}, slices.Repeat([]error{steptest.Failure(meetingapi.ClassThrottled)}, 15)
	// readsAfter has the next readings after the call end this way.
	readsAfter := func(f func(*steptest.Fixture), all ...error) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			f(h)
			h.Service.OnCall = func() { h.Service.Set(func(s *steptest.Service) { s.ReadErrors = all }) }
		}
	}
	// goneBefore has someone else remove the meeting before the call arrives.
	goneBefore := func(f func(*steptest.Fixture)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { f(h); h.Service.OnCall = func() { steptest.Gone(h) } }
	}
	// shownFor is goneBefore, but the details show the meeting a while longer.
	shownFor := func(lag time.Duration, f func(*steptest.Fixture)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			f(h)
			h.Service.OnCall = func() { time.AfterFunc(lag, func() { steptest.Gone(h) }) }
		}
	}
	// startedAfter has the meeting start once the call was sent.
	startedAfter := func(f func(*steptest.Fixture)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			f(h)
			h.Service.OnCall = func() { time.AfterFunc(time.Second/2, func() { steptest.Starts(steptest.Number)(h) }) }
		}
	}
	datesHiddenAfter := func(f func(*steptest.Fixture)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { f(h); h.Service.OnCall = hideDates(h) }
	}
	for _, row := range []struct {
		name    string
		dates   bool // one date of the series instead of the meeting
		given   func(*steptest.Fixture)
		want    string
		why     string
		sent    int
		card    string
		recover string // the outcome once the service is back to normal
	}{
		{name: "done", given: classes(meetingapi.ClassNone), want: "cancelled", sent: 1, card: "was cancelled by"},
		{name: "not found", given: goneBefore(classes(meetingapi.ClassNotFound)), want: "gone", sent: 1},
		{name: "over", given: goneBefore(classes(meetingapi.ClassEnded)), want: "gone", sent: 1},
		{name: "not found, unreadable", given: unreadableAfter(classes(meetingapi.ClassNotFound)), want: "gone", sent: 1},
		{name: "not found, and shown for a moment", given: shownFor(5*time.Second, classes(meetingapi.ClassNotFound)), want: "gone", sent: 1},
		{name: "not found, and still shown", given: classes(meetingapi.ClassNotFound), want: "failed", why: "still_listed", sent: 1, card: "unchanged"},
		{name: "not found, still shown, and unreadable for a while", given: readsAfter(classes(meetingapi.ClassNotFound), slices.Concat(readable, unreadable, readable)...), want: "failed", why: "still_listed", sent: 1, card: "unchanged"},
		{name: "not found, unreadable for a while, and still shown", given: readsAfter(classes(meetingapi.ClassNotFound), slices.Concat(unreadable, readable)...), want: "failed", why: "still_listed", sent: 1, card: "unchanged"},
		{name: "date, not found, and still shown", dates: true, given: classes(meetingapi.ClassNotFound), want: "failed", why: "still_listed", sent: 1},
		{name: "locked", given: classes(meetingapi.ClassMeetingLocked), want: "refused", why: "meeting_locked", sent: 1, card: "unchanged"},
		{name: "denied", given: classes(meetingapi.ClassDenied), want: "refused", why: "denied", sent: 1, card: "unchanged"},
		{name: "wrong site", given: classes(meetingapi.ClassWrongSite), want: "refused", sent: 1, card: "unchanged"},
		{name: "login refused", given: classes(meetingapi.ClassCredentials), want: "failed", sent: 1, card: "unchanged"},
		{name: "busy, then done", given: classes(meetingapi.ClassTransient, meetingapi.ClassNone), want: "cancelled", sent: 2},
		{name: "throttled, then done", given: classes(meetingapi.ClassThrottled, meetingapi.ClassNone), want: "cancelled", sent: 2},
		{name: "always throttled", given: classes(meetingapi.ClassThrottled), want: "failed", sent: 8, card: "in a few minutes"},
		{name: "always busy", given: classes(meetingapi.ClassTransient), want: "failed", sent: 5, card: "unchanged"},

		{name: "no answer, took effect", given: carried(classes(meetingapi.ClassUnknownOutcome)), want: "cancelled", sent: 1, card: "was cancelled by"},
		{name: "no answer, no effect, then done", given: classes(meetingapi.ClassUnknownOutcome, meetingapi.ClassNone), want: "cancelled", sent: 2},
		{name: "no answers, no effect", given: classes(meetingapi.ClassUnknownOutcome), want: "failed", why: "unknown_outcome", sent: 2},
		{name: "no answer, then a refusal", given: classes(meetingapi.ClassUnknownOutcome, meetingapi.ClassDenied), want: "refused", sent: 2},
		{name: "no answer, then not found, and still shown", given: classes(meetingapi.ClassUnknownOutcome, meetingapi.ClassNotFound), want: "failed", sent: 8},
		{name: "no answer, unreadable", given: unreadableAfter(classes(meetingapi.ClassUnknownOutcome)), want: "unknown", sent: 1, card: "known", recover: "failed"},
		{name: "no answer, took effect, unreadable", given: unreadableAfter(carried(classes(meetingapi.ClassUnknownOutcome))), want: "unknown", sent: 1, recover: "cancelled"},

		{name: "no answer, no effect, started", given: startedAfter(classes(meetingapi.ClassUnknownOutcome)), want: "failed", why: cancellation.WhyChanged, sent: 1, card: "left alone"},

		{name: "no answers, late effect", given: carriedLate(classes(meetingapi.ClassUnknownOutcome)), want: "cancelled", sent: 2, card: "was cancelled by"},
		{name: "no answer, late effect, then a refusal", given: carriedLate(classes(meetingapi.ClassUnknownOutcome, meetingapi.ClassDenied)), want: "cancelled", sent: 2, card: "was cancelled by"},
		{name: "date, no answers, late effect", dates: true, given: carriedLate(classes(meetingapi.ClassUnknownOutcome)), want: "cancelled", sent: 2},

		{name: "date, no answer, took effect", dates: true, given: carried(classes(meetingapi.ClassUnknownOutcome)), want: "cancelled", sent: 1},
		{name: "date, no answer, dates not listed", dates: true, given: datesHiddenAfter(classes(meetingapi.ClassUnknownOutcome)), want: "unknown", sent: 1, recover: "failed"},
		{name: "date, no answer, took effect, dates not listed", dates: true, given: datesHiddenAfter(carried(classes(meetingapi.ClassUnknownOutcome))), want: "unknown", sent: 1, recover: "cancelled"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				row.given(h)
				id := confirm(h, row.dates)
				h.Pass(2 * time.Minute)
				r := h.Stored(id)
				if got := steptest.Outcome(r); got != row.want || row.why != "" && r.Why != row.why {
					t.Errorf("the request is %s (%s), want %s (%s)", got, r.Why, row.want, row.why)
				}
				if n := len(h.Service.Sent()); n != row.sent {
					t.Errorf("sent %q, want %d calls", h.Service.Sent(), row.sent)
				}
				if r.Outcome == cancellation.Unknown && r.Drawing.Until.Before(r.ClosedAt) {
					t.Errorf("draws are announced until %v, want until the outcome, which may still change, at %v", r.Drawing.Until, r.ClosedAt)
				}
				if !strings.Contains(h.Chat.Card(), row.card) {
					t.Errorf("the card says %q, want %q in it", h.Chat.Card(), row.card)
				}
				if row.recover != "" {
					h.Service.Set(func(s *steptest.Service) { s.OnCall, s.ReadErrors, s.HideDates = nil, nil, false })
					h.Pass(2 * time.Minute)
					if got := steptest.Outcome(h.Stored(id)); got != row.recover {
						t.Errorf("once the service is back to normal it is %s, want %s", got, row.recover)
					}
				}
				if r.Outcome != cancellation.Unknown || row.recover != "" {
					h.WantIdle()
				}
			})
		})
	}
}

// TestReread: what rereading the meeting before the call shows → the outcome.
func TestReread(t *testing.T) {
	t.Parallel()
	fails := func(all ...meetingapi.Class) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			for _, c := range all {
				if c == meetingapi.ClassNone {
					h.Service.ReadErrors = append(h.Service.ReadErrors, nil)
					continue
				}
				h.Service.ReadErrors = append(h.Service.ReadErrors, steptest.Failure(c))
			}
		}
	}
	for _, row := range []struct {
		name string
		read func(*steptest.Fixture)
		want string
		sent int
	}{
		{"as it was", func(*steptest.Fixture) {}, "cancelled", 1},
		{"gone", fails(meetingapi.ClassNotFound), "gone", 0},
		{"over", func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.State = meetingapi.Ended })
		}, "gone", 0},
		{"denied", fails(meetingapi.ClassDenied), "refused", 0},
		{"unreachable for a moment", fails(meetingapi.ClassUnavailable, meetingapi.ClassNone), "cancelled", 1},
		{"unreachable for long", fails(meetingapi.ClassUnavailable), "failed", 0},
		{"another owner", func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner.UUID = "uuid-dave" })
		}, "superseded", 0},
		{"another time", func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Start = m.Start.Add(time.Hour) })
		}, "superseded", 0},
		{"state no longer shown", steptest.HideState, "cancelled", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				row.read(h)
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				h.Pass(time.Minute)
				if got := steptest.Outcome(h.Stored(id)); got != row.want || len(h.Service.Sent()) != row.sent {
					t.Errorf("the request is %s after %q; want %s, %d calls", got, h.Service.Sent(), row.want, row.sent)
				}
				h.WantIdle()
			})
		})
	}
}

// TestChangedSinceRefused: the call is refused for now or has to wait, and the meeting
// changes in the meantime. Nothing was done, so the card asks again, as it would have before
// the call.
func TestChangedSinceRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		refuse error
		change func(*steptest.Fixture)
		dates  bool
		card   string
	}{
		{"it was starting", steptest.Failure(meetingapi.ClassTransient), steptest.Starts(steptest.Number), false, "has started"},
		{"made to wait", &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 5 * time.Minute}, steptest.Starts(steptest.Number), false, "has started"},
		{"moved", steptest.Failure(meetingapi.ClassTransient), func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Start = m.Start.Add(time.Hour) })
		}, false, "Cancel this meeting?"},
		{"another date gone", steptest.Failure(meetingapi.ClassTransient), func(h *steptest.Fixture) {
			h.Service.Change(steptest.Weekly, func(m *meetingapi.Meeting) {
				dates, _ := m.Series.Occurrences.Get()
				m.Series = &meetingapi.Series{Occurrences: meetingapi.Known(dates[:2])}
			})
		}, true, "Cancel dates or the whole series?"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Service.Answers = []error{row.refuse}
				h.Service.OnCall = func() { row.change(h) }
				id := confirm(h, row.dates)
				h.Pass(6 * time.Minute)
				if r := h.Stored(id); steptest.Outcome(r) != "superseded" || len(h.Service.Sent()) != 1 {
					t.Errorf("the request is %s (%s) after %q, want superseded after one call", steptest.Outcome(r), r.Why, h.Service.Sent())
				}
				h.WantSaid(steptest.Ana, "changed", row.card)
			})
		})
	}
}

// TestStartedNotShown: the service refuses the call because the meeting has started, but its
// details don't say so, or not yet. The card asks once more, and that answer is carried out.
func TestStartedNotShown(t *testing.T) {
	t.Parallel()
	for name, details := range map[string]func(*steptest.Fixture){
		"planned": func(*steptest.Fixture) {}, "not told": steptest.HideState, "unreadable": func(h *steptest.Fixture) {
			h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(meetingapi.ClassServer), nil} })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Service.Answers = []error{steptest.Failure(meetingapi.ClassStarted), nil}
				var once sync.Once
				h.Service.OnCall = func() { once.Do(func() { details(h) }) }
				id := confirm(h, false)
				h.Pass(5 * time.Minute) // the watch step reads the details
				open, err := h.Store.Requests.OpenCards(h.Context(), steptest.Number)
				if err != nil || len(open) != 1 || open[0].Supersedes != id {
					t.Fatalf("open cards: %v (%v), want one that replaces the first", open, err)
				}
				h.WantSaid(steptest.Ana, "changed", "has started")
				h.Presses(steptest.Ana, action.End, open[0].ID, nil)
				h.Pass(time.Minute)
				if got := steptest.Outcome(h.Stored(open[0].ID)); got != "ended" {
					t.Errorf("the request is %s, want ended", got)
				}
				h.WantCalls("cancel", "cancel end")
			})
		})
	}
}

// TestResume: what a run does after a restart, starting from the stored request alone.
func TestResume(t *testing.T) {
	t.Parallel()
	begun := func(ago time.Duration, unanswered int) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Calling, steptest.Ana, time.Now().Add(-ago)
			r.Unanswered = unanswered
			r.Begin(cancellation.CallEffect, time.Now().Add(-ago))
		}
	}
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		given func(*steptest.Fixture)
		want  string
		sent  int
	}{
		{"confirmed", func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Ana, time.Now()
		}, nil, "cancelled", 1},
		{"confirmed too long ago", func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Ana, time.Now().Add(-16*time.Minute)
		}, nil, "superseded", 0},
		{"begun, still there", begun(0, 0), nil, "cancelled", 1},
		{"begun, gone", begun(0, 0), func(h *steptest.Fixture) { delete(h.Service.Meetings, steptest.Number) }, "cancelled", 0},
		{"sent and not answered, gone", begun(0, 1), func(h *steptest.Fixture) { delete(h.Service.Meetings, steptest.Number) }, "cancelled", 0},
		{"begun, takes effect after its sender died, and a repeat is refused", begun(0, 0), func(h *steptest.Fixture) {
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassDenied)}
			time.AfterFunc(20*time.Second, func() { h.Service.Remove(steptest.Number) })
		}, "cancelled", 1},
		{"begun, takes effect after its sender died, on a meeting that was moved", begun(0, 0), func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Start = m.Start.Add(time.Hour) })
			time.AfterFunc(25*time.Second, func() { h.Service.Remove(steptest.Number) })
		}, "cancelled", 0},
		{"begun long ago, still there", begun(16*time.Minute, 0), nil, "cancelled", 1},
		{"undone", func(r *cancellation.Request) { r.State = cancellation.Declined }, nil, "declined", 0},
		{"over", func(r *cancellation.Request) { r.State, r.Outcome = cancellation.Done, cancellation.Refused }, nil, "refused", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				if row.given != nil {
					row.given(h)
				}
				h.Enqueue(step.CancelStep, id)
				h.Pass(50 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want || len(h.Service.Sent()) != row.sent {
					t.Errorf("the request is %s after %q; want %s, %d calls", got, h.Service.Sent(), row.want, row.sent)
				}
			})
		})
	}
}

// TestRemovedByAnotherRequest: a call that got no answer did nothing if another request was
// told that it had removed the meeting.
func TestRemovedByAnotherRequest(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		mine := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt, r.Unanswered = cancellation.Calling, steptest.Ana, time.Now(), 1
			r.Channel = "C0OTHER"
			r.Begin(cancellation.CallEffect, time.Now())
		})
		other := h.Insert(steptest.Number, nil)
		h.Presses(steptest.Bob, action.Cancel, other, nil)
		if got := steptest.Outcome(h.Stored(other)); got != "cancelled" {
			t.Fatalf("the other request is %s", got)
		}
		h.Enqueue(step.SettleStep, mine)
		h.Pass(50 * time.Second)
		if got := steptest.Outcome(h.Stored(mine)); got != "gone" {
			t.Errorf("the unanswered request is %s, want gone: its owner would be told twice", got)
		}
	})
}

// TestRemovedByAnotherCard: no card says that a meeting is unchanged which another card has
// removed, even if it can't be read, or the service still showed it when the card was asked.
func TestRemovedByAnotherCard(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		asked   time.Duration // after the other card removed it
		service func(*steptest.Fixture)
		sent    []string
	}{
		{"unreadable", 0, func(h *steptest.Fixture) {
			h.Service.ReadErrors = []error{steptest.Failure(meetingapi.ClassUnavailable)}
		}, []string{"cancel"}},
		{"still shown", 0, func(h *steptest.Fixture) {
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassNotFound)}
		}, []string{"cancel", "cancel"}},
		{"still shown when asked", 20 * time.Second, func(h *steptest.Fixture) {
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassNotFound)}
		}, []string{"cancel", "cancel"}},
		{"refused", 0, func(h *steptest.Fixture) {
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassDenied)}
		}, []string{"cancel", "cancel"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				meeting := h.Service.Meetings[steptest.Number]
				mine := h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.Channel, r.CreatedAt = "C0OTHER", r.CreatedAt.Add(row.asked)
				})
				other := h.Insert(steptest.Number, nil)
				h.Presses(steptest.Bob, action.Cancel, other, nil)
				h.Service.Set(func(s *steptest.Service) { s.Meetings[steptest.Number] = meeting }) // its details lag
				row.service(h)
				h.Presses(steptest.Ana, action.Cancel, mine, nil)
				h.Pass(time.Minute)
				if got := steptest.Outcome(h.Stored(mine)); got != "gone" {
					t.Errorf("the request is %s, want gone", got)
				}
				h.WantCalls(row.sent...)
			})
		})
	}
}

// TestRemovedByOpenCall: a meeting that the service says is gone, but still shows, isn't called
// unchanged while another card's call may have removed it.
func TestRemovedByOpenCall(t *testing.T) {
	t.Parallel()
	for removed, want := range map[bool]string{true: "gone", false: "failed"} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			other := h.Insert(steptest.Number, func(r *cancellation.Request) {
				r.Channel, r.State, r.ConfirmedBy, r.ConfirmedAt, r.Unanswered = "C0OTHER", cancellation.Calling, steptest.Bob, time.Now(), 1
				r.Begin(cancellation.CallEffect, time.Now())
			})
			mine := h.Insert(steptest.Number, nil)
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassNotFound)}
			h.Presses(steptest.Ana, action.Cancel, mine, nil)
			h.Pass(15 * time.Second)
			if removed {
				h.Service.Remove(steptest.Number)
				h.Enqueue(step.SettleStep, other)
			}
			h.Pass(25 * time.Second)
			if got := steptest.Outcome(h.Stored(mine)); got != want {
				t.Errorf("removed: %t; the request is %s, want %s", removed, got, want)
			}
		})
	}
}
