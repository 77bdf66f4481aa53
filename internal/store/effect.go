package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
)

// An EffectKind is one thing that is done outside, once for each request.
type EffectKind string

// The effects.
const (
	CardEffect   EffectKind = "card"   // the question is posted
	CallEffect   EffectKind = "call"   // the destructive call
	FinalEffect  EffectKind = "final"  // the card shows its final state
	ThreadEffect EffectKind = "thread" // the reply in the card's thread
	OwnerEffect  EffectKind = "owner"  // the message to the meeting's owner
)

// An Effect is the memory of something done outside: that it began, and that it
// ended. One that began and has not ended may or may not have happened; look
// before it is repeated.
type Effect struct {
	BegunAt  time.Time // of the last attempt; zero if it never began
	EndedAt  time.Time // zero if it is not known to have ended
	Attempts int
	Ref      string // what was made: a message's channel and ts
	Result   string // how it ended
}

// Begun reports whether an attempt was recorded.
func (e Effect) Begun() bool { return !e.BegunAt.IsZero() }

// Ended reports whether the effect is settled, well or badly.
func (e Effect) Ended() bool { return !e.EndedAt.IsZero() }

// Begin records that an effect is about to be tried, before it is tried. How an
// earlier attempt ended is forgotten: of this one nothing is known yet.
func (tx *Tx) Begin(ctx context.Context, id cancellation.ID, kind EffectKind) error {
	_, err := tx.changed(ctx, `
		INSERT INTO effect (request, kind, begun_at, attempts, ref, result) VALUES ($1, $2, $3, 1, '', '')
		ON CONFLICT (request, kind) DO UPDATE SET begun_at = excluded.begun_at, attempts = effect.attempts + 1,
			ended_at = NULL, ref = '', result = ''`,
		id, kind, tx.now.UnixMilli())
	if err != nil {
		return fmt.Errorf("begin %s: %w", kind, explain(err))
	}
	return nil
}

// End records how an effect ended, whether or not its beginning was recorded.
func (tx *Tx) End(ctx context.Context, id cancellation.ID, kind EffectKind, ref, result string) error {
	_, err := tx.changed(ctx, `
		INSERT INTO effect (request, kind, begun_at, ended_at, attempts, ref, result) VALUES ($1, $2, $3, $3, 1, $4, $5)
		ON CONFLICT (request, kind) DO UPDATE SET ended_at = excluded.ended_at, ref = excluded.ref, result = excluded.result`,
		id, kind, tx.now.UnixMilli(), ref, result)
	if err != nil {
		return fmt.Errorf("end %s: %w", kind, explain(err))
	}
	return nil
}

// Effects reads all effects of a request. A kind that never began is absent,
// which reads as the zero Effect.
func (s *Store) Effects(ctx context.Context, id cancellation.ID) (all map[EffectKind]Effect, err error) {
	rows, err := s.reads.QueryContext(ctx, `
		SELECT kind, begun_at, ended_at, attempts, ref, result FROM effect WHERE request = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("effects: %w", explain(err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = map[EffectKind]Effect{}
	for rows.Next() {
		var kind EffectKind
		var e Effect
		var begun, ended sql.NullInt64
		if err := rows.Scan(&kind, &begun, &ended, &e.Attempts, &e.Ref, &e.Result); err != nil {
			return nil, err
		}
		e.BegunAt, e.EndedAt = fromMillis(begun), fromMillis(ended)
		all[kind] = e
	}
	return all, rows.Err()
}
