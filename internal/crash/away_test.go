package crash

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// away is one cancellation with an undo window, so that the call is a run that the
// queue has found again, whose database goes away while the DELETE is under way
// and stays away while the run records how it ended. Nobody dies.
func away(t *testing.T, database string, goes, comes func()) {
	t.Helper()
	w := plain(t, database, map[string]string{"UNDO_WINDOW": "1s"})
	w.Plan(meeting, world.Carol, nil)
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	card := asked(t, w, world.Ana, meeting)
	w.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultSlow, After: true, Delay: time.Second, Times: 1})
	press(t, w, world.Ana, card)
	awaits(t, w, "the DELETE taking effect", func() bool { return w.Meeting.Cancelled(meeting) == 1 })
	goes()
	comes()
	awaits(t, w, "the final card", func() bool {
		m, _ := w.Slack.Message(card.Ref)
		return strings.Contains(m.Plain(), "was cancelled by")
	})
	awaits(t, w, "word for the owner and the thread", func() bool {
		return len(w.Slack.DMs(world.Carol)) == 1 && len(w.Slack.Thread(card.Ref, world.Ana)) == 1
	})
	awaits(t, w, "an empty queue", func() bool { return jobsLeft(t, database) == 0 })
	if n := w.Meeting.Cancelled(meeting); n != 1 {
		t.Errorf("the meeting was cancelled %d times", n)
	}
}

// plain is a world whose program runs once, and whose database is reachable at an
// address.
func plain(t *testing.T, database string, env map[string]string) *world.World {
	t.Helper()
	w := world.New(world.Options{Dir: t.TempDir(), Program: []string{program}, Database: database})
	for name, value := range env {
		w.Set(name, value)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// asked has somebody ask about a meeting, and returns the card.
func asked(t *testing.T, w *world.World, who, id string) (card slacksim.Message) {
	t.Helper()
	if err := w.Slack.Type(who, world.General, "/cancel-meeting "+id).Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	number := id[:3] + " " + id[3:6] + " " + id[6:]
	awaits(t, w, "card of "+id, func() bool {
		for _, m := range w.Slack.Messages(world.General, who) {
			if len(m.Buttons()) > 0 && strings.Contains(m.Plain(), number) {
				card = m
				return true
			}
		}
		return false
	})
	return card
}

// press presses "Cancel meeting" on a card.
func press(t *testing.T, w *world.World, who string, card slacksim.Message) {
	t.Helper()
	a, err := w.Slack.Click(who, card.Ref, "cancel_meeting", slacksim.ClickOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func awaits(t *testing.T, w *world.World, what string, holds func() bool) {
	t.Helper()
	// Within 60 s of everybody being well again nothing is left undone.
	for range 2 {
		if err := w.Await(t.Context(), what, holds); err == nil {
			return
		}
	}
	if err := w.Await(t.Context(), what, holds); err != nil {
		t.Fatal(err)
	}
}

// jobsLeft counts the jobs that are stored, but for those that only read.
func jobsLeft(t *testing.T, database string) (n int) {
	t.Helper()
	db, err := store.OpenReadOnly(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM job WHERE step <> 'watch'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// pass is time going by while something is away.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}

// TestFileLockedAtTheEndOfARun has another program hold the file for about as long
// as the run may take: it must not matter which of the two is first.
func TestFileLockedAtTheEndOfARun(t *testing.T) {
	t.Parallel()
	for _, hold := range []time.Duration{8500 * time.Millisecond, 9700 * time.Millisecond, 10200 * time.Millisecond, 12 * time.Second} {
		t.Run(hold.String(), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "meetingbot.db")
			other, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = other.Close() }()
			other.SetMaxOpenConns(1)
			run := func(statement string) {
				if _, err := other.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			away(t, "sqlite:"+path, func() { run("BEGIN IMMEDIATE"); pass(t, hold) }, func() { run("ROLLBACK") })
		})
	}
}

// TestServerAwayAtTheEndOfARun has PostgreSQL go away for as long as a restart
// takes.
func TestServerAwayAtTheEndOfARun(t *testing.T) {
	t.Parallel()
	for _, gone := range []time.Duration{2 * time.Second, 5 * time.Second, 10 * time.Second} {
		t.Run(gone.String(), func(t *testing.T) {
			t.Parallel()
			database := pgtest.URL(t)
			u, err := url.Parse(database)
			if err != nil {
				t.Fatal(err)
			}
			l, _ := newLine(t, database)
			u.Host = l.proxy.Listen
			away(t, u.String(), func() { l.proxy.Stop(); pass(t, gone) }, func() {
				if err := l.proxy.Start(); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}
