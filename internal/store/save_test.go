package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestSaveSetsChangedColumns: Save updates the columns of a request, but only those that changed,
// because SQLite would rewrite the indexes on all others, too.
func TestSaveSetsChangedColumns(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		change func(*cancellation.Request)
		want   string
	}{
		{"no column", func(r *cancellation.Request) { r.Reason = "so" }, ""},
		{"a state", func(r *cancellation.Request) { r.State = cancellation.Confirmed }, "state"},
		{"a card", func(r *cancellation.Request) {
			r.Card.Channel = "C1"
			r.Begin(cancellation.CardEffect, at)
			r.EndEffect(cancellation.CardEffect, at, "", "")
		}, "card_channel, shown"},
		{"another meeting", func(r *cancellation.Request) {
			r.Meeting.ID, r.Meeting.Number, r.Owner.User = "conf1", "975312468", "U9"
		}, "meeting, number, owner"},
		{"an end", func(r *cancellation.Request) {
			r.State, r.Outcome, r.ClosedAt = cancellation.Done, cancellation.Cancelled, at
		}, "state, outcome, closed_at"},
		{"a question", func(r *cancellation.Request) { r.For, r.ExpiresAt = "U9", at }, "expires_at, addressee"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set := ""
			s, db := traced(t, func(text string) {
				if rest, ok := strings.CutPrefix(text, `UPDATE request SET version = $3, body = $4`); ok {
					set, _, _ = strings.Cut(strings.TrimPrefix(rest, `, `), ` WHERE`)
				}
			})
			if _, err := insert(t, s, asking("r1", "C1", "914087436")); err != nil {
				t.Fatal(err)
			}
			saved, err := update(t, s, "r1", func(_ *store.Tx, r *store.Request) error { tt.change(&r.Request); return nil })
			if err != nil {
				t.Fatal(err)
			}
			if got := regexp.MustCompile(` = \$\d+`).ReplaceAllString(set, ""); got != tt.want {
				t.Errorf("Save() sets %q in addition to the body, want %q", got, tt.want)
			}
			saved.ID = "r2"
			saved.Channel = "C2" // one open card in a channel
			if saved.For != "" {
				saved.Asker = "U2" // one question about a meeting
			}
			if _, err := insert(t, s, saved.Request); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(columnsOf(t, db, "r2"), columnsOf(t, db, "r1")); diff != "" {
				t.Errorf("columns of a saved request and of the same one inserted (-inserted +saved):\n%s", diff)
			}
		})
	}
}

// columnsOf returns a request's columns that can change.
func columnsOf(t *testing.T, db *sql.DB, id string) []any {
	t.Helper()
	values := make([]any, 10)
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	err := db.QueryRowContext(t.Context(), `SELECT state, outcome, meeting, number, owner, card_channel, shown, expires_at, closed_at, addressee
		FROM request WHERE id = $1`, id).Scan(into...)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// TestSaveAfterRollback: a save that was rolled back doesn't let a later one overwrite what
// another writer has saved since.
func TestSaveAfterRollback(t *testing.T) {
	t.Parallel()
	s := openStore(t, "sqlite:"+filepath.Join(t.TempDir(), "m.db"))
	mine, err := insert(t, s, asking("r1", "C1", "914087436"))
	if err != nil {
		t.Fatal(err)
	}
	save := func(after error) error {
		return s.Do(t.Context(), func(tx *store.Tx) error { return errors.Join(tx.Requests.Save(t.Context(), &mine), after) })
	}
	errUndone := errors.New("undone")
	if err := save(errUndone); !errors.Is(err, errUndone) {
		t.Fatal(err)
	}
	if _, err := update(t, s, "r1", func(_ *store.Tx, r *store.Request) error { return r.Become(cancellation.Confirmed) }); err != nil {
		t.Fatal(err)
	}
	if err := save(nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("Save() over another writer's = %v, want %v", err, store.ErrConflict)
	}
}
