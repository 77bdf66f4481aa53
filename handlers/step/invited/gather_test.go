package invited

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	crowd := make([]meetingapi.Invitee, 2000)
	for i := range crowd {
		crowd[i] = meetingapi.Invitee{Email: fmt.Sprintf("p%d@example.com", i)}
	}
	for _, tt := range []struct {
		name     string
		invitees []meetingapi.Invitee
		want     int
	}{
		{"none", nil, 0},
		{"without an address", []meetingapi.Invitee{{Name: "Ana", Account: "ana@corp"}}, 0},
		{"no address", []meetingapi.Invitee{{Email: "ana"}}, 0},
		{"the same one twice", []meetingapi.Invitee{{Email: "ana@example.com"}, {Email: " Ana@Example.com "}}, 1},
		{"a room system", []meetingapi.Invitee{{Email: "blue@example.com", Type: meetingapi.InviteeRoom}}, 0},
		{"a telephone", []meetingapi.Invitee{{Email: "x@example.com", Type: meetingapi.InviteePhone}}, 0},
		{"from outside", []meetingapi.Invitee{{Email: "x@example.com", Type: meetingapi.InviteeExternal}}, 1},
		{"a crowd", crowd, 2000},
	} {
		if got := addresses(tt.invitees); len(got) != tt.want {
			t.Errorf("%s: addresses() = %d, want %d", tt.name, len(got), tt.want)
		}
	}
	if got := addresses([]meetingapi.Invitee{{Email: "B@x"}, {Email: "a@x"}}); !slices.Equal(got, []string{"b@x", "a@x"}) {
		t.Errorf("addresses() = %v, want them in the service's order", got)
	}
}

func TestTelling(t *testing.T) {
	t.Parallel()
	five := meetingapi.InviteeList{Total: meetingapi.Known(5), Invitees: make([]meetingapi.Invitee, 5)}
	known := cancellation.Meeting{Invited: 6, InvitedKnown: true}
	for _, tt := range []struct {
		name   string
		m      cancellation.Meeting
		list   meetingapi.InviteeList
		n      int
		unread error
		want   cancellation.Telling
	}{
		{"as the card said", known, five, 4, nil, cancellation.Telling{Wanted: true, People: 6}},
		{"the card did not say", cancellation.Meeting{}, five, 4, nil, cancellation.Telling{Wanted: true, People: 5}},
		{"nobody has an address", known, five, 0, nil, cancellation.Telling{Wanted: true, People: 6, Result: cancellation.TellDone}},
		{"nobody is invited", cancellation.Meeting{}, meetingapi.InviteeList{}, 0, nil, cancellation.Telling{Wanted: true}},
		{"unread", known, meetingapi.InviteeList{}, 0, errors.New("unread"), cancellation.Telling{Wanted: true, People: 6, Result: cancellation.TellUnread}},
	} {
		if got := telling(tt.m, tt.list, tt.n, tt.unread); got != tt.want {
			t.Errorf("%s: telling() = %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// A stubService returns invited people or an error.
type stubService struct {
	step.Meetings
	list meetingapi.InviteeList
	err  error
}

func (b *stubService) Invitees(context.Context, meetingapi.ID, int) (meetingapi.InviteeList, error) {
	return b.list, b.err
}

// TestGather: whether or not the invited people can be read, the call follows unless the
// confirmation was undone. The recipients are stored for the step that tells them.
func TestGather(t *testing.T) {
	t.Parallel()
	two := meetingapi.InviteeList{Meeting: meetingapi.Meeting{ID: "914", Subject: "renamed"}, Total: meetingapi.Known(3), Invitees: []meetingapi.Invitee{{Email: "a@x"}, {Email: "b@x"}, {Name: "c"}}}
	soon := cancellation.Meeting{ID: "914", Start: time.Now().Add(time.Hour), End: time.Now().Add(2 * time.Hour)}
	past := cancellation.Meeting{ID: "914", Start: time.Now().Add(-2 * time.Hour), End: time.Now().Add(-time.Hour)}
	for _, tt := range []struct {
		name    string
		state   cancellation.State
		meeting cancellation.Meeting
		service stubService
		called  bool
		kept    int
		result  cancellation.TellResult
	}{
		{"everything works", cancellation.Confirmed, soon, stubService{list: two}, true, 2, ""},
		{"the service fails", cancellation.Confirmed, soon, stubService{err: &meetingapi.Error{Class: meetingapi.ClassServer}}, true, 0, cancellation.TellUnread},
		{"it refuses", cancellation.Confirmed, soon, stubService{err: &meetingapi.Error{Class: meetingapi.ClassDenied}}, true, 0, cancellation.TellUnread},
		{"the meeting is gone", cancellation.Confirmed, soon, stubService{err: &meetingapi.Error{Class: meetingapi.ClassNotFound}}, true, 0, cancellation.TellUnread},
		{"it leaves the invited people out", cancellation.Confirmed, soon, stubService{}, true, 0, ""},
		{"it lies in the past", cancellation.Confirmed, past, stubService{list: two}, true, 0, ""},
		{"undone", cancellation.Declined, soon, stubService{list: two}, false, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, err := store.Open(t.Context(), sqlitetest.URL(t), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			ended := make(chan bool, 1)
			q := jobs.New(db, jobs.Options{Observe: func(s jobs.Step, _ time.Duration, err error) {
				if s == step.GatherStep && err == nil && !tt.called {
					ended <- false
				}
			}})
			var log bytes.Buffer
			deps := &step.Deps{Store: db, Meetings: &tt.service, Log: slog.New(slog.NewTextHandler(&log, nil))}
			q.Handle(step.GatherStep, "request", step.OfRequest(deps, Gather))
			read := ""
			q.Handle(step.CancelStep, "request", func(ctx context.Context, run *jobs.Run) error {
				if hand, _ := run.Carry.(*step.Handoff); hand.Reading != nil {
					m, err := hand.Reading.Wait(ctx)
					read = m.Subject
					ended <- err == nil
					return nil
				}
				ended <- true
				return nil
			})
			q.Handle(step.TellInvitedStep, "request", func(context.Context, *jobs.Run) error { return &jobs.Later{After: time.Hour} })
			if err := q.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = q.Stop(context.WithoutCancel(t.Context())) }()
			r := cancellation.Request{ID: cancellation.NewID(), State: tt.state, Scope: cancellation.Whole, Meeting: tt.meeting}
			r.Telling.Wanted = true
			err = db.Do(t.Context(), func(tx *store.Tx) error {
				if _, err := tx.Requests.Insert(t.Context(), r); err != nil {
					return err
				}
				return q.Enqueue(t.Context(), tx, jobs.Job{Step: step.GatherStep, Subject: string(r.ID)})
			})
			if err != nil {
				t.Fatal(err)
			}
			if called := <-ended; called != tt.called {
				t.Errorf("the call follows: %v, want %v", called, tt.called)
			}
			if told := tt.kept > 0; told != (read == "renamed") {
				t.Errorf("the call relies on a reading of %q, recipients: %t; want the latest reading", read, told)
			}
			if warned := strings.Contains(log.String(), "could not read who is invited"); warned != (tt.service.err != nil && !meetingapi.IsNotFound(tt.service.err)) {
				t.Errorf("the log warns: %t: %s", warned, &log) // a meeting that is gone is nothing to warn about
			}
			stored, err := db.Requests.Get(t.Context(), r.ID)
			if err != nil || stored.Telling.Result != tt.result {
				t.Errorf("Telling = %+v, %v, want %q", stored.Telling, err, tt.result)
			}
			kept := 0
			if err := db.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM invited`).Scan(&kept); err != nil || kept != tt.kept {
				t.Errorf("%d addresses are kept (%v), want %d", kept, err, tt.kept)
			}
		})
	}
}
