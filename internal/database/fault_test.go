package database_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/dbfault"
)

// A health is what a database has told of its writes.
type health struct {
	mu   sync.Mutex
	last error
	told int
}

func (h *health) note(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last, h.told = err, h.told+1
}

func (h *health) state() (told int, last error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.told, h.last
}

// TestFaults: whatever becomes of a transaction's statements, its caller is told
// the truth within its deadline, health is too, and the next transaction works.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		part      string
		kind      dbfault.Kind
		unsettled bool // nobody can know whether it was committed
		stored    bool
	}{
		{"statement refused", "INSERT INTO note", dbfault.Refuse, false, false},
		{"statement lost", "INSERT INTO note", dbfault.Lose, false, false},
		{"statement hangs", "INSERT INTO note", dbfault.Hang, false, false},
		{"begin refused", dbfault.Begin, dbfault.Refuse, false, false},
		{"begin hangs", dbfault.Begin, dbfault.Hang, false, false},
		{"commit refused", dbfault.Commit, dbfault.Refuse, true, false},
		{"commit lost", dbfault.Commit, dbfault.Lose, true, true},
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
				if err == nil || errors.Is(err, database.ErrUnsettled) != tt.unsettled {
					t.Errorf("Do() = %v, want an error, unsettled %t", err, tt.unsettled)
				}
				if _, last := h.state(); last == nil {
					t.Error("OnWrite was not told of the fault")
				}
				if err := add(t, s, "one"); errors.Is(err, database.ErrDuplicate) != tt.stored {
					t.Errorf("Do() again = %v, want it stored before: %t", err, tt.stored)
				}
				if err := s.Check(t.Context()); err != nil {
					t.Errorf("Check() = %v", err)
				}
				if _, last := h.state(); last != nil {
					t.Errorf("OnWrite was told %v last, want that a write has succeeded", last)
				}
				if got := notes(t, s); len(got) != 1 {
					t.Errorf("the notes = %q, want one", got)
				}
			})
		})
	}
}

// TestRefusalsAreNoFaults: a rule that the database keeps, and an error of the
// caller's, say nothing of its health.
func TestRefusalsAreNoFaults(t *testing.T) {
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
		told, _ := h.state()
		if err := add(t, s, "one"); !errors.Is(err, database.ErrDuplicate) {
			t.Errorf("INSERT = %v, want ErrDuplicate", err)
		}
		if err := s.Do(t.Context(), func(*database.Tx) error { return errNo }); !errors.Is(err, errNo) {
			t.Errorf("Do() = %v, want the caller's error", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Do(gone, func(*database.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("Do() of a caller who has left = %v", err)
		}
		if now, last := h.state(); last != nil || now != told {
			t.Errorf("OnWrite was told %d times more, last %v, want nothing", now-told, last)
		}
	})
}

// TestAWriterThatHangs: a disk that does not come back makes every call an error
// within its time, and is no reason for the database not to close.
func TestAWriterThatHangs(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	hold, began := make(chan struct{}), make(chan struct{})
	leaves, leave := context.WithCancel(t.Context())
	hung := make(chan error, 1)
	go func() { hung <- s.Do(leaves, func(*database.Tx) error { close(began); <-hold; return nil }) }()
	<-began
	leave()
	next, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Do(next, func(*database.Tx) error { return nil }); !errors.Is(err, database.ErrLocked) {
		t.Errorf("Do() behind a transaction that hangs = %v, want ErrLocked", err)
	}
	if err := <-hung; !errors.Is(err, database.ErrUnsettled) {
		t.Errorf("Do() of what hangs = %v, want ErrUnsettled", err)
	}
	close(hold)
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("Check() once it has come back = %v", err)
	}
}

// TestReadsHaveADeadline: a query that does not come back is an error.
func TestReadsHaveADeadline(t *testing.T) {
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
			t.Errorf("Query() = %v, want the end of its time", err)
		}
	})
}

// TestCheckCommits: a probe that only takes the lock says that a full disk is well.
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
			t.Errorf("Check() = %v, and has written: %t", err, probe() != before)
		}
		db.Next(dbfault.Commit, dbfault.Refuse, 1)
		if err := s.Check(t.Context()); err == nil {
			t.Error("Check() = nil with a commit that fails")
		}
	})
}

// TestUrgentFirst: whoever waits for the writer is served by class, and nobody waits
// for longer than a commit because of another class.
func TestUrgentFirst(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	hold, began := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.Do(t.Context(), func(*database.Tx) error { close(began); <-hold; return nil }) })
	<-began
	var mu sync.Mutex
	var order []string
	line := func(ctx context.Context, name string, n int) {
		for range n {
			ready := make(chan struct{})
			wg.Go(func() {
				close(ready)
				_ = s.Do(ctx, func(*database.Tx) error { mu.Lock(); order = append(order, name); mu.Unlock(); return nil })
			})
			<-ready
		}
	}
	line(t.Context(), "ordinary", 20)
	line(database.Clicked(t.Context()), "click", 20)
	line(database.Urgent(t.Context()), "confirmed", 20)
	for end := time.Now().Add(4 * time.Second); s.Waiting() < 60; { // until all of them stand in line
		if time.Now().After(end) {
			close(hold)
			t.Skip("the machine is too busy to have them stand in line before the first gives up")
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
			t.Errorf("the first turn of class %s came after %d others, want it within the first commit: %q", name, first, order)
		}
	}
}
