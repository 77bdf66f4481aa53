package service

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/store"
)

// TestKeepLeavesNothingOnDisk: what is older than KEEP is in none of the database's
// files a round later, not even in SQLite's log.
func TestKeepLeavesNothingOnDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "meetingbot.db")
	now := time.Date(2026, 11, 26, 15, 0, 0, 0, time.UTC)
	db, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	err = db.Do(t.Context(), func(tx *store.Tx) error {
		return tx.Audit(t.Context(), store.AuditRow{Request: "over", Event: store.EventRefused, Actor: "U0SECRET"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if !onDisk(t, path, "U0SECRET") {
		t.Fatal("nothing was written: this test proves nothing")
	}
	now = now.Add(2 * time.Minute)
	s := &service{store: db, cfg: config.Config{Keep: time.Minute}, log: slog.New(slog.DiscardHandler)}
	if s.blank(t.Context()) {
		s.scrub(t.Context())
	}
	if onDisk(t, path, "U0SECRET") {
		t.Error("what KEEP blanks is still on the disk")
	}
}

// onDisk reports whether the database's files contain a text.
func onDisk(t *testing.T, path, text string) bool {
	t.Helper()
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}
