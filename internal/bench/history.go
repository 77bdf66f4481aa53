package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"meetingbot/internal/database"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// Past requests came from other people, a minute apart, about other meetings.
const (
	pastPeople   = 500
	pastInterval = 60_000 // milliseconds
)

// addHistory fills the database with n past cancellations. It performs a real one and
// copies its rows, so that every row is as the program itself writes it.
func addHistory(ctx context.Context, w *world.World, address, person string, n int) error {
	if n == 0 {
		return nil
	}
	const meeting = "914999999"
	if err := w.Start(ctx); err != nil {
		return err
	}
	w.Book(meeting, world.Carol, nil)
	seen := newWatch(w)
	_, err := cancelOne(ctx, w, seen, person, meeting)
	seen.stop()
	if err := errors.Join(err, w.Bot.Stop()); err != nil {
		return err
	}
	s, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		return err
	}
	for _, statement := range copyStatements(meeting) {
		if _, err := s.DB().ExecContext(ctx, statement, n); err != nil {
			return errors.Join(fmt.Errorf("make a history: %w", err), s.Close())
		}
	}
	if s.Dialect() == database.PostgreSQL { // it stores the trail's last seq separately
		_, err = s.DB().ExecContext(ctx, `UPDATE audit_head SET seq = (SELECT max(seq) FROM audit)`)
	}
	if err == nil {
		_, err = s.DB().ExecContext(ctx, `ANALYZE`)
	}
	return errors.Join(err, s.Close())
}

// copyStatements returns SQL, for both databases, that copies all rows of a meeting's request.
// The hashes of the copied audit rows are invalid, but only audit verify reads them.
func copyStatements(meeting string) []string {
	const numbers = `WITH RECURSIVE past(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM past WHERE i < $1) `
	request := `(SELECT id FROM request WHERE meeting = '` + meeting + `')`
	earlier := fmt.Sprintf("CAST(i AS BIGINT) * %d", pastInterval)
	person := fmt.Sprintf("'U0OLD' || (i %% %d)", pastPeople)
	copies := strings.NewReplacer("$NUMBERS", numbers, "$EARLIER", earlier, "$PERSON", person, "$REQUEST", request)
	return []string{
		copies.Replace(`$NUMBERS INSERT INTO request (id, version, state, outcome, asker, channel, meeting, number, owner, created_at, expires_at, closed_at, body)
			SELECT 'past' || i, version, state, outcome, $PERSON, channel, 'm' || i, 'm' || i, owner,
				created_at - $EARLIER, expires_at - $EARLIER, closed_at - $EARLIER, body FROM request, past WHERE id = $REQUEST`),
		copies.Replace(`$NUMBERS INSERT INTO audit (seq, hash, at, request, event, actor, meeting, detail)
			SELECT (SELECT max(seq) FROM audit) + row_number() OVER (ORDER BY i DESC, seq), 'past', at - $EARLIER, 'past' || i, event, $PERSON, 'm' || i, detail FROM audit, past WHERE request = $REQUEST`),
	}
}
