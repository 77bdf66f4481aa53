package store

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// Blank removes what requests that ended before the given time say about people,
// subjects and reasons: from at most limit requests, and as many audit rows. It
// returns how many it blanked; 0 means that nothing is left to do. Each call
// is one transaction and adds a row to the trail that says how many rows were
// blanked.
//
// A request keeps everything, however old it is, while it is open or has a job, and so do
// its parts. A card keeps everything, with all its parts, while one of them has a job: its
// outcome is still to be told together with the others. The rows of deleted requests are
// blanked by their own age. An envelope keeps its ids, by which it is recognised when it
// comes again.
//
// What stays of a request is which meeting it was about, when, and the outcome, and all
// hashes: they cover only a salted digest of what is removed, and the salt goes with it.
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
	finished, err := collect(ctx, tx, scanRequest, `SELECT version, body FROM request
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
		case !errors.Is(err, ErrConflict): // else somebody has changed it meanwhile, and must not lose that
			return 0, err
		}
	}
	return n, nil
}

// blankAudit blanks rows of requests that are finished and blanked, or deleted, and
// of delegations that have ended. Another replica may have blanked a row since it was
// found, and the database lets nobody change that again.
func (tx *Tx) blankAudit(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := tx.Exec(ctx, `UPDATE audit SET actor = '', private = '', salt = '' WHERE salt <> '' AND seq IN (
		SELECT seq FROM audit WHERE salt <> '' AND at < $1
			AND NOT EXISTS (SELECT 1 FROM request WHERE request.id = audit.request AND blanked = 0)
			AND NOT EXISTS (SELECT 1 FROM delegation WHERE delegation.id = audit.request AND ended_at IS NULL)
		ORDER BY at LIMIT $2)`, before.UnixMilli(), limit)
	return int(n), err
}

// counted is for how long envelopes must say whose they are, to be counted: see
// [Envelopes.NthBefore]. It is longer than anybody counts back.
const counted = 2 * time.Minute

// blankEnvelopes removes from handled envelopes what they are about, which could name a
// blanked request again, and later whose they are.
func (tx *Tx) blankEnvelopes(ctx context.Context, before time.Time, limit int) (int, error) {
	uncounted := tx.Now().Add(-counted).UnixMilli()
	n, err := tx.Exec(ctx, `
		UPDATE envelope SET request = '', body = '', person = CASE WHEN received_at < $2 THEN '' ELSE person END
		WHERE id IN (SELECT id FROM envelope
			WHERE handled_at IS NOT NULL AND received_at < $1 AND (request <> '' OR person <> '' AND received_at < $2)
				AND NOT EXISTS (SELECT 1 FROM request WHERE request.id = envelope.request AND blanked = 0)
			ORDER BY received_at LIMIT $3)`, before.UnixMilli(), uncounted, limit)
	return int(n), err
}
