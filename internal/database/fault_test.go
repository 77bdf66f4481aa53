package database_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/dbfault"
)

// A health counts the calls of OnWrite and keeps the last error.
type health struct {
	mu    sync.Mutex
	last  error
	calls int
}

func (h *health) note(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last, h.calls = err, h.calls+1
}

func (h *health) state() (calls int, last error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls, h.last
}

// TestFaults: when a statement of a transaction fails or hangs, Do returns the right error
// within its deadline, OnWrite hears of it, and the next transaction works.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		part      string
		kind      dbfault.Kind
		unsettled bool // it may or may not have been committed
		stored    bool
	}{
		{"statement refused", "INSERT INTO note", dbfault.Refuse, false, false},
		{"statement lost", "INSERT INTO note", dbfault.LoseAnswer, false, false},
		{"statement hangs", "INSERT INTO note", dbfault.Hang, false, false},
		{"begin refused", dbfault.Begin, dbfault.Refuse, false, false},
		{"begin hangs", dbfault.Begin, dbfault.Hang, false, false},
		{"commit refused", dbfault.Commit, dbfault.Refuse, true, false},
		{"commit lost", dbfault.Commit, dbfault.LoseAnswer, true, true},
		{"commit hangs", dbfault.Commit, dbfault.Hang, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				var db dbfault.Driver
				var h health
				s, err := schema().Open(t.Context(), url, database.Options{Connect: db.Connect, OnWrite: h.note})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Close() })
				db.Next(tt.part, tt.kind, 1)
				err = add(t, s, "one")
				db.Heal()
				if err == nil || errors.Is(err, database.ErrUnsettled) != tt.unsettled {
					t.Errorf("Do() = %v, want an error, unsettled %t", err, tt.unsettled)
				}
				if _, last := h.state(); last == nil {
					t.Error("OnWrite did not get the fault")
				}
				if err := add(t, s, "one"); errors.Is(err, database.ErrDuplicate) != tt.stored {
					t.Errorf("Do() again = %v, want it stored before: %t", err, tt.stored)
				}
				if err := s.Check(t.Context()); err != nil {
					t.Errorf("Check() = %v", err)
				}
				if _, last := h.state(); last != nil {
					t.Errorf("the last OnWrite got %v, want nil", last)
				}
				if got := notes(t, s); len(got) != 1 {
					t.Errorf("the notes = %q, want one", got)
				}
			})
		})
	}
}

// TestSlowStatement: if a statement is answered only after the transaction's time is over,
// nothing is committed, and OnWrite hears of it.
func TestSlowStatement(t *testing.T) {
	t.Parallel()
	var h health
	db := dbfault.Driver{Around: func(ctx context.Context, text string, run func() error) error {
		err := run()
		if strings.HasPrefix(text, "INSERT INTO note") {
			<-ctx.Done()
			<-time.After(100 * time.Millisecond) // until database/sql has rolled back
		}
		return err
	}}
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{Connect: db.Connect, OnWrite: h.note})
	if err := add(t, s, "one"); !errors.Is(err, database.ErrSlow) || errors.Is(err, database.ErrUnsettled) {
		t.Errorf("Do() = %v, want ErrSlow and nothing committed", err)
	}
	if _, last := h.state(); !errors.Is(last, database.ErrSlow) {
		t.Errorf("OnWrite got %v, want ErrSlow", last)
	}
}

// TestRefusalsAreNotFaults: a violated constraint and the caller's own error say nothing
// about the database's health.
func TestRefusalsAreNotFaults(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		var h health
		s, err := schema().Open(t.Context(), url, database.Options{OnWrite: h.note})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		errNo := errors.New("no")
		if err := add(t, s, "one"); err != nil {
			t.Fatal(err)
		}
		before, _ := h.state()
		if err := add(t, s, "one"); !errors.Is(err, database.ErrDuplicate) {
			t.Errorf("INSERT = %v, want ErrDuplicate", err)
		}
		if err := s.Do(t.Context(), func(*database.Tx) error { return errNo }); !errors.Is(err, errNo) {
			t.Errorf("Do() = %v, want the caller's error", err)
		}
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Do(canceled, func(*database.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("Do() with a canceled context = %v", err)
		}
		late, cancel := context.WithTimeout(t.Context(), -time.Second)
		defer cancel()
		err = s.Do(late, func(*database.Tx) error { return nil })
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, database.ErrLocked) {
			t.Errorf("Do() after its caller's deadline = %v, want only that the deadline was exceeded", err)
		}
		if now, last := h.state(); last != nil || now != before {
			t.Errorf("OnWrite was called %d more times, last with %v, want none", now-before, last)
		}
	})
}

// TestHangingWriter: while a transaction hangs, every call fails within its deadline, and
// afterwards the writer works again.
func TestHangingWriter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h health
		s, err := schema().Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{OnWrite: h.note})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		hold, began := make(chan struct{}), make(chan struct{})
		ctx, abandon := context.WithCancel(t.Context())
		hung := make(chan error, 1)
		go func() { hung <- s.Do(ctx, func(*database.Tx) error { close(began); <-hold; return nil }) }()
		<-began
		abandon()
		next, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Do(next, func(*database.Tx) error { return nil }); !errors.Is(err, database.ErrSlow) || errors.Is(err, database.ErrLocked) {
			t.Errorf("Do() behind a hanging transaction = %v, want ErrSlow: no other program is to blame", err)
		}
		if err := <-hung; !errors.Is(err, database.ErrUnsettled) {
			t.Errorf("hanging Do() = %v, want ErrUnsettled", err)
		}
		if _, last := h.state(); !errors.Is(last, database.ErrUnsettled) || errors.Is(last, context.Canceled) {
			t.Errorf("OnWrite got %v, want ErrUnsettled, and nobody else blamed", last)
		}
		close(hold)
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("Check() after the transaction returned = %v", err)
		}
	})
}

// TestReadDeadline: a query that hangs is an error.
func TestReadDeadline(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		var db dbfault.Driver
		s, err := schema().Open(t.Context(), url, database.Options{Connect: db.Connect})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		db.Next("FROM note", dbfault.Hang, -1)
		defer db.Heal()
		err = s.Query(t.Context(), `SELECT text FROM note`, func(database.Row) error { return nil })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Query() = %v, want an exceeded deadline", err)
		}
	})
}

// TestCheckCommits: a check that only took the lock would pass on a full disk.
func TestCheckCommits(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		var db dbfault.Driver
		s, err := schema().Open(t.Context(), url, database.Options{Connect: db.Connect})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		probe := func() (at int64) {
			if err := s.Query(t.Context(), `SELECT touched_at FROM probe`, func(r database.Row) error { return r.Scan(&at) }); err != nil {
				t.Fatal(err)
			}
			return at
		}
		before := probe()
		if err := s.Check(t.Context()); err != nil || probe() == before {
			t.Errorf("Check() = %v, written: %t", err, probe() != before)
		}
		db.Next(dbfault.Commit, dbfault.Refuse, 1)
		if err := s.Check(t.Context()); err == nil {
			t.Error("Check() = nil although the commit failed")
		}
		if err := s.Do(t.Context(), func(tx *database.Tx) error { _, err := tx.Exec(t.Context(), `DELETE FROM probe`); return err }); err != nil {
			t.Fatal(err)
		}
		before = 0
		if err := s.Check(t.Context()); err != nil || probe() == before {
			t.Errorf("Check() = %v after the row was deleted, written: %t", err, probe() != before)
		}
	})
}

// TestUrgentFirst: transactions get the writer by priority, but each priority gets a turn
// within one commit.
func TestUrgentFirst(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	hold, began := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.Do(t.Context(), func(*database.Tx) error { close(began); <-hold; return nil }) })
	<-began
	var mu sync.Mutex
	var order []string
	enqueue := func(ctx context.Context, name string, n int) {
		for range n {
			ready := make(chan struct{})
			wg.Go(func() {
				close(ready)
				_ = s.Do(ctx, func(*database.Tx) error { mu.Lock(); order = append(order, name); mu.Unlock(); return nil })
			})
			<-ready
		}
	}
	enqueue(t.Context(), "ordinary", 20)
	enqueue(database.Clicked(t.Context()), "click", 20)
	enqueue(database.Urgent(t.Context()), "confirmed", 20)
	for end := time.Now().Add(4 * time.Second); s.Waiting() < 60; { // until all are in the queue
		if time.Now().After(end) {
			close(hold)
			t.Skip("the machine is too busy to queue them all before the first gives up")
		}
		<-time.After(time.Millisecond)
	}
	close(hold)
	wg.Wait()
	place := map[string]int{}
	for i, name := range order {
		place[name] += i
	}
	if place["confirmed"] >= place["click"] || place["click"] >= place["ordinary"] {
		t.Errorf("order of turns = %q, want the confirmed first, then clicks", order)
	}
	for _, name := range []string{"ordinary", "click"} {
		first := 0
		for order[first] != name {
			first++
		}
		if first > 8 {
			t.Errorf("the first %s came after %d others, want it within the first commit: %q", name, first, order)
		}
	}
}
