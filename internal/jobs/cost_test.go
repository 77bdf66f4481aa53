package jobs_test

import (
	"fmt"
	"testing"

	"meetingbot/internal/database"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/store"
)

// TestCostOfALife counts what a cancellation's steps cost the database, without Slack
// and the meeting service. A number that grows should have a reason.
func TestCostOfALife(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		var db dbfault.Driver
		l := newLives(open(t, url, store.Options{Connect: db.Connect}))
		// The queue is not started: its looks at the table are counted by time, not by life.
		const many = 5
		statementsBefore, commitsBefore := db.Counts()
		for i := range many {
			if err := l.live(t.Context(), fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		stop(t, l.q)
		statements, commits := db.Counts()
		statements, commits = statements-statementsBefore, commits-commitsBefore
		first := 0
		if l.s.Dialect() == database.SQLite {
			first = 1 // the end of the audit chain is read once
		}
		if statements != 30*many+first || commits != 8*many {
			t.Errorf("%d lives cost %d statements and %d commits, want %d and %d", many, statements, commits, 30*many+first, 8*many)
		}
	})
}
