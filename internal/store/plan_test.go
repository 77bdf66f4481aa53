package store_test

import (
	"context"
	"database/sql"
	"regexp"
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
		"Waiting":     func() error { _, err := s.Requests.Waiting(ctx, "U1", 9); return err },
		"Due":         func() error { _, err := s.Requests.Due(ctx, time.Now(), 9); return err },
		"OpenCards":   func() error { _, err := s.Requests.OpenCards(ctx, "914087436"); return err },
		"Finished":    func() error { _, err := s.Requests.Finished(ctx, "914087436", 9); return err },
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
