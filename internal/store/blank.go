package store

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// Blank removes people, subjects and reasons from what ended before the given time: from at
// most limit requests, audit rows and envelopes each. It returns how many it blanked; 0
// means that nothing is left to do. Each call is one transaction. If it blanks requests or
// rows, it adds a row to the trail with their numbers.
//
// A request and its parts keep everything while the request is open or has a job, however
// old it is. A card and its parts keep everything while one of the parts has a job, because
// their outcomes are told together. Rows of deleted requests are blanked by their own age.
// An envelope keeps its ids, so that a resent one is recognised.
//
// A blanked request still says which meeting it was about, when, and the outcome. All
// hashes remain valid: they cover only a salted digest of what is removed. The salt is
// removed with it.
func (s *Store) Blank(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = s.Do(ctx, func(tx *Tx) error {
		requests, err := tx.blankRequests(ctx, before, limit)
		if err != nil {
			return err
		}
		rows, err := tx.blankAudit(ctx, before, limit)
		if err != nil {
			return err
		}
		envelopes, err := tx.blankEnvelopes(ctx, before, limit)
		if err != nil {
			return err
		}
		if n = requests + rows + envelopes; n == envelopes {
			return nil
		}
		return tx.Audit(ctx, AuditRow{Event: EventBlanked, Detail: map[string]string{
			"requests": strconv.Itoa(requests), "rows": strconv.Itoa(rows), "before": before.UTC().Format(time.RFC3339),
		}})
	})
	return n, wrap("blank", err)
}

// blankRequests blanks finished requests, oldest end first.
func (tx *Tx) blankRequests(ctx context.Context, before time.Time, limit int) (int, error) {
	finished, err := queryAll(ctx, tx, scanRequest, `SELECT version, body FROM request
		WHERE blanked = 0 AND closed_at < $1 AND NOT EXISTS (SELECT 1 FROM job WHERE subject = request.id OR request.parent <> '' AND subject = request.parent)
			AND (parent = '' OR NOT EXISTS (SELECT 1 FROM request AS card WHERE card.id = request.parent AND card.closed_at IS NULL))
			AND NOT EXISTS (SELECT 1 FROM request AS part JOIN job ON job.subject = part.id
				WHERE part.parent <> '' AND part.parent = CASE WHEN request.parent = '' THEN request.id ELSE request.parent END)
		ORDER BY closed_at LIMIT $2`, before.UnixMilli(), limit)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range finished {
		r.Blank()
		switch err := tx.Requests.Save(ctx, &r); {
		case err == nil:
			n++
		case !errors.Is(err, ErrConflict): // on a conflict, keep the other writer's change
			return 0, err
		}
	}
	return n, nil
}

// blankAudit blanks rows of requests that are blanked or deleted, and of delegations that
// have ended. The update repeats the condition on salt, because another replica may have
// blanked a row in between, and the database refuses to change a blanked row.
func (tx *Tx) blankAudit(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := tx.Exec(ctx, `UPDATE audit SET actor = '', private = '', salt = '' WHERE salt <> '' AND seq IN (
		SELECT seq FROM audit WHERE salt <> '' AND at < $1
			AND NOT EXISTS (SELECT 1 FROM request WHERE request.id = audit.request AND blanked = 0)
			AND NOT EXISTS (SELECT 1 FROM delegation WHERE delegation.id = audit.request AND ended_at IS NULL)
		ORDER BY at LIMIT $2)`, before.UnixMilli(), limit)
	return int(n), err
}

// countWindow is how long envelopes keep their person, so that [Envelopes.NthBefore] can
// count them. It is longer than any caller looks back.
const countWindow = 2 * time.Minute

// blankEnvelopes removes the request from handled envelopes, because it would link a
// person to a blanked request, and later the person.
func (tx *Tx) blankEnvelopes(ctx context.Context, before time.Time, limit int) (int, error) {
	uncounted := tx.Now().Add(-countWindow).UnixMilli()
	n, err := tx.Exec(ctx, `
		UPDATE envelope SET request = '', body = '', person = CASE WHEN received_at < $2 THEN '' ELSE person END
		WHERE id IN (SELECT id FROM envelope
			WHERE handled_at IS NOT NULL AND received_at < $1 AND (request <> '' OR person <> '' AND received_at < $2)
				AND NOT EXISTS (SELECT 1 FROM request WHERE request.id = envelope.request AND blanked = 0)
			ORDER BY received_at LIMIT $3)`, before.UnixMilli(), uncounted, limit)
	return int(n), err
}
