package store

import (
	"context"
	"fmt"
	"time"
)

// How much to purge at a time. A portion is a short transaction, so that nobody
// waits for it; the next call takes what one leaves.
const (
	purgePortion  = 500
	purgePortions = 20
)

// Purge deletes what nobody will ask for again: handled envelopes older than a
// moment, requests that were over by then and never had a card, for example because
// the person was refused, and delegations that had ended by then. Their rows in the
// audit trail stay. Each call is bounded; call it regularly.
func (s *Store) Purge(ctx context.Context, before time.Time) error {
	for _, statement := range []string{
		`DELETE FROM envelope WHERE id IN (SELECT id FROM envelope
			WHERE received_at < $1 AND handled_at IS NOT NULL ORDER BY received_at LIMIT $2)`,
		`DELETE FROM request WHERE id IN (SELECT id FROM request
			WHERE shown = 0 AND closed_at < $1 AND NOT EXISTS (SELECT 1 FROM job WHERE subject = request.id)
			ORDER BY closed_at LIMIT $2)`,
		`DELETE FROM delegation WHERE id IN (SELECT id FROM delegation
			WHERE ended_at < $1 AND NOT EXISTS (SELECT 1 FROM job WHERE subject = delegation.id)
			ORDER BY ended_at LIMIT $2)`,
	} {
		if err := s.inPortions(ctx, statement, before.UnixMilli()); err != nil {
			return fmt.Errorf("purge: %w", err)
		}
	}
	return nil
}

// inPortions runs a statement with two parameters, a time and a row limit, until it
// has nothing more to do, or has done enough.
func (s *Store) inPortions(ctx context.Context, statement string, before int64) error {
	for range purgePortions {
		var n int64
		err := s.Do(ctx, func(tx *Tx) (err error) {
			n, err = tx.Exec(ctx, statement, before, purgePortion)
			return err
		})
		if err != nil || n < purgePortion {
			return err
		}
	}
	return nil
}
