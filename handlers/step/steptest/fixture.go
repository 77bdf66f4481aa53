package steptest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/delegate"
	"meetingbot/handlers/step/watch"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/jobs"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

// The people, the channel and the meetings of these tests.
const (
	Ana     = "U0ANA"   // on ALLOW_USERS
	Bob     = "U0BOB"   // on ALLOW_USERS
	Carol   = "U0CAROL" // owns the meetings
	Dave    = "U0DAVE"  // has no special rights
	Team    = "T0HOME"
	Channel = "C0GENERAL"
	Number  = "914087436"
	Weekly  = "985000010"
)

// A Fixture is a running product for tests: all steps, with a real store and a real queue,
// against stubs of Slack and the meeting service, in a synctest bubble.
type Fixture struct {
	*step.Deps
	Sweeper *watch.Sweeper // only runs if the test runs it
	Chat    *Chat
	Service *Service
	DB      *dbfault.Driver

	slept atomic.Int64 // how far the wall clock is ahead of the clock of deadlines

	t *testing.T
	n int // number of envelopes so far
}

// Run runs f in a bubble. change, if not nil, changes the fixture before its queue starts.
func Run(t *testing.T, change func(*Fixture), f func(*Fixture)) {
	t.Helper()
	all, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	views := &view.Renderer{Words: all, Locale: "en"}
	url := sqlitetest.URL(t)
	synctest.Test(t, func(t *testing.T) {
		h := &Fixture{t: t, Chat: newChat(), Service: newService(), DB: &dbfault.Driver{}}
		s, err := store.Open(t.Context(), url, store.Options{
			Connect: h.DB.Connect, Now: func() time.Time { return time.Now().Add(time.Duration(h.slept.Load())) },
		})
		if err != nil {
			t.Fatal(err)
		}
		h.build(s, views)
		if change != nil {
			change(h)
		}
		h.Sweeper = handlers.Steps(h.Deps, h.Service)
		if err := h.Queue.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		f(h)
		if err := errors.Join(h.Queue.Stop(context.WithoutCancel(t.Context())), s.Close()); err != nil {
			t.Error(err)
		}
		h.Background.Close()
		h.Board.Close()
		h.Owners.Close() // the bubble ends once no goroutine is left
	})
}

// build makes the dependencies of the steps.
func (h *Fixture) build(s *store.Store, views *view.Renderer) {
	log := slog.New(slog.DiscardHandler)
	owners := access.NewOwners(h.Service, h.Chat, nil)
	h.Deps = &step.Deps{
		Background: background.New(),
		Store:      s, Slack: h.Chat, Meetings: h.Service, Owners: owners, Views: views, Log: log,
		Rules: step.Rules{ConfirmTTL: 15 * time.Minute, PerMinute: 5, ManyMax: 20},
		Access: &access.Policy{
			Slack: h.Chat, Owners: owners, Log: log, Settings: access.Settings{Users: []string{Ana, Bob}, Second: cancellation.SecondNever},
		},
	}
	h.Board = h.newBoard()
	h.Queue = jobs.New(s, jobs.Options{Urgent: []jobs.Step{step.CancelStep, step.SettleStep, step.ReportStep}, Tick: 5 * time.Second})
}

// Context returns the bubble's context. Contexts from outside must not be used inside.
func (h *Fixture) Context() context.Context { return h.t.Context() }

// AllowDelegation lets people delegate for at most this long.
func (h *Fixture) AllowDelegation(longest time.Duration) {
	h.Rules.DelegationMax = longest
	h.Access.Delegated = delegate.Lookup(h.Store, longest)
}

// catalogue is loaded once: that takes longer than most tests.
var catalogue = sync.OnceValues(words.Load)

// Pass lets time pass and waits until everything that became due is done.
func (h *Fixture) Pass(d time.Duration) {
	h.t.Helper()
	time.Sleep(d)
	synctest.Wait()
}

// Suspend suspends the machine: the wall clock advances, but no deadline does.
func (h *Fixture) Suspend(d time.Duration) { h.slept.Add(int64(d)) }

// Arrive stores an envelope as the product does on arrival, and has it handled.
func (h *Fixture) Arrive(next jobs.Step, in *step.Envelope) {
	h.t.Helper()
	h.arrive(next, in, func() *step.Promise[step.Prefetched] {
		if next != step.ClickStep {
			return nil
		}
		return handlers.Clicks(h.Deps).Prefetch(in)
	})
}

// Overtaken has a click arrive: its request is prefetched, then during runs, and only then
// is the click stored.
func (h *Fixture) Overtaken(in *step.Envelope, during func()) {
	h.t.Helper()
	h.arrive(step.ClickStep, in, func() *step.Promise[step.Prefetched] {
		read := handlers.Clicks(h.Deps).Prefetch(in)
		if read == nil { // a button that needs only its request
			r, err := h.Store.Requests.Get(h.t.Context(), in.Request)
			read = step.Resolved(step.Prefetched{Request: r}, err)
		}
		got, err := read.Wait(h.t.Context())
		during()
		return step.Resolved(got, err)
	})
}

func (h *Fixture) arrive(next jobs.Step, in *step.Envelope, prefetch func() *step.Promise[step.Prefetched]) {
	h.t.Helper()
	h.n++
	in.ID, in.Key, in.Team = fmt.Sprintf("e%d", h.n), fmt.Sprintf("k%d", h.n), Team
	if in.At.IsZero() {
		in.At = h.Store.Now()
	}
	if in.Request == "" && in.Action == "" {
		in.Request = cancellation.NewID()
	}
	a := &step.Arrival{Envelope: in, Prefetched: prefetch()}
	h.do(func(tx *store.Tx) error {
		e, err := in.Stored()
		if err != nil {
			return err
		}
		in.Kind = e.Kind
		if err := tx.Envelopes.Receive(h.t.Context(), e); err != nil {
			return err
		}
		if in.Starts() {
			if a.Request, err = tx.Requests.Insert(h.t.Context(), h.Rules.NewRequest(in)); err != nil {
				return err
			}
		}
		return h.Queue.Enqueue(h.t.Context(), tx, jobs.Job{Step: next, Subject: in.ID, Carry: a})
	})
}

// do runs f in a transaction.
func (h *Fixture) do(f func(*store.Tx) error) {
	h.t.Helper()
	if err := h.Store.Do(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// Types has a person type a command, and waits until it is handled.
func (h *Fixture) Types(who, text string) cancellation.ID {
	h.t.Helper()
	parsed, err := command.Parse(text)
	in := &step.Envelope{Person: who, Channel: Channel, Response: "https://hooks.example.com/" + who, Command: parsed}
	errors.As(err, &in.Fault)
	h.Arrive(step.CommandStep, in)
	h.Pass(time.Second)
	return in.Request
}

// Presses has a person press a button of a request's card, and waits until the click is
// handled. change, if not nil, may alter the envelope.
func (h *Fixture) Presses(who, action string, id cancellation.ID, change func(*step.Envelope)) {
	h.t.Helper()
	h.Press(who, action, id, change)
	h.Pass(2 * time.Second)
}

// Press is Presses without the waiting.
func (h *Fixture) Press(who, action string, id cancellation.ID, change func(*step.Envelope)) {
	h.t.Helper()
	in := &step.Envelope{
		Person: who, Channel: Channel, Response: "https://hooks.example.com/click/" + who, Action: action, Request: id,
		Message: bot.MessageRef{Channel: Channel, TS: "1"}, Trigger: "t",
	}
	if change != nil {
		change(in)
	}
	h.Arrive(step.ClickStep, in)
}

// Stored returns a request as it is stored now.
func (h *Fixture) Stored(id cancellation.ID) store.Request {
	h.t.Helper()
	r, err := h.Store.Requests.Get(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// Insert stores a request about a meeting, asked by Ana and with an open card. change, if
// not nil, may alter it.
func (h *Fixture) Insert(meeting string, change func(*cancellation.Request)) cancellation.ID {
	h.t.Helper()
	m, err := h.Service.Meeting(h.t.Context(), id(meeting))
	if err != nil {
		h.t.Fatal(err)
	}
	h.Service.Set(func(s *Service) { s.reads = 0 })
	now := h.Store.Now()
	r := cancellation.Request{
		ID: cancellation.NewID(), State: cancellation.Asked, Asker: Ana, Channel: Channel, Number: meeting,
		Scope: cancellation.Whole, Meeting: step.Facts(m, now), CreatedAt: now, ExpiresAt: now.Add(h.Rules.ConfirmTTL),
		Card: cancellation.Card{Channel: Channel, TS: "1", Way: cancellation.ByMessage},
	}
	if r.Meeting.Recurring {
		r.Scope = cancellation.Undecided
	}
	r.Begin(cancellation.CardEffect, now)
	r.EndEffect(cancellation.CardEffect, now, Channel+"/1", "message")
	if change != nil {
		change(&r)
	}
	h.do(func(tx *store.Tx) error {
		_, err := tx.Requests.Insert(h.t.Context(), r)
		return err
	})
	return r.ID
}

// Enqueue has a step run for a request as after a restart, with nothing handed over.
func (h *Fixture) Enqueue(s jobs.Step, id cancellation.ID) {
	h.t.Helper()
	h.do(func(tx *store.Tx) error {
		return h.Queue.Enqueue(h.t.Context(), tx, jobs.Job{Step: s, Subject: string(id)})
	})
}

// StoreOnly stores an envelope without having it handled.
func (h *Fixture) StoreOnly(in *step.Envelope) {
	h.t.Helper()
	h.n++
	in.ID, in.Key = fmt.Sprintf("e%d", h.n), fmt.Sprintf("k%d", h.n)
	h.do(func(tx *store.Tx) error {
		e, err := in.Stored()
		if err != nil {
			return err
		}
		return tx.Envelopes.Receive(h.t.Context(), e)
	})
}
