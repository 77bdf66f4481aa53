package store

import (
	"context"
	"fmt"
	"time"
)

// The kinds of turn.
const (
	turnInvited = "invited"
	turnLookup  = "lookup"

	// turnHeld is how long a turn lasts at most: whoever took it may have died.
	turnHeld = 3 * time.Second

	// turnWrong is a time so far off that a clock must have been set back since.
	turnWrong = 10 * time.Second
)

// How often invited people are looked up, by all replicas together: at first as fast as
// they are written to, and in the long run slowly enough to leave some of Slack's fifty
// look-ups a minute to people who wait.
const (
	lookupPause = 1500 * time.Millisecond
	lookupBurst = 25 * time.Second // how far ahead of that pause a burst may be
	lookupWrong = 10 * time.Minute
)

// NextLookup reserves a look-up, and returns when it may be made: not before at.
func (p InvitedTx) NextLookup(ctx context.Context, at time.Time) (time.Time, error) {
	now := p.tx.Now().UnixMilli()
	ahead, err := value[int64](ctx, p.tx, `INSERT INTO turn (kind, free_at) VALUES ($1, $2)
		ON CONFLICT (kind) DO UPDATE SET free_at =
			CASE WHEN turn.free_at BETWEEN $3 AND $4 THEN turn.free_at + $5 ELSE excluded.free_at END
		RETURNING free_at`,
		turnLookup, now+lookupPause.Milliseconds(), now, now+lookupWrong.Milliseconds(), lookupPause.Milliseconds())
	if err != nil {
		return time.Time{}, fmt.Errorf("reserve a look-up: %w", err)
	}
	if slot := time.UnixMilli(ahead).Add(-lookupPause - lookupBurst); slot.After(at) {
		return slot.UTC(), nil
	}
	return at, nil
}

// TakeTurn takes the turn to write to an invited person, which one run of all replicas has
// at a time: until [InvitedTx.EndTurn], or for a few seconds if the run dies. It returns
// how long to wait if another run has it.
func (p InvitedTx) TakeTurn(ctx context.Context) (wait time.Duration, err error) {
	now := p.tx.Now()
	n, err := p.tx.Exec(ctx, `INSERT INTO turn (kind, free_at) VALUES ($1, $2)
		ON CONFLICT (kind) DO UPDATE SET free_at = excluded.free_at WHERE turn.free_at <= $3 OR turn.free_at > $4`,
		turnInvited, now.Add(turnHeld).UnixMilli(), now.UnixMilli(), now.Add(turnWrong).UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("take turn: %w", err)
	}
	if n > 0 {
		return 0, nil
	}
	at, err := value[int64](ctx, p.tx, `SELECT free_at FROM turn WHERE kind = $1`, turnInvited)
	return max(time.UnixMilli(at).Sub(now), time.Millisecond), wrap("turn", err)
}

// EndTurn makes the turn free at the given time, to the next millisecond.
func (p InvitedTx) EndTurn(ctx context.Context, free time.Time) error {
	next := free.Add(time.Millisecond - 1).UnixMilli()
	_, err := p.tx.Exec(ctx, `UPDATE turn SET free_at = $2 WHERE kind = $1`, turnInvited, next)
	return wrap("end turn", err)
}
