package invited

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

// A stubSlack is a Slack in which every address belongs to someone. It records who was
// written to, and when.
type stubSlack struct {
	step.Slack

	mu      sync.Mutex
	sent    map[bot.UserID]int
	read    map[bot.UserID]string
	last    time.Time
	hurried bool                   // two messages came within a second
	slow    map[string]error       // of looking up an address, once
	lost    map[bot.UserID][]error // answers to the next messages to a person, which arrive anyway
	gone    map[bot.UserID]bool    // people who can't be written to
	nobody  bool                   // no address belongs to anyone
	hangs   bool                   // looking up a person, whose language an address doesn't reveal
	lookups int
	scopes  bool     // the bot may search for its messages
	edits   []string // of the reply in the thread
}

// Post is never called: nothing is posted in a thread.
func (p *stubSlack) Post(context.Context, bot.MessageRef, bot.Message) (bot.MessageRef, error) {
	return bot.MessageRef{}, nil
}

func (p *stubSlack) PersonByEmail(_ context.Context, email string) (bot.Person, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lookups++
	if p.nobody {
		return bot.Person{}, bot.ErrNoSuchPerson
	}
	if err := p.slow[email]; err != nil {
		delete(p.slow, email)
		return bot.Person{}, err
	}
	name, _, _ := strings.Cut(email, "@")
	person := bot.Person{ID: bot.UserID(name), Team: "T1", Locale: "en"}
	if p.hangs {
		person.Locale = ""
	}
	return person, nil
}

func (p *stubSlack) GroupMembers(context.Context, bot.GroupID) ([]bot.UserID, error) {
	return nil, nil
}

func (p *stubSlack) Identify(context.Context) (bot.Identity, error) {
	return bot.Identity{Team: "T1"}, nil
}

// CanSearch reports whether the history scopes are granted.
func (p *stubSlack) CanSearch() bool { return p.scopes }

func (p *stubSlack) DirectChannel(_ context.Context, to bot.UserID) (bot.ChannelID, error) {
	return bot.ChannelID(to), nil
}

func (p *stubSlack) FindPosted(_ context.Context, in bot.MessageRef, _ bot.Metadata, _ time.Time) (bot.MessageRef, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bot.MessageRef{Channel: in.Channel, TS: "1"}, p.sent[bot.UserID(in.Channel)] > 0, nil
}

func (p *stubSlack) Permalink(context.Context, bot.MessageRef) (string, error) { return "", nil }

func (p *stubSlack) CachedPerson(bot.UserID) (bot.Person, bool) { return bot.Person{}, false }

func (p *stubSlack) Person(ctx context.Context, id bot.UserID) (bot.Person, error) {
	if p.hangs {
		<-ctx.Done()
		return bot.Person{}, bot.ErrUnavailable
	}
	return bot.Person{ID: id, Team: "T1", Locale: "en"}, nil
}

func (p *stubSlack) DM(ctx context.Context, to bot.UserID, m bot.Message) (bot.MessageRef, error) {
	if ctx.Err() != nil {
		return bot.MessageRef{}, bot.ErrNotSent
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone[to] {
		return bot.MessageRef{}, bot.ErrGone
	}
	p.hurried = p.hurried || time.Since(p.last) < time.Second
	p.last = time.Now()
	p.sent[to]++
	p.read[to] += m.Text + "\n"
	if lost := p.lost[to]; len(lost) > 0 {
		p.lost[to] = lost[1:]
		return bot.MessageRef{}, lost[0]
	}
	return bot.MessageRef{Channel: "D1", TS: "1"}, nil
}

func (p *stubSlack) Update(_ context.Context, _ bot.MessageRef, m bot.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.edits = append(p.edits, m.Text)
	return nil
}

// A fixture is a store and a Slack for telling invited people.
type fixture struct {
	db    *store.Store
	slack *stubSlack
	deps  *step.Deps

	mu      sync.Mutex
	results map[string]int
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db, err := store.Open(t.Context(), sqlitetest.URL(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &fixture{db: db, results: map[string]int{}}
	w.slack = &stubSlack{sent: map[bot.UserID]int{}, read: map[bot.UserID]string{}, slow: map[string]error{}, lost: map[bot.UserID][]error{}}
	w.deps = &step.Deps{
		Store: db, Slack: w.slack, Owners: access.NewOwners(nil, w.slack, nil), Access: &access.Policy{Slack: w.slack},
		Views: &view.Renderer{Words: catalogue}, Log: slog.New(slog.DiscardHandler),
		Observe: step.Observer{Invited: w.counted},
	}
	w.deps.Board = card.New(card.Options{
		Slack: w.slack, Views: w.deps.Views, Log: w.deps.Log, Now: db.Now, Latest: step.ShownNow(db.Requests),
	})
	return w
}

func (w *fixture) counted(result string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.results[result]++
}

func (w *fixture) close() {
	w.deps.Board.Close()
	w.deps.Owners.Close()
	_ = w.db.Close()
}

// startReplica starts a replica.
func (w *fixture) startReplica(t *testing.T) *jobs.Queue {
	t.Helper()
	q, deps := jobs.New(w.db, jobs.Options{}), *w.deps
	deps.Queue = q
	q.Handle(step.TellInvitedStep, "request", step.OfRequest(&deps, TellInvited))
	q.Handle(step.MergeInvitedStep, "request", step.OfRequest(&deps, Merge))
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return q
}

// runFor runs a replica for a while.
func (w *fixture) runFor(t *testing.T, d time.Duration) {
	t.Helper()
	q := w.startReplica(t)
	time.Sleep(d)
	if err := q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// invite stores a request with this many people to tell.
func (w *fixture) invite(t *testing.T, r cancellation.Request, people int) {
	t.Helper()
	var emails []string
	for i := range people {
		emails = append(emails, fmt.Sprintf("u%d@x", i))
	}
	q := w.startReplica(t)
	err := w.db.Do(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Requests.Insert(t.Context(), r); err != nil {
			return err
		}
		if err := tx.Invited.AddEmails(t.Context(), r.ID, emails); err != nil {
			return err
		}
		return q.Enqueue(t.Context(), tx, jobs.Job{Step: step.TellInvitedStep, Subject: string(r.ID), Due: time.Now().Add(time.Second)})
	})
	if err == nil {
		err = q.Stop(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// addressesLeft counts the addresses in the database.
func (w *fixture) addressesLeft(t *testing.T) (n int) {
	t.Helper()
	if err := w.db.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM invited`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// removed returns a request that has removed its meeting and has a reply in the thread.
func removed() cancellation.Request {
	r := cancellation.Request{
		ID: cancellation.NewID(), State: cancellation.Done, Outcome: cancellation.Cancelled, ConfirmedBy: "u0", ConfirmedAt: time.Now(), ClosedAt: time.Now(),
		Meeting: cancellation.Meeting{ID: "914", Start: time.Now().Add(time.Hour), End: time.Now().Add(2 * time.Hour)},
		Telling: cancellation.Telling{Wanted: true, People: 60},
	}
	r.EndEffect(cancellation.ThreadEffect, time.Now(), "C1/2", report.Sent)
	return r
}

// TestTellAtMostFifty: of sixty people, fifty get one message each, a second apart, even if
// Slack is slow to find one of them and another replica takes over in between.
func TestTellAtMostFifty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		defer w.close()
		w.slack.slow["u3@x"] = &bot.Error{Method: "users.lookupByEmail"}
		w.invite(t, removed(), 60)
		w.runFor(t, 20*time.Second)
		if n := len(w.slack.sent); n < 10 || n > 20 {
			t.Errorf("%d people were told in 20 seconds, want one a second", n)
		}
		w.runFor(t, 3*time.Minute)
		for who, n := range w.slack.sent {
			if n != 1 {
				t.Errorf("%s has %d messages, want 1", who, n)
			}
		}
		if n := len(w.slack.sent); n != maxTold || w.slack.sent["u0"] != 0 {
			t.Errorf("%d people were told, u0, who confirmed, %d times; want %d without them", n, w.slack.sent["u0"], maxTold)
		}
		if w.slack.hurried {
			t.Error("two messages were sent within a second")
		}
		want := "50 of 60 invited people were told here."
		if len(w.slack.edits) != 1 || !strings.Contains(w.slack.edits[0], want) {
			t.Errorf("the reply was edited to %q, want once, to say %q", w.slack.edits, want)
		}
		if w.results[toldSent] != maxTold || w.results[toldDoer] != 1 {
			t.Errorf("results are %v", w.results)
		}
		if n := w.addressesLeft(t); n != 0 {
			t.Errorf("%d addresses are left, want none", n)
		}
	})
}

// TestTellWithoutLanguage: looking up a person's language leaves time to tell them.
func TestTellWithoutLanguage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		defer w.close()
		w.slack.hangs = true
		w.invite(t, removed(), 3)
		w.runFor(t, 30*time.Second)
		if n := len(w.slack.sent); n != 2 {
			t.Errorf("%d people were told, want all but the one who confirmed", n)
		}
	})
}

// TestTellNobody: if the request didn't remove the meeting, or its time is over, nobody is
// told and no addresses are kept.
func TestTellNobody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*cancellation.Request)
		kept   int
	}{
		{"undone", func(r *cancellation.Request) { r.State, r.Outcome = cancellation.Declined, "" }, 0},
		{"asked again", func(r *cancellation.Request) { r.State, r.Outcome = cancellation.Superseded, "" }, 0},
		{"already gone", func(r *cancellation.Request) { r.Outcome = cancellation.Gone }, 0},
		{"refused", func(r *cancellation.Request) { r.Outcome = cancellation.Refused }, 0},
		{"over", func(r *cancellation.Request) {
			r.Meeting.Start, r.Meeting.End = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		}, 0},
		{"unknown outcome", func(r *cancellation.Request) { r.Outcome = cancellation.Unknown }, 3},
		{"under way", func(r *cancellation.Request) { r.State, r.Outcome = cancellation.Calling, "" }, 3},
		{"unknown outcome, and the meeting is over", func(r *cancellation.Request) {
			r.Outcome, r.Meeting.Start, r.Meeting.End = cancellation.Unknown, time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newFixture(t)
				defer w.close()
				r := removed()
				tt.change(&r)
				w.invite(t, r, 3)
				w.runFor(t, time.Minute)
				if len(w.slack.sent) != 0 {
					t.Errorf("%d people were told, want nobody", len(w.slack.sent))
				}
				if n := w.addressesLeft(t); n != tt.kept {
					t.Errorf("%d addresses are kept, want %d", n, tt.kept)
				}
			})
		})
	}
}
