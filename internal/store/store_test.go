package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// openStore opens a store that ends with the test.
func openStore(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// asking is a request whose card is open.
func asking(id cancellation.ID, channel, meeting string) cancellation.Request {
	now := time.Now()
	return cancellation.Request{
		ID: id, State: cancellation.Asked, Asker: "U1", Channel: channel, Number: meeting,
		Meeting: cancellation.Meeting{ID: meeting}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
}

func insert(t *testing.T, s *store.Store, r cancellation.Request) (stored store.Request, err error) {
	t.Helper()
	err = s.Do(t.Context(), func(tx *store.Tx) (err error) {
		stored, err = tx.Insert(t.Context(), r)
		return err
	})
	return stored, err
}

func TestSaveOverAnotherVersionConflicts(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		stored, err := insert(t, s, asking("r1", "C1", "914087436"))
		if err != nil {
			t.Fatal(err)
		}
		save := func(r store.Request) error {
			return s.Do(t.Context(), func(tx *store.Tx) error { return tx.Save(t.Context(), &r) })
		}
		if err := save(stored); err != nil {
			t.Fatalf("Save() = %v", err)
		}
		if err := save(stored); !errors.Is(err, store.ErrConflict) {
			t.Errorf("Save() of what was read before the last Save = %v, want %v", err, store.ErrConflict)
		}
	})
}

func TestOneOpenCardForAMeetingInAChannel(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		for _, c := range []struct {
			r    cancellation.Request
			want error
		}{
			{asking("r1", "C1", "914087436"), nil},
			{asking("r2", "C1", "914087436"), store.ErrDuplicate},
			{asking("r3", "C2", "914087436"), nil},
			{asking("r4", "C1", "914087437"), nil},
		} {
			if _, err := insert(t, s, c.r); !errors.Is(err, c.want) {
				t.Errorf("Insert(%s) = %v, want %v", c.r.ID, err, c.want)
			}
		}
		if _, err := s.Update(t.Context(), "r1", func(_ *store.Tx, r *store.Request) error { return r.Become(cancellation.Declined) }); err != nil {
			t.Fatal(err)
		}
		if _, err := insert(t, s, asking("r5", "C1", "914087436")); err != nil {
			t.Errorf("Insert() after the open card was closed = %v", err)
		}
	})
}

func TestEnvelopeIsStoredOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		receive := func() error {
			return s.Do(t.Context(), func(tx *store.Tx) error {
				return tx.Receive(t.Context(), store.Envelope{ID: "e1", Kind: "click", Person: "U1", Body: "{}"})
			})
		}
		if err := receive(); err != nil {
			t.Fatal(err)
		}
		if err := receive(); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("Receive() again = %v, want %v", err, store.ErrDuplicate)
		}
		if err := s.Do(t.Context(), func(tx *store.Tx) error { return tx.Handled(t.Context(), "e1") }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Envelope(t.Context(), "e1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Envelope() once handled = %v, want %v", err, store.ErrNotFound)
		}
		if err := receive(); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("Receive() once handled = %v, want %v", err, store.ErrDuplicate)
		}
	})
}

func TestNewerVersionIsNotTouched(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.DB().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, 999, true)
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		if s, err := store.Open(t.Context(), url, nil); !errors.Is(err, store.ErrNewerVersion) {
			t.Errorf("Open() = %v, %v, want %v", s, err, store.ErrNewerVersion)
		}
	})
}

func TestFileBelongsToOneProcess(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "m.db")
	s, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if other, err := store.Open(t.Context(), url, nil); !errors.Is(err, store.ErrInUse) {
		t.Errorf("Open() of a file in use = %v, %v, want %v", other, err, store.ErrInUse)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openStore(t, url)
}

func TestAReadMakesNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "m.db")
	s := openStore(t, "sqlite:"+path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	// What it says does not matter: a connection that is open may know the row is not there.
	_, err := s.Request(t.Context(), "none")
	if err == nil {
		t.Error("Request(none) = nil, want an error")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat() = %v, want %v: a connection has made a file", err, fs.ErrNotExist)
	}
}
