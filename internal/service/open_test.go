package service

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/database"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/jobs"
	"meetingbot/internal/monitor"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// A logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *logBuffer) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

// String returns the log so far.
func (p *logBuffer) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// await waits for the first match in the log and returns it.
func (p *logBuffer) await(ctx context.Context, t *testing.T, pattern string) []string {
	t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		if match := regexp.MustCompile(pattern).FindStringSubmatch(p.String()); match != nil {
			return match
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the log lacks %s:\n%s", pattern, p)
		case <-ticker.C:
		}
	}
}

// TestWaitsForTheDatabase starts the service with a database server that accepts
// connections but says nothing, as one behind a virtual address may, and with one that
// doesn't exist.
func TestWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	absent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = absent.Close()
	for _, tt := range []struct{ name, address string }{{"silent", silent.Addr().String()}, {"absent", absent.Addr().String()}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			log, ended := &logBuffer{}, make(chan error, 1)
			go func() {
				ended <- Run(ctx, config.Config{
					HTTPAddr: "127.0.0.1:0", DatabaseURL: config.Secret("postgres://bot:hunter2@" + tt.address + "/bot?sslmode=disable"),
					MeetingAppID: "app", MeetingAppKey: "key", BotLocale: "en",
				}, "test", slog.New(slog.NewTextHandler(log, nil)))
			}()
			url := "http://" + log.await(ctx, t, `address=(\S+)`)[1]
			if code, body := get(t, url+"/healthz"); code != http.StatusOK {
				t.Errorf("GET /healthz = %d %q while the database is waited for, want 200", code, body)
			}
			if code, body := get(t, url+"/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "waiting for the database") {
				t.Errorf("GET /readyz = %d %q, want 503 and what is waited for", code, body)
			}
			if code, _ := get(t, url+"/metrics"); code != http.StatusOK {
				t.Errorf("GET /metrics = %d, want 200", code)
			}
			if m := log.await(ctx, t, `msg="waiting for the database[^\n]*`); strings.Contains(m[0], "hunter2") {
				t.Errorf("the log shows the password: %s", m[0])
			}
			stop()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("Run() = %v after it was stopped, want %v", err, context.Canceled)
			}
		})
	}
}

// TestRefusedDatabase asserts that the service doesn't wait if waiting can't help.
func TestRefusedDatabase(t *testing.T) {
	t.Parallel()
	err := Run(t.Context(), config.Config{
		DatabaseURL:  config.Secret("sqlite:" + filepath.Join(t.TempDir(), "nowhere", "m.db")),
		MeetingAppID: "app", MeetingAppKey: "key",
	}, "test", slog.New(slog.DiscardHandler))
	if err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Run() without a folder for the database = %v, want its own error", err)
	}
	for _, err := range []error{database.ErrTLS, database.ErrAddress} {
		if !IsConfigError(err) {
			t.Errorf("IsConfigError(%v) = false, want true", err)
		}
	}
}

// TestProbeReachesTheDisk asserts that the probe really writes, to detect a full disk.
func TestProbeReachesTheDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "m.db")
	db, err := store.Open(t.Context(), "sqlite:"+path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	s := &service{store: db, metrics: monitor.NewMetrics("test")}
	size := func() int64 {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	before := size()
	if err := s.probe(t.Context()); err != nil || size() <= before {
		t.Errorf("probe() = %v with %d bytes in the log before and %d after, want some written", err, before, size())
	}
	s.writes.Wrote(database.ErrFull)
	if err := s.probe(t.Context()); err != nil || s.writes.Check() != nil {
		t.Errorf("probe() = %v, Check() = %v, want a write that succeeds to make it ready again", err, s.writes.Check())
	}
}

// TestProbePostgres asserts that the probe works on PostgreSQL.
func TestProbePostgres(t *testing.T) {
	t.Parallel()
	s := &service{cfg: config.Config{DatabaseURL: config.Secret(pgtest.URL(t))}, log: slog.New(slog.DiscardHandler), began: time.Now()}
	var err error
	if s.store, err = s.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.store.Close() }()
	if err := s.probe(t.Context()); err != nil {
		t.Errorf("probe() = %v, want nil", err)
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestGivesUpWaiting asserts that a database that never answers is logged within five
// seconds and then now and again, and that the service gives up after five minutes.
func TestGivesUpWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		db, log := &dbfault.Driver{}, &logBuffer{}
		db.Next("", dbfault.Hang, -1)
		s := &service{
			cfg: config.Config{DatabaseURL: config.Secret("sqlite:" + filepath.Join(t.TempDir(), "m.db"))},
			log: slog.New(slog.NewTextHandler(log, nil)), began: time.Now(), outside: Env{Connect: db.Connect},
		}
		_, err := s.open(t.Context())
		if took := time.Since(s.began).Round(time.Second); err == nil || took != 5*time.Minute {
			t.Errorf("open() = %v after %s, want an error after five minutes", err, took)
		}
		waited := regexp.MustCompile(`msg="waiting for the database.*waited_ms=(\d+)`).FindAllStringSubmatch(log.String(), -1)
		if len(waited) < 5 {
			t.Fatalf("logged %d times in five minutes that it waits:\n%s", len(waited), log)
		}
		if first, _ := strconv.Atoi(waited[0][1]); first > 5000 {
			t.Errorf("first logged after %d ms, want within 5,000", first)
		}
	})
}

// TestWaitsForALockedFile asserts that the service waits if another program has locked the
// file, for a backup perhaps.
func TestWaitsForALockedFile(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	path, log := filepath.Join(t.TempDir(), "m.db"), &logBuffer{}
	s := &service{
		cfg: config.Config{DatabaseURL: config.Secret("sqlite:" + path)}, log: slog.New(slog.NewTextHandler(log, nil)), began: time.Now(),
	}
	db, err := s.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	other.SetMaxOpenConns(1)
	if _, err := other.ExecContext(ctx, `BEGIN EXCLUSIVE`); err != nil {
		t.Fatal(err)
	}
	opened := make(chan error, 1)
	go func() {
		var err error
		if s.store, err = s.open(ctx); err == nil {
			s.queue = jobs.New(s.store, jobs.Options{})
			err = s.await(ctx, s.queue.Start)
		}
		opened <- err
	}()
	log.await(ctx, t, `waiting for the database.*locked by another program`)
	if _, err := other.ExecContext(ctx, `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Fatalf("the start = %v once the file was unlocked", err)
	}
	if err := errors.Join(s.queue.Stop(ctx), s.store.Close()); err != nil {
		t.Error(err)
	}
}

// TestWaitsAfterOpening asserts that the service also waits if the database fails after it
// was opened.
func TestWaitsAfterOpening(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db dbfault.Driver
		s := &service{
			cfg: config.Config{DatabaseURL: config.Secret("sqlite:" + filepath.Join(t.TempDir(), "m.db"))},
			log: slog.New(slog.DiscardHandler), began: time.Now(), outside: Env{Connect: db.Connect},
		}
		var err error
		if s.store, err = s.open(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.store.Close() }()
		s.queue = jobs.New(s.store, jobs.Options{})
		db.Next("UPDATE job", dbfault.Hang, 2)
		if err := s.await(t.Context(), s.queue.Start); err != nil {
			t.Errorf("await() = %v, want it to wait", err)
		}
		if err := s.queue.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
}
