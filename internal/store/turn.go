package store

import (
	"context"
	"fmt"
	"time"

	"meetingbot/internal/database"
)

// The kinds of turn.
const (
	turnInvited = "invited"
	turnLookup  = "lookup"
	turnHome    = "home"

	// turnLease is how long a turn lasts at most, because its holder may have died.
	turnLease = 3 * time.Second

	// maxAhead is how far in the future a time may be. Beyond that, a clock must have been
	// set back since.
	maxAhead = 10 * time.Second
)

// A pace is how often all replicas together may do something that Slack rate-limits: in a
// burst at first, and in the long run slowly enough to leave room for people who wait.
type pace struct {
	kind     string
	pause    time.Duration
	burst    time.Duration // how far a burst may run ahead of the pause
	maxQueue time.Duration // like maxAhead, but for the end of a long queue
}

var (
	// Slack allows fifty look-ups by address a minute.
	lookups = pace{turnLookup, 1500 * time.Millisecond, 25 * time.Second, 10 * time.Minute}
	// Slack allows a hundred users.info and a hundred views.publish a minute; a Home takes one of each.
	homes = pace{turnHome, time.Second, 25 * time.Second, 2 * time.Hour}
)

// NextLookup reserves a look-up of an invited person, and returns when it may happen, which
// is not before at.
func (p InvitedTx) NextLookup(ctx context.Context, at time.Time) (time.Time, error) {
	return lookups.next(ctx, p.from.tx, at)
}

// NextDrawing reserves the draw of a Home, and returns when it may begin: at once, unless
// many people open theirs.
func (h HomesTx) NextDrawing(ctx context.Context) (time.Time, error) {
	return homes.next(ctx, h.from.tx, h.from.tx.Now())
}

func (p pace) next(ctx context.Context, tx *database.Tx, at time.Time) (time.Time, error) {
	now := tx.Now().UnixMilli()
	freeAt, err := queryValue[int64](ctx, tx, `INSERT INTO turn (kind, free_at) VALUES ($1, $2)
		ON CONFLICT (kind) DO UPDATE SET free_at =
			CASE WHEN turn.free_at BETWEEN $3 AND $4 THEN turn.free_at + $5 ELSE excluded.free_at END
		RETURNING free_at`,
		p.kind, now+p.pause.Milliseconds(), now, now+p.maxQueue.Milliseconds(), p.pause.Milliseconds())
	if err != nil {
		return time.Time{}, fmt.Errorf("reserve a turn: %w", err)
	}
	if slot := time.UnixMilli(freeAt).Add(-p.pause - p.burst); slot.After(at) {
		return slot.UTC(), nil
	}
	return at, nil
}

// TakeTurn takes the turn to write to an invited person. Across all replicas one run has it
// at a time, until [InvitedTx.EndTurn], or for a few seconds if the run dies. If another run
// has it, TakeTurn returns how long to wait.
func (p InvitedTx) TakeTurn(ctx context.Context) (wait time.Duration, err error) {
	now := p.from.tx.Now()
	n, err := p.from.tx.Exec(ctx, `INSERT INTO turn (kind, free_at) VALUES ($1, $2)
		ON CONFLICT (kind) DO UPDATE SET free_at = excluded.free_at WHERE turn.free_at <= $3 OR turn.free_at > $4`,
		turnInvited, now.Add(turnLease).UnixMilli(), now.UnixMilli(), now.Add(maxAhead).UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("take turn: %w", err)
	}
	if n > 0 {
		return 0, nil
	}
	at, err := queryValue[int64](ctx, p.from.tx, `SELECT free_at FROM turn WHERE kind = $1`, turnInvited)
	return max(time.UnixMilli(at).Sub(now), time.Millisecond), wrap("turn", err)
}

// EndTurn frees the turn at the given time, rounded up to a millisecond.
func (p InvitedTx) EndTurn(ctx context.Context, free time.Time) error {
	next := free.Add(time.Millisecond - 1).UnixMilli()
	_, err := p.from.tx.Exec(ctx, `UPDATE turn SET free_at = $2 WHERE kind = $1`, turnInvited, next)
	return wrap("end turn", err)
}
