package store_test

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/store"
)

// TestQueriesUseIndexes: queries made for every command, click, Home or minute don't get
// slower with the number of requests ever made.
func TestQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var queries []string
	s, db := traced(t, func(text string) { queries = append(queries, text) })
	history := func(person, meeting string) error {
		_, err := s.Requests.History(ctx, store.HistoryFilter{Person: person, Meeting: meeting}, 9)
		return err
	}
	for name, read := range map[string]func() error{
		"Waiting":   func() error { _, err := s.Requests.Waiting(ctx, "U1", 9); return err },
		"Due":       func() error { _, err := s.Requests.Due(ctx, time.Now(), 9); return err },
		"OpenCards": func() error { _, err := s.Requests.OpenCards(ctx, "914087436"); return err },
		"Finished":  func() error { _, err := s.Requests.Finished(ctx, "914087436", 9); return err },
		"CallingOrEnded": func() error {
			_, err := s.Requests.CallingOrEnded(ctx, []string{"914087436", "914087437"}, time.Now())
			return err
		},
		"History":     func() error { return history("U1", "914087436") },
		"HistoryOf":   func() error { return history("U1", "") },
		"HistoryAt":   func() error { return history("", "914087436") },
		"CancelledOf": func() error { _, err := s.Requests.CancelledOf(ctx, "U1", time.Now(), 9); return err },
		"Parts":       func() error { _, err := s.Requests.Parts(ctx, "r1"); return err },
		"Limits":      func() error { _, err := s.Questions.Limits(ctx, "U1", "U2", "914087436"); return err },
		"Pending":     func() error { _, err := s.Envelopes.Pending(ctx, "r1", time.Now()); return err },
	} {
		queries = nil
		if err := read(); err != nil || len(queries) == 0 {
			t.Errorf("%s: %d queries, %v", name, len(queries), err)
		}
		for _, query := range queries {
			if plan := planOf(ctx, t, db, query); regexp.MustCompile(`(?m)^SCAN [a-z]|INDEX request_created`).MatchString(plan) {
				t.Errorf("%s reads a whole table:\n%s", name, plan)
			}
		}
	}
}

// TestIndexesAreUsed: every index is there for a query, because each makes writing slower. A
// unique one may just be a rule.
func TestIndexesAreUsed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var queries []string
	s, db := traced(t, func(text string) {
		if strings.Contains(text, "$1") { // not a migration
			queries = append(queries, text)
		}
	})
	now := time.Now()
	noRow := func(store.AuditRow) error { return nil }
	_, waiting := s.Requests.Waiting(ctx, "U1", 9)
	_, parts := s.Requests.Parts(ctx, "r1")
	_, history := s.Requests.History(ctx, store.HistoryFilter{}, 9)
	_, historyOf := s.Requests.History(ctx, store.HistoryFilter{Person: "U1", Meeting: "914087436"}, 9)
	_, pending := s.Envelopes.Pending(ctx, "r1", now)
	_, nth := s.Envelopes.NthBefore(ctx, store.Envelope{Person: "U1"}, 5, now)
	trail := s.Trail.Read(ctx, store.AuditFilter{Since: now}, noRow)
	purge := s.Purge(ctx, now)
	_, blank := s.Blank(ctx, now, 9)
	if err := errors.Join(waiting, parts, history, historyOf, pending, nth, trail, purge, blank); err != nil {
		t.Fatal(err)
	}
	var plans strings.Builder
	for _, query := range queries {
		plans.WriteString(planOf(ctx, t, db, query))
	}
	// The queries for due jobs are package jobs'.
	const indexes = `SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT LIKE '%UNIQUE%' AND name <> 'job_due'`
	err := s.Query(ctx, indexes, func(row store.Row) error {
		var index string
		if err := row.Scan(&index); err != nil {
			return err
		}
		if !strings.Contains(plans.String(), index) {
			t.Errorf("no query uses the index %s", index)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// planOf returns SQLite's query plan.
func planOf(ctx context.Context, t *testing.T, db *sql.DB, query string) (plan string) {
	t.Helper()
	args := make([]any, len(regexp.MustCompile(`\$\d`).FindAllString(query, -1)))
	rows, err := db.QueryContext(ctx, `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			t.Fatal(err)
		}
		plan += line + "\n"
	}
	if err := rows.Err(); err != nil || plan == "" {
		t.Fatalf("no plan for %s: %v", query, err)
	}
	return plan
}
