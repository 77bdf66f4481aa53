package crash

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetingbot/internal/failpoint"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/world"
)

// atOnce is how many stories run at the same time. Each mostly waits; on PostgreSQL, for the
// leases of dead processes to run out.
const atOnce = 8

// A scenario is the places where the program dies, one per life.
type scenario struct {
	places []string
}

func (s scenario) String() string {
	return strings.ReplaceAll(strings.Join(s.places, " then "), "/", ".")
}

// scenarios returns every place, alone and with a second death at every place during the
// recovery. If not every, each gets only one second death, at the same place or a later one.
func scenarios(every bool) (all []scenario) {
	names := places()
	// The second hand-over is that of the click.
	first := append(slices.Clone(names), failpoint.EnvelopeStored+"@2")
	for i, a := range first {
		if !every {
			all = append(all, scenario{[]string{a, names[(i+i%3)%len(names)]}})
			continue
		}
		all = append(all, scenario{[]string{a}})
		for _, b := range names {
			all = append(all, scenario{[]string{a, b}})
		}
	}
	return all
}

// eachDatabase runs a test on SQLite and, if there is a server, on PostgreSQL.
func eachDatabase(t *testing.T, test func(t *testing.T, database func(*testing.T) string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		test(t, func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "meetingbot.db") })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		pgtest.URL(t) // skips once if there is no server
		test(t, func(t *testing.T) string { return pgtest.URL(t) })
	})
}

// TestMatrix kills the program at every named place and again during its recovery, with every
// envelope delivered twice.
func TestMatrix(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, database func(*testing.T) string) {
		t.Run("with history scopes", func(t *testing.T) { matrix(t, database, historyScopes(), scenarios(full())) })
		t.Run("without", func(t *testing.T) { matrix(t, database, nil, scenarios(false)) })
	})
}

func matrix(t *testing.T, database func(*testing.T) string, scopes []string, all []scenario) {
	t.Helper()
	runAll(t, atOnce, all, scenario.String, func(t *testing.T, sc scenario) {
		s := begin(t, world.Options{Database: database(t), Scopes: scopes}, sc.places...)
		s.Slack.SetDuplicate(true)
		s.ask(t, world.Ana)
		s.press(t, world.Ana)
		s.checkSettled(t)
		if s.lifeCount() == 1 {
			t.Errorf("the program never died at %s", sc.places[0])
		}
	})
}

// TestControl shows that the matrix can fail: the same deaths, with looking before repeating
// switched off.
func TestControl(t *testing.T) {
	t.Parallel()
	wrong := 0
	for _, place := range []string{failpoint.CardPosted, failpoint.CallAnswered, failpoint.ThreadTold, failpoint.OwnerTold} {
		s := begin(t, world.Options{Scopes: historyScopes()}, place)
		s.Set("MEETINGBOT_FAILPOINT_BLIND", "1")
		s.ask(t, world.Ana)
		// Pressing the first card would tell the next process where it is.
		s.await(t, "record of the card", func() bool { return s.idle(t.Context()) })
		s.press(t, world.Ana)
		s.await(t, "end of the story", func() bool { return s.Meeting.Cancelled(meeting) > 0 && s.idle(t.Context()) })
		faults := s.verdict(t.Context())
		t.Logf("%s, not looking: %s", place, strings.Join(faults, "; "))
		if len(faults) > 0 {
			wrong++
		}
	}
	if wrong != 4 {
		t.Errorf("%d of 4 deaths do harm without looking before repeating, want all: the matrix would not notice", wrong)
	}
}
