package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// An Envelope is something a person did in Slack, as it was handed over: the
// promise behind the ack. Body is emptied once it was handled, because it may
// hold a response_url.
type Envelope struct {
	ID     string // Slack's envelope id; the same one is stored once
	Kind   string
	Person string // Slack user id
	Body   string
	At     time.Time
}

// Receive stores an envelope. It returns [ErrDuplicate] if it was stored
// before, however long ago within the day that envelopes are kept.
func (tx *Tx) Receive(ctx context.Context, e Envelope) error {
	n, err := tx.changed(ctx, `
		INSERT INTO envelope (id, kind, person, received_at, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO NOTHING`, e.ID, e.Kind, e.Person, tx.now.UnixMilli(), e.Body)
	if err != nil {
		return fmt.Errorf("store envelope: %w", explain(err))
	}
	if n == 0 {
		return fmt.Errorf("envelope %s: %w", e.ID, ErrDuplicate)
	}
	return nil
}

// Envelope reads an envelope that is not handled yet. It returns [ErrNotFound]
// for one that was handled or never came.
func (s *Store) Envelope(ctx context.Context, id string) (Envelope, error) {
	e := Envelope{ID: id}
	var at sql.NullInt64
	err := s.reads.QueryRowContext(ctx, `
		SELECT kind, person, body, received_at FROM envelope WHERE id = $1 AND handled_at IS NULL`, id).
		Scan(&e.Kind, &e.Person, &e.Body, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Envelope{}, fmt.Errorf("envelope %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return Envelope{}, fmt.Errorf("read envelope: %w", explain(err))
	}
	e.At = fromMillis(at)
	return e, nil
}

// Handled marks an envelope as done and forgets what it said. Doing so twice
// changes nothing.
func (tx *Tx) Handled(ctx context.Context, id string) error {
	_, err := tx.changed(ctx, `UPDATE envelope SET handled_at = $2, body = '' WHERE id = $1 AND handled_at IS NULL`,
		id, tx.now.UnixMilli())
	if err != nil {
		return fmt.Errorf("mark envelope: %w", explain(err))
	}
	return nil
}

// NthBefore returns when the nth of the envelopes came, counted back from e, that
// e's person sent before e and after a moment and that are of e's kind. It
// returns the zero time if there are fewer.
func (s *Store) NthBefore(ctx context.Context, e Envelope, n int, after time.Time) (time.Time, error) {
	var at sql.NullInt64
	err := s.reads.QueryRowContext(ctx, `
		SELECT received_at FROM envelope
		WHERE person = $1 AND kind = $2 AND received_at > $3 AND (received_at < $4 OR received_at = $4 AND id < $5)
		ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET $6`,
		e.Person, e.Kind, after.UnixMilli(), e.At.UnixMilli(), e.ID, n-1).Scan(&at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, fmt.Errorf("count envelopes: %w", explain(err))
	}
	return fromMillis(at), nil
}

// Relabel gives an envelope another kind, once it is known what it came to.
func (tx *Tx) Relabel(ctx context.Context, id, kind string) error {
	_, err := tx.changed(ctx, `UPDATE envelope SET kind = $2 WHERE id = $1`, id, kind)
	if err != nil {
		return fmt.Errorf("relabel envelope: %w", explain(err))
	}
	return nil
}

// Forget deletes envelopes that were handled before a moment.
func (tx *Tx) Forget(ctx context.Context, before time.Time) error {
	_, err := tx.changed(ctx, `DELETE FROM envelope WHERE received_at < $1 AND handled_at IS NOT NULL`, before.UnixMilli())
	if err != nil {
		return fmt.Errorf("forget envelopes: %w", explain(err))
	}
	return nil
}
