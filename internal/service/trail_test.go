package service

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/store"
)

// TestKeepLeavesNothingOnDisk asserts that text older than KEEP is in none of the
// database's files a round later, not even in SQLite's log.
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

// TestHeadIsNotZero asserts that a database that doesn't answer has no head, rather than
// that of an empty trail, and that the head is logged as soon as it can be read.
func TestHeadIsNotZero(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db dbfault.Driver
		s := &service{cfg: config.Config{DatabaseURL: config.Secret("sqlite:" + filepath.Join(t.TempDir(), "m.db"))}, outside: Env{Connect: db.Connect}}
		log := &logBuffer{}
		s.log = slog.New(slog.NewTextHandler(log, nil))
		var err error
		if s.store, err = s.open(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.store.Close() }()
		db.Next("FROM audit", dbfault.Refuse, -1)
		if seq, hash := s.auditHead(); !math.IsNaN(seq) || hash != "" {
			t.Errorf("auditHead() = %v, %q while the database fails, want NaN", seq, hash)
		}
		ctx, end := context.WithCancel(t.Context())
		defer end()
		go s.maintainTrail(ctx)
		synctest.Wait()
		db.Heal()
		if seq, _ := s.auditHead(); seq != 0 {
			t.Errorf("auditHead() = %v of an empty trail, want 0", seq)
		}
		<-time.After(2 * blankEvery)
		if !strings.Contains(log.String(), `"audit head"`) {
			t.Errorf("two minutes later the head is not in the log:\n%s", log)
		}
		end()
		synctest.Wait()
	})
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
