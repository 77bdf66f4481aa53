package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
)

// Watch counts one more open card for a meeting. It reports whether the meeting is
// not being watched yet, so that the caller has to start.
func (tx *Tx) Watch(ctx context.Context, meeting string) (begin bool, err error) {
	var cards int64
	err = tx.Query(ctx, `INSERT INTO watch (meeting, cards) VALUES ($1, 1)
		ON CONFLICT (meeting) DO UPDATE SET cards = watch.cards + 1 RETURNING cards`, func(row Row) error { return row.Scan(&cards) }, meeting)
	if err != nil {
		return false, fmt.Errorf("watch meeting: %w", err)
	}
	return cards == 1, nil
}

// Watched returns how many cards were counted for a meeting; 0 if it is not being
// watched.
func (s *Store) Watched(ctx context.Context, meeting string) (cards int64, err error) {
	err = s.Query(ctx, `SELECT cards FROM watch WHERE meeting = $1`, func(row Row) error { return row.Scan(&cards) }, meeting)
	if err != nil {
		return 0, fmt.Errorf("watched meeting: %w", err)
	}
	return cards, nil
}

// OnCard records which meetings a card with several asks about.
func (tx *Tx) OnCard(ctx context.Context, request cancellation.ID, meetings []string) error {
	var values []string
	var args []any
	for _, m := range meetings {
		values = append(values, `(`+placeholders(len(args), 2)+`)`)
		args = append(args, m, request)
	}
	if len(values) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO card_meeting (meeting, request) VALUES `+strings.Join(values, `, `)+` ON CONFLICT DO NOTHING`, args...)
	if err != nil {
		return fmt.Errorf("store meetings of a card: %w", err)
	}
	return nil
}

// Unwatch stops watching a meeting. It returns [ErrConflict] if a card was counted
// since the call of [Store.Watched].
func (tx *Tx) Unwatch(ctx context.Context, meeting string, cards int64) error {
	n, err := tx.Exec(ctx, `DELETE FROM watch WHERE meeting = $1 AND cards = $2`, meeting, cards)
	if err != nil {
		return fmt.Errorf("stop watching meeting: %w", err)
	}
	if n == 0 && cards > 0 {
		return fmt.Errorf("stop watching meeting: %w", ErrConflict)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM card_meeting WHERE meeting = $1`, meeting); err != nil {
		return fmt.Errorf("forget cards of a meeting: %w", err)
	}
	return nil
}

// OpenCards returns the requests about a meeting, in any channel, that are waiting
// for an answer or being carried out, oldest first.
func (s *Store) OpenCards(ctx context.Context, meeting string) (all []Request, err error) {
	err = s.Query(ctx, `SELECT `+requestColumns+` FROM request
		WHERE id IN (SELECT id FROM request WHERE meeting = $1 UNION ALL SELECT request FROM card_meeting WHERE meeting = $1)
			AND state IN ('asked', 'confirmed', 'calling') ORDER BY created_at`, func(row Row) error {
		r, err := scanRequest(row)
		all = append(all, r)
		return err
	}, meeting)
	if err != nil {
		return nil, fmt.Errorf("open cards: %w", err)
	}
	return all, nil
}

// LastEnvelope returns when somebody last typed or pressed anything, on any replica;
// zero if that was before the oldest envelope kept.
func (s *Store) LastEnvelope(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := s.Query(ctx, `SELECT max(received_at) FROM envelope`, func(row Row) error { return row.Scan(&at) })
	if err != nil {
		return time.Time{}, fmt.Errorf("last envelope: %w", err)
	}
	return fromMillis(at), nil
}
