package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/database"
)

// Questions reads the questions to owners.
type Questions struct{ from source }

// QuestionsTx is [Questions] in a transaction.
type QuestionsTx struct{ Questions }

// QuestionLimits says what may keep a person from asking an owner about a meeting. The zero
// QuestionLimits means nothing does.
type QuestionLimits struct {
	Open       int       // how many questions this person has open, to any owner
	Same       Request   // their open question about this meeting; the zero Request if there is none
	MutedUntil time.Time // until when the owner has muted this person; zero if they haven't
}

// Limits returns what may keep asker from asking owner about a meeting. On PostgreSQL, a
// transaction serialises one person's questions, so that the count is right; SQLite has only
// one writer anyway.
func (q Questions) Limits(ctx context.Context, asker, owner, meetingID string) (limits QuestionLimits, err error) {
	if tx := q.from.tx; tx != nil && tx.Dialect() == database.PostgreSQL {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext($1))`, "question/"+asker); err != nil {
			return limits, fmt.Errorf("questions: %w", err)
		}
	}
	until, err := queryValue[sql.NullInt64](ctx, q.from, `SELECT until FROM mute WHERE owner = $1 AND asker = $2 AND until > $3`,
		owner, asker, q.from.Now().UnixMilli())
	if err != nil {
		return limits, fmt.Errorf("muted: %w", err)
	}
	limits.MutedUntil = fromMillis(until)
	open, err := Requests(q).all(ctx, `WHERE asker = $1 AND addressee <> '' AND state IN ('asked', 'confirmed', 'calling')`, asker)
	limits.Open = len(open)
	for _, r := range open {
		if r.Meeting.ID == meetingID {
			limits.Same = r
		}
	}
	return limits, err
}

// Mute keeps a person from asking an owner until the given time, which replaces an earlier
// one. It also deletes expired entries.
func (q QuestionsTx) Mute(ctx context.Context, owner, asker string, until time.Time) error {
	_, deleteErr := q.from.tx.Exec(ctx, `DELETE FROM mute WHERE until <= $1`, q.from.tx.Now().UnixMilli())
	_, err := q.from.tx.Exec(ctx, `INSERT INTO mute (owner, asker, until) VALUES ($1, $2, $3)
		ON CONFLICT (owner, asker) DO UPDATE SET until = excluded.until`, owner, asker, until.UnixMilli())
	return wrap("mute", errors.Join(deleteErr, err))
}
