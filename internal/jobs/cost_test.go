package jobs_test

import (
	"fmt"
	"testing"

	"meetingbot/internal/database"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/store"
)

// TestCostPerRequest counts the statements and commits of a cancellation's steps, without
// Slack and the meeting service. If a number grows, there should be a reason.
func TestCostPerRequest(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		var db dbfault.Driver
		l := newLives(open(t, url, store.Options{Connect: db.Connect}))
		// The queue is not started, because its polling depends on time, not on requests.
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
		once := 0
		if l.s.Dialect() == database.SQLite {
			once = 1 // the end of the audit chain is read only once
		}
		if statements != 30*many+once || commits != 8*many {
			t.Errorf("%d requests cost %d statements and %d commits, want %d and %d", many, statements, commits, 30*many+once, 8*many)
		}
	})
}
