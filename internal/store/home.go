package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
)

// A Home is the state of somebody's Home tab.
type Home struct {
	Person  string // Slack user id
	Team    string // the workspace they opened it in
	Channel string // of their direct messages with the bot; empty until Slack has said
	Wanted  int64  // counts requests to draw
	Drawn   int64  // the count that the last drawing covered; less than Wanted while a drawing is due
	Listed  []Listed
}

// A Listed is a meeting that has a button in Home.
type Listed struct {
	ID      cancellation.ID `json:"id"`      // opaque; the button's value
	Meeting string          `json:"meeting"` // the service's id
}

// OpenHome records that a person has opened their Home and that it must be drawn. It
// reports whether that needs a job, see [Tx.WantHome].
func (tx *Tx) OpenHome(ctx context.Context, person, team, channel string) (due bool, err error) {
	_, err = tx.Exec(ctx, `
		INSERT INTO home (person, team, channel, wanted, drawn, listed) VALUES ($1, $2, $3, 0, 0, '[]')
		ON CONFLICT (person) DO UPDATE SET team = excluded.team, channel = CASE excluded.channel WHEN '' THEN home.channel ELSE excluded.channel END`,
		person, team, channel)
	if err != nil {
		return false, fmt.Errorf("open home: %w", err)
	}
	return tx.WantHome(ctx, person)
}

// WantHome records that a person's Home must be drawn, if they ever opened it. It
// reports whether that needs a job: not while one is due, which will cover this
// request too.
func (tx *Tx) WantHome(ctx context.Context, person string) (due bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE home SET wanted = wanted + 1 WHERE person = $1`, person)
	if err != nil || n == 0 {
		return false, err
	}
	err = tx.Query(ctx, `SELECT 1 FROM home WHERE person = $1 AND drawn = wanted - 1`,
		func(Row) error { due = true; return nil }, person)
	if err != nil {
		return false, fmt.Errorf("want home: %w", err)
	}
	return due, nil
}

// ListHome stores what the buttons stand for in a Home that is about to be drawn.
func (tx *Tx) ListHome(ctx context.Context, person string, listed []Listed) error {
	text, err := json.Marshal(listed)
	if err != nil {
		return fmt.Errorf("encode home: %w", err)
	}
	if _, err := tx.Exec(ctx, `UPDATE home SET listed = $2 WHERE person = $1`, person, string(text)); err != nil {
		return fmt.Errorf("list home: %w", err)
	}
	return nil
}

// HomeDrawn records that a Home that covers so many requests was drawn or given up.
// It returns [ErrConflict] if there are more by now.
func (tx *Tx) HomeDrawn(ctx context.Context, person string, wanted int64) error {
	n, err := tx.Exec(ctx, `UPDATE home SET drawn = wanted WHERE person = $1 AND wanted = $2`, person, wanted)
	if err != nil {
		return fmt.Errorf("home drawn: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("home of %s: %w", person, ErrConflict)
	}
	return nil
}

// Home reads what is stored about a person's Home, or returns [ErrNotFound] if they
// have never opened it.
func (s *Store) Home(ctx context.Context, person string) (Home, error) {
	var h Home
	var listed string
	err := s.Query(ctx, `SELECT person, team, channel, wanted, drawn, listed FROM home WHERE person = $1`, func(row Row) error {
		return row.Scan(&h.Person, &h.Team, &h.Channel, &h.Wanted, &h.Drawn, &listed)
	}, person)
	if err == nil && h.Person == "" {
		err = ErrNotFound
	}
	if err == nil {
		err = json.Unmarshal([]byte(listed), &h.Listed)
	}
	if err != nil {
		return Home{}, fmt.Errorf("read home: %w", err)
	}
	return h, nil
}

// OpenQuestions returns at most limit requests whose card is waiting for an answer,
// latest first.
func (s *Store) OpenQuestions(ctx context.Context, limit int) ([]cancellation.Request, error) {
	return s.requests(ctx, `WHERE state = 'asked' AND parent = '' AND expires_at > $1 ORDER BY expires_at DESC LIMIT $2`,
		s.Now().UnixMilli(), limit)
}

// CancelledOf returns at most limit requests that removed something from an owner
// since the given time, latest first.
func (s *Store) CancelledOf(ctx context.Context, owner string, since time.Time, limit int) ([]cancellation.Request, error) {
	if owner == "" {
		return nil, errors.New("nobody's requests were asked for")
	}
	return s.requests(ctx, `WHERE owner = $1 AND owner <> '' AND closed_at >= $2 AND outcome IN ('cancelled', 'ended')
		ORDER BY closed_at DESC LIMIT $3`, owner, since.UnixMilli(), limit)
}

func (s *Store) requests(ctx context.Context, where string, args ...any) (all []cancellation.Request, err error) {
	err = s.Query(ctx, `SELECT `+requestColumns+` FROM request `+where, func(row Row) error {
		r, err := scanRequest(row)
		all = append(all, r.Request)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("requests: %w", err)
	}
	return all, nil
}
