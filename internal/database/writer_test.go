package database_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/database"
	"meetingbot/internal/dbfault"
)

// TestTransactionsTogether lets many transactions wait for the writer, so that they share
// commits. Each must still succeed or fail alone.
func TestTransactionsTogether(t *testing.T) {
	t.Parallel()
	s, err := schema().Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	errNo := errors.New("no")
	var followed sync.Map
	var wg sync.WaitGroup
	errs := make([]error, 120)
	// The first holds the writer until the others are in the queue.
	hold := make(chan struct{})
	began := make(chan struct{})
	wg.Go(func() {
		errs[0] = s.Do(t.Context(), func(*database.Tx) error { close(began); <-hold; return nil })
	})
	<-began
	for i := 1; i < len(errs); i++ {
		wg.Go(func() {
			ctx := t.Context()
			if i%5 == 0 {
				ctx = database.Urgent(ctx)
			}
			errs[i] = s.Do(ctx, func(tx *database.Tx) error {
				tx.AfterCommit(func() { followed.Store(i, true) })
				// Each note is inserted twice: the later one is a duplicate.
				if err := insert(t, tx, fmt.Sprint("n", i/2)); err != nil {
					return err
				}
				if i%7 == 0 {
					return errNo
				}
				return nil
			})
		})
	}
	close(hold)
	wg.Wait()
	stored := 0
	for i, err := range errs[1:] {
		i++
		_, after := followed.Load(i)
		switch {
		case err == nil:
			stored++
		case !errors.Is(err, errNo) && !errors.Is(err, database.ErrDuplicate):
			t.Errorf("Do #%d = %v, want nil, %v or a duplicate", i, err, errNo)
		}
		if after != (err == nil) {
			t.Errorf("Do #%d = %v, AfterCommit called: %v", i, err, after)
		}
	}
	var n int
	err = s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM note`).Scan(&n)
	if err != nil || n != stored {
		t.Errorf("stored notes = %d, %v, want the %d whose Do returned nil", n, err, stored)
	}
}

func TestPanicGoesToCaller(t *testing.T) {
	t.Parallel()
	s, err := schema().Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	func() {
		defer func() {
			if p := recover(); p != "mine" {
				t.Errorf("recover() = %v, want the panic of the function", p)
			}
		}()
		_ = s.Do(t.Context(), func(*database.Tx) error { panic("mine") })
	}()
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("Check() after a panic = %v, want the writer to go on", err)
	}
}

func TestCancelWhileQueued(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := schema().Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		hold, began := make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { _ = s.Do(t.Context(), func(*database.Tx) error { close(began); <-hold; return nil }) })
		<-began
		ctx, cancel := context.WithCancel(t.Context())
		wg.Go(func() { synctest.Wait(); cancel() })
		err = s.Do(ctx, func(*database.Tx) error { t.Error("a cancelled caller's transaction began"); return nil })
		if !errors.Is(err, database.ErrSlow) || !errors.Is(err, context.Canceled) {
			t.Errorf("Do() with the writer busy = %v, want ErrSlow and the context's error", err)
		}
		close(hold)
		wg.Wait()
	})
}

// TestTimeoutAtLockedFile: if time runs out while another program holds the lock, the error
// says that nothing happened.
func TestTimeoutAtLockedFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db dbfault.Driver
		s, err := schema().Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{Connect: db.Connect})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		db.Next(dbfault.Begin, dbfault.Hang, 1)
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err = s.Do(ctx, func(*database.Tx) error { t.Error("a transaction began after its deadline"); return nil })
		if took := time.Since(began); !errors.Is(err, database.ErrLocked) || errors.Is(err, database.ErrUnsettled) || took != time.Second {
			t.Errorf("Do() = %v after %v, want ErrLocked after a second", err, took)
		}
		db.Heal()
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("Check() = %v, want the writer to go on", err)
		}
	})
}

// TestDuplicateOfLostRow: a transaction that found another one's row in the same commit is
// no duplicate if that commit fails.
func TestDuplicateOfLostRow(t *testing.T) {
	t.Parallel()
	for _, kind := range []dbfault.Kind{dbfault.Refuse, dbfault.Hang} {
		synctest.Test(t, func(t *testing.T) {
			var db dbfault.Driver
			s, err := schema().Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), database.Options{Connect: db.Connect})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			hold, errNo := make(chan struct{}), errors.New("no")
			errs := make([]error, 2)
			var wg sync.WaitGroup
			wg.Go(func() { _ = s.Do(t.Context(), func(*database.Tx) error { <-hold; return errNo }) })
			synctest.Wait()
			for i := range errs {
				wg.Go(func() { errs[i] = add(t, s, "one") })
			}
			synctest.Wait() // both are in the queue
			db.Next(dbfault.Commit, kind, 1)
			close(hold)
			wg.Wait()
			for i, err := range errs {
				if err == nil || errors.Is(err, database.ErrDuplicate) {
					t.Errorf("Do #%d = %v, want the commit's error", i, err)
				}
			}
			if got := notes(t, s); len(got) != 0 {
				t.Errorf("the notes = %q, want none", got)
			}
		})
	}
}

// TestCarry: one transaction passes a value to the next, unless one fails in between.
func TestCarry(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		d := open(t, url, database.Options{})
		carried := func() (v any) {
			if err := d.Do(t.Context(), func(tx *database.Tx) error { v = tx.Carried(); return nil }); err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := carried(); v != nil {
			t.Errorf("first Carried() = %v", v)
		}
		if err := d.Do(t.Context(), func(tx *database.Tx) error { tx.Carry(1); return nil }); err != nil {
			t.Fatal(err)
		}
		if v := carried(); v != nil != (d.Dialect() == database.SQLite) {
			t.Errorf("Carried() = %v on %v", v, d.Dialect())
		}
		_ = d.Do(t.Context(), func(tx *database.Tx) error { tx.Carry(2); return errors.New("no") })
		if v := carried(); v != nil {
			t.Errorf("Carried() after a failed transaction = %v", v)
		}
	})
}
