package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
)

// A Request is a stored request and the version it was read at.
type Request struct {
	cancellation.Request
	version int64
}

const requestColumns = `version, body`

// Insert stores a new request. It returns [ErrDuplicate] if the request is
// asked and another open card for the same meeting stands in the same channel.
func (tx *Tx) Insert(ctx context.Context, r cancellation.Request) (Request, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return Request{}, fmt.Errorf("encode request: %w", err)
	}
	_, err = tx.sql.ExecContext(ctx, `
		INSERT INTO request (id, version, state, outcome, asker, channel, meeting, number, owner, created_at, expires_at, closed_at, body)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, r.State, r.Outcome, r.Asker, r.Channel, meetingKey(r), shownNumber(r), r.Owner.User,
		r.CreatedAt.UnixMilli(), r.ExpiresAt.UnixMilli(), millis(r.ClosedAt), string(body))
	if err != nil {
		return Request{}, fmt.Errorf("insert request: %w", explain(err))
	}
	return Request{Request: r, version: 1}, nil
}

// Save stores r over the version it was read at, and counts it up. It returns
// [ErrConflict] if somebody else has changed the request since: the one
// conditional update that decides who was first.
func (tx *Tx) Save(ctx context.Context, r *Request) error {
	body, err := json.Marshal(r.Request)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	n, err := tx.changed(ctx, `
		UPDATE request SET version = version + 1, state = $3, outcome = $4, meeting = $5, number = $6, owner = $7,
			expires_at = $8, closed_at = $9, body = $10
		WHERE id = $1 AND version = $2`,
		r.ID, r.version, r.State, r.Outcome, meetingKey(r.Request), shownNumber(r.Request), r.Owner.User,
		r.ExpiresAt.UnixMilli(), millis(r.ClosedAt), string(body))
	if err != nil {
		return fmt.Errorf("save request: %w", explain(err))
	}
	if n == 0 {
		return fmt.Errorf("save request %s: %w", r.ID, ErrConflict)
	}
	r.version++
	return nil
}

// meetingKey is what makes a meeting findable: the number people type, until
// the service's own id is known.
func meetingKey(r cancellation.Request) string {
	if r.Meeting.ID != "" {
		return r.Meeting.ID
	}
	return r.Number
}

// shownNumber is the number that people see: a room's differs from the id of
// the meeting behind it.
func shownNumber(r cancellation.Request) string { return cmp.Or(r.Meeting.Number, r.Number) }

// Request reads a request inside the transaction. On PostgreSQL the row is
// locked until the transaction ends; SQLite has only one writer anyway.
func (tx *Tx) Request(ctx context.Context, id cancellation.ID) (Request, error) {
	query := `SELECT ` + requestColumns + ` FROM request WHERE id = $1`
	if tx.s.dialect == PostgreSQL {
		query += ` FOR UPDATE`
	}
	return scanRequest(tx.sql.QueryRowContext(ctx, query, id))
}

// Request reads a request. It returns [ErrNotFound] if there is none.
func (s *Store) Request(ctx context.Context, id cancellation.ID) (Request, error) {
	return scanRequest(s.reads.QueryRowContext(ctx, `SELECT `+requestColumns+` FROM request WHERE id = $1`, id))
}

// OpenCard returns the request whose card for this meeting waits in this
// channel, or was confirmed there and is being worked on, or [ErrNotFound].
func (tx *Tx) OpenCard(ctx context.Context, channel, meetingID string) (Request, error) {
	return scanRequest(tx.sql.QueryRowContext(ctx, `SELECT `+requestColumns+`
		FROM request WHERE channel = $1 AND meeting = $2 AND state IN ('asked', 'confirmed', 'calling')
		ORDER BY created_at DESC LIMIT 1`, channel, meetingID))
}

// Due returns at most limit ids of requests that wait for an answer and whose
// time is over.
func (s *Store) Due(ctx context.Context, limit int) ([]cancellation.ID, error) {
	rows, err := s.reads.QueryContext(ctx, `SELECT id FROM request
		WHERE state IN ('received', 'asked') AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, s.now().UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("due requests: %w", explain(err))
	}
	return collect(rows, func(rows *sql.Rows) (id cancellation.ID, err error) { return id, rows.Scan(&id) })
}

// A HistoryFilter narrows [Store.History]. The zero filter lets everything through.
type HistoryFilter struct {
	Person  string    // only what this Slack user asked for or owns
	Meeting string    // only this meeting's id or number, whichever was typed
	Since   time.Time // only what was asked since then
}

// History returns the newest limit requests that are over, newest first. What
// never had a card is not among them: a list to pick from, or a refusal. Nor is
// what was superseded, whose card went on for another request.
func (s *Store) History(ctx context.Context, f HistoryFilter, limit int) ([]cancellation.Request, error) {
	rows, err := s.reads.QueryContext(ctx, `SELECT `+requestColumns+` FROM request
		WHERE closed_at IS NOT NULL AND state <> 'superseded' AND created_at >= $1
			AND EXISTS (SELECT 1 FROM effect WHERE effect.request = request.id AND kind = $5 AND ended_at IS NOT NULL)
			AND ($2 = '' OR asker = $2 OR owner = $2)
			AND ($3 = '' OR meeting = $3 OR number = $3)
		ORDER BY created_at DESC LIMIT $4`, f.Since.UnixMilli(), f.Person, f.Meeting, limit, CardEffect)
	if err != nil {
		return nil, fmt.Errorf("history: %w", explain(err))
	}
	return collect(rows, func(rows *sql.Rows) (cancellation.Request, error) {
		r, err := scanRequest(rows)
		return r.Request, err
	})
}

// A scanner is a row to read: *sql.Row or *sql.Rows.
type scanner interface{ Scan(...any) error }

func scanRequest(row scanner) (Request, error) {
	var r Request
	var body string
	err := row.Scan(&r.version, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return Request{}, fmt.Errorf("request: %w", ErrNotFound)
	}
	if err != nil {
		return Request{}, fmt.Errorf("read request: %w", explain(err))
	}
	if err := json.Unmarshal([]byte(body), &r.Request); err != nil {
		return Request{}, fmt.Errorf("decode request: %w", err)
	}
	return r, nil
}

// collect reads all rows and closes them.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) (all []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Update reads a request, lets f change it, and saves it, in one transaction
// that nobody can come between. An error of f leaves everything as it was; f
// returns [ErrConflict] when the request is no longer in a state that it can
// change.
func (s *Store) Update(ctx context.Context, id cancellation.ID, f func(*Tx, *Request) error) (Request, error) {
	var r Request
	err := s.Do(ctx, func(tx *Tx) (err error) {
		if r, err = tx.Request(ctx, id); err != nil {
			return err
		}
		if err := f(tx, &r); err != nil {
			return err
		}
		return tx.Save(ctx, &r)
	})
	return r, err
}
