package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/store"
)

func TestSaveConflict(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		stored, err := insert(t, s, asking("r1", "C1", "914087436"))
		if err != nil {
			t.Fatal(err)
		}
		save := func(r store.Request) error {
			return s.Do(t.Context(), func(tx *store.Tx) error { return tx.Requests.Save(t.Context(), &r) })
		}
		if err := save(stored); err != nil {
			t.Fatalf("Requests.Save() = %v", err)
		}
		if err := save(stored); !errors.Is(err, store.ErrConflict) {
			t.Errorf("Requests.Save() of an outdated version = %v, want %v", err, store.ErrConflict)
		}
	})
}

func TestOneOpenCardPerMeetingAndChannel(t *testing.T) {
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
				t.Errorf("Requests.Insert(%s) = %v, want %v", c.r.ID, err, c.want)
			}
		}
		if _, err := update(t, s, "r1", func(_ *store.Tx, r *store.Request) error { return r.Become(cancellation.Declined) }); err != nil {
			t.Fatal(err)
		}
		if _, err := insert(t, s, asking("r5", "C1", "914087436")); err != nil {
			t.Errorf("Requests.Insert() after the open card was closed = %v", err)
		}
	})
}

func TestEnvelopeIsStoredOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		receive := func() error {
			return s.Do(t.Context(), func(tx *store.Tx) error {
				return tx.Envelopes.Receive(t.Context(), store.Envelope{ID: "e1", Kind: "click", Person: "U1", Body: "{}"})
			})
		}
		if err := receive(); err != nil {
			t.Fatal(err)
		}
		if err := receive(); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("Envelopes.Receive() again = %v, want %v", err, store.ErrDuplicate)
		}
		if err := s.Do(t.Context(), func(tx *store.Tx) error { return tx.Envelopes.Handled(t.Context(), "e1") }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Envelopes.Get(t.Context(), "e1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Envelopes.Get() after Handled() = %v, want %v", err, store.ErrNotFound)
		}
		if err := receive(); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("Envelopes.Receive() after Handled() = %v, want %v", err, store.ErrDuplicate)
		}
	})
}

// TestOpenReadOnlyWhileBotRuns reads the trail while the bot is running, and can't write.
func TestOpenReadOnlyWhileBotRuns(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		owner := running(t, url)
		s, err := store.OpenReadOnly(t.Context(), url)
		if err != nil {
			t.Fatalf("OpenReadOnly() while the bot runs = %v", err)
		}
		defer func() { _ = s.Close() }()
		if diff := cmp.Diff([]string{"requested U1"}, events(t, s)); diff != "" {
			t.Errorf("Trail.Read() (-want +got)\n%s", diff)
		}
		err = s.Do(t.Context(), func(tx *store.Tx) error {
			return tx.Audit(t.Context(), store.RequestRow(cancellation.Request{ID: "r2"}, store.EventRequested, "U2", nil))
		})
		if !errors.Is(err, database.ErrReadOnly) {
			t.Errorf("writing through OpenReadOnly = %v, want %v", err, database.ErrReadOnly)
		}
		if diff := cmp.Diff([]string{"requested U1"}, events(t, owner)); diff != "" {
			t.Errorf("the owner's Trail.Read() (-want +got)\n%s", diff)
		}
	})
}

// TestInspect: there are no tables at first; once a bot runs, they are up to date.
func TestInspect(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		if got, err := store.Inspect(t.Context(), url); err != nil || got.Exists {
			t.Errorf("Inspect() of nothing = %+v, %v", got, err)
		}
		running(t, url)
		if got, err := store.Inspect(t.Context(), url); err != nil || !got.Exists || got.Version != got.Newest {
			t.Errorf("Inspect() while the bot runs = %+v, %v", got, err)
		}
	})
}

// TestAuditIsAppendOnly: the database itself refuses to change or delete rows.
func TestAuditIsAppendOnly(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := running(t, url)
		statements := []string{`UPDATE audit SET actor = 'U9'`, `DELETE FROM audit`, `UPDATE audit SET actor = 'U9' WHERE seq = 1`, `DELETE FROM audit WHERE seq = 1`}
		if s.Dialect() == database.PostgreSQL {
			statements = append(statements, `TRUNCATE audit`)
		} else {
			statements = append(statements, `REPLACE INTO audit (seq, at, request, event, actor, meeting, detail)
				SELECT seq, at, request, event, 'U9', meeting, detail FROM audit WHERE seq = 1`)
		}
		for _, q := range statements {
			if _, err := s.DB().ExecContext(t.Context(), q); err == nil {
				t.Errorf("%s = nil, want a refusal", q)
			}
		}
		if diff := cmp.Diff([]string{"requested U1"}, events(t, s)); diff != "" {
			t.Errorf("Trail.Read() after the attempts (-want +got)\n%s", diff)
		}
	})
}

// TestNoAuditNoChange: whatever fails, a transaction's change and its audit row are either
// both stored or both missing.
func TestNoAuditNoChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		part   string
		kind   dbfault.Kind
		stored bool
	}{
		{"statement refused", "INSERT INTO envelope", dbfault.Refuse, false},
		{"audit refused", "audit", dbfault.Refuse, false},
		{"audit lost", "audit", dbfault.LoseAnswer, false},
		{"audit hangs", "audit", dbfault.Hang, false},
		{"commit refused", dbfault.Commit, dbfault.Refuse, false},
		{"commit lost", dbfault.Commit, dbfault.LoseAnswer, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				var db dbfault.Driver
				s, err := store.Open(t.Context(), url, store.Options{Connect: db.Connect})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Close() })
				receive := func() error {
					return s.Do(t.Context(), func(tx *store.Tx) error {
						return errors.Join(
							tx.Audit(t.Context(), store.RequestRow(cancellation.Request{ID: "r1"}, store.EventRequested, "U1", nil)),
							tx.Envelopes.Receive(t.Context(), store.Envelope{ID: "e1"}),
						)
					})
				}
				db.Next(tt.part, tt.kind, 1)
				if err := receive(); err == nil {
					t.Error("Do() = nil, want an error")
				}
				if err := receive(); errors.Is(err, store.ErrDuplicate) != tt.stored {
					t.Errorf("Do() again = %v, want it stored before: %t", err, tt.stored)
				}
				if got := events(t, s); len(got) != 1 {
					t.Errorf("Trail.Read() = %q, want one row", got)
				}
				chain(t, s)
			})
		})
	}
}
