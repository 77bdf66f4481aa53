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

	// turnHeld is how long a turn lasts at most: whoever took it may have died.
	turnHeld = 3 * time.Second

	// turnWrong is a time so far off that a clock must have been set back since.
	turnWrong = 10 * time.Second
)

// A pace is how often all replicas together may do something for which Slack has a limit: at
// first at once, and in the long run slowly enough to leave some of it to people who wait.
type pace struct {
	kind  string
	pause time.Duration
	burst time.Duration // how far ahead of that pause a burst may be
	wrong time.Duration // as turnWrong, for the last of a long queue
}

var (
	// Slack allows fifty look-ups by address a minute.
	lookups = pace{turnLookup, 1500 * time.Millisecond, 25 * time.Second, 10 * time.Minute}
	// A Home takes one of each of a hundred users.info and views.publish a minute.
	homes = pace{turnHome, time.Second, 25 * time.Second, 2 * time.Hour}
)

// NextLookup reserves a look-up of an invited person, and returns when it may be made: not
// before at.
func (p InvitedTx) NextLookup(ctx context.Context, at time.Time) (time.Time, error) {
	return lookups.next(ctx, p.tx, at)
}

// NextDrawing reserves the drawing of a Home that somebody has opened, and returns when it
// may begin: now, unless many open theirs.
func (h HomesTx) NextDrawing(ctx context.Context) (time.Time, error) {
	return homes.next(ctx, h.tx, h.tx.Now())
}

func (p pace) next(ctx context.Context, tx *database.Tx, at time.Time) (time.Time, error) {
	now := tx.Now().UnixMilli()
	ahead, err := value[int64](ctx, tx, `INSERT INTO turn (kind, free_at) VALUES ($1, $2)
		ON CONFLICT (kind) DO UPDATE SET free_at =
			CASE WHEN turn.free_at BETWEEN $3 AND $4 THEN turn.free_at + $5 ELSE excluded.free_at END
		RETURNING free_at`,
		p.kind, now+p.pause.Milliseconds(), now, now+p.wrong.Milliseconds(), p.pause.Milliseconds())
	if err != nil {
		return time.Time{}, fmt.Errorf("reserve a turn: %w", err)
	}
	if slot := time.UnixMilli(ahead).Add(-p.pause - p.burst); slot.After(at) {
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
