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

// cancelWhileAway cancels one meeting with an undo window, so the call is a later run of its job. The
// database goes away during the DELETE and stays away while the run records how it ended. No
// process dies.
func cancelWhileAway(t *testing.T, database string, goes, comes func()) {
	t.Helper()
	w := newWorld(t, database, map[string]string{"UNDO_WINDOW": "1s"})
	w.Book(meeting, world.Carol, nil)
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	card := askForCard(t, w, world.Ana, meeting)
	w.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultSlow, After: true, Delay: time.Second, Times: 1})
	press(t, w, world.Ana, card)
	awaitRecovery(t, w, "the DELETE taking effect", func() bool { return w.Meeting.Cancelled(meeting) == 1 })
	goes()
	comes()
	awaitRecovery(t, w, "the final card", func() bool {
		m, _ := w.Slack.Message(card.Ref)
		return strings.Contains(m.Plain(), "was cancelled by")
	})
	awaitRecovery(t, w, "messages to the owner and the thread", func() bool {
		return len(w.Slack.DMs(world.Carol)) == 1 && len(w.Slack.Thread(card.Ref, world.Ana)) == 1
	})
	awaitRecovery(t, w, "an empty queue", func() bool { return jobsLeft(t, database) == 0 })
	if n := w.Meeting.Cancelled(meeting); n != 1 {
		t.Errorf("the meeting was cancelled %d times", n)
	}
}

// newWorld returns a world whose program runs once, on the given database.
func newWorld(t *testing.T, database string, env map[string]string) *world.World {
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

// askForCard asks about a meeting and returns the card.
func askForCard(t *testing.T, w *world.World, who, id string) (card slacksim.Message) {
	t.Helper()
	if err := w.Slack.Type(who, world.General, "/cancel-meeting "+id).Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	number := id[:3] + " " + id[3:6] + " " + id[6:]
	awaitRecovery(t, w, "card of "+id, func() bool {
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

func awaitRecovery(t *testing.T, w *world.World, what string, holds func() bool) {
	t.Helper()
	// Nothing may be left undone 60 s after everyone is well again.
	for range 2 {
		if err := w.Await(t.Context(), what, holds); err == nil {
			return
		}
	}
	if err := w.Await(t.Context(), what, holds); err != nil {
		t.Fatal(err)
	}
}

// jobsLeft counts the stored jobs, except those that only read.
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

// wait waits while something is away.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}

// TestFileLockedAtEndOfRun: another program locks the file for about as long as the run may
// take. It must not matter which of the two ends first.
func TestFileLockedAtEndOfRun(t *testing.T) {
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
			cancelWhileAway(t, "sqlite:"+path, func() { run("BEGIN IMMEDIATE"); wait(t, hold) }, func() { run("ROLLBACK") })
		})
	}
}

// TestServerAwayAtEndOfRun: PostgreSQL goes away for as long as a restart takes.
func TestServerAwayAtEndOfRun(t *testing.T) {
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
			cancelWhileAway(t, u.String(), func() { l.proxy.Stop(); wait(t, gone) }, func() {
				if err := l.proxy.Start(); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}
