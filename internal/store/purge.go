package store

import (
	"context"
	"fmt"
	"time"
)

// How much to purge at a time. Each batch is a short transaction, so that other writers
// don't wait long. The next call takes the rest.
const (
	purgeBatchSize = 500
	purgeBatches   = 20
)

// Purge deletes what is no longer needed: handled envelopes from before the given time,
// requests that were closed by then and never had a card, for example because the person
// was refused, and delegations that had ended by then. Their audit rows stay. Each call
// does a bounded amount of work; call it regularly.
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
		if err := s.inBatches(ctx, statement, before.UnixMilli()); err != nil {
			return fmt.Errorf("purge: %w", err)
		}
	}
	return nil
}

// inBatches runs a statement with two parameters, a time and a row limit, until it has
// nothing more to do or has run purgeBatches times.
func (s *Store) inBatches(ctx context.Context, statement string, before int64) error {
	for range purgeBatches {
		var n int64
		err := s.Do(ctx, func(tx *Tx) (err error) {
			n, err = tx.Exec(ctx, statement, before, purgeBatchSize)
			return err
		})
		if err != nil || n < purgeBatchSize {
			return err
		}
	}
	return nil
}
