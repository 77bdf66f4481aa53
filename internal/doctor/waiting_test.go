package doctor

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// TestWaitingSteps asserts that doctor reports overdue steps and how long they have been
// waiting, but not steps that aren't due yet.
func TestWaitingSteps(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "m.db")
	want := func(text string) {
		t.Helper()
		var got string
		for _, f := range checkWaiting(t.Context(), config.Config{DatabaseURL: config.Secret(url)}) {
			got += string(f.Status) + ": " + f.Text
		}
		if (text == "") != (got == "") || !strings.HasPrefix(got, text) {
			t.Errorf("doctor says %q, want %q", got, text)
		}
	}
	want("")
	db, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := jobs.New(db, jobs.Options{})
	q.Handle("report", "request", func(context.Context, *jobs.Run) error { return nil })
	enqueue := func(due time.Time) {
		t.Helper()
		err := db.Do(t.Context(), func(tx *store.Tx) error {
			return q.Enqueue(t.Context(), tx, jobs.Job{Step: "report", Subject: "r", Due: due})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	enqueue(time.Now().Add(time.Hour))
	enqueue(time.Now().Add(-30 * time.Second))
	want("")
	enqueue(time.Now().Add(-2 * time.Hour))
	want("warn: 1 step waiting for more than a minute, the oldest for 2h0m0s (report: 1)")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
