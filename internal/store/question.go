package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/database"
)

// Questions are what keeps a person from asking an owner about a meeting. The zero
// Questions means nothing does.
type Questions struct {
	Open       int       // of this person's open questions, to any owner
	Same       Request   // their open question about this meeting; the zero Request if there is none
	MutedUntil time.Time // until when the owner does not want to be asked by this person; zero if they have not said so
}

// Questions reads what keeps asker from asking owner about a meeting.
func (s *Store) Questions(ctx context.Context, asker, owner, meetingID string) (Questions, error) {
	return questions(ctx, s.Query, s.Now(), asker, owner, meetingID)
}

// Questions is [Store.Questions] for the transaction that asks. On PostgreSQL it
// serialises the questions of one person, so that they can be counted; SQLite has
// only one writer anyway.
func (tx *Tx) Questions(ctx context.Context, asker, owner, meetingID string) (Questions, error) {
	if tx.Dialect() == database.PostgreSQL {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext($1))`, "question/"+asker); err != nil {
			return Questions{}, fmt.Errorf("questions: %w", err)
		}
	}
	return questions(ctx, tx.Query, tx.Now(), asker, owner, meetingID)
}

func questions(ctx context.Context, query func(context.Context, string, func(Row) error, ...any) error, now time.Time, asker, owner, meetingID string) (q Questions, err error) {
	err = query(ctx, `SELECT until FROM mute WHERE owner = $1 AND asker = $2 AND until > $3`, func(row Row) error {
		var until sql.NullInt64
		err := row.Scan(&until)
		q.MutedUntil = fromMillis(until)
		return err
	}, owner, asker, now.UnixMilli())
	if err != nil {
		return q, fmt.Errorf("muted: %w", err)
	}
	err = query(ctx, `SELECT `+requestColumns+` FROM request
		WHERE asker = $1 AND addressee <> '' AND state IN ('asked', 'confirmed', 'calling')`, func(row Row) error {
		r, err := scanRequest(row)
		if q.Open++; err == nil && r.Meeting.ID == meetingID {
			q.Same = r
		}
		return err
	}, asker)
	if err != nil {
		return q, fmt.Errorf("open questions: %w", err)
	}
	return q, nil
}

// Mute keeps a person from asking an owner until the given time. Another call
// replaces that time. Expired entries are deleted.
func (tx *Tx) Mute(ctx context.Context, owner, asker string, until time.Time) error {
	_, old := tx.Exec(ctx, `DELETE FROM mute WHERE until <= $1`, tx.Now().UnixMilli())
	_, err := tx.Exec(ctx, `INSERT INTO mute (owner, asker, until) VALUES ($1, $2, $3)
		ON CONFLICT (owner, asker) DO UPDATE SET until = excluded.until`, owner, asker, until.UnixMilli())
	if err = errors.Join(old, err); err != nil {
		return fmt.Errorf("mute: %w", err)
	}
	return nil
}
