package store

import (
	"context"
	"encoding/json"
	"fmt"

	"meetingbot/internal/cancellation"
)

// A Home is the state of a person's Home tab.
type Home struct {
	Person  string // Slack user id
	Team    string // the workspace they opened it in
	Channel string // their direct messages with the bot; empty until Slack has told us
	Wanted  int64  // how often a draw was requested
	Drawn   int64  // the count that the last draw covered; less than Wanted while a draw is due
	Listed  []Listed
}

// A Listed is a meeting that has a button in Home.
type Listed struct {
	ID      cancellation.ID `json:"id"`      // opaque; the button's value
	Meeting string          `json:"meeting"` // the service's id
}

// Homes reads the Home tabs that have been opened.
type Homes struct{ from source }

// HomesTx is [Homes] in a transaction.
type HomesTx struct{ Homes }

// Open records that a person has opened their Home, which must be drawn. It reports whether
// that needs a new job, see [HomesTx.Want].
func (h HomesTx) Open(ctx context.Context, person, team, channel string) (due bool, err error) {
	_, err = h.from.tx.Exec(ctx, `
		INSERT INTO home (person, team, channel, wanted, drawn, listed) VALUES ($1, $2, $3, 0, 0, '[]')
		ON CONFLICT (person) DO UPDATE SET team = excluded.team, channel = CASE excluded.channel WHEN '' THEN home.channel ELSE excluded.channel END`,
		person, team, channel)
	if err != nil {
		return false, fmt.Errorf("open home: %w", err)
	}
	return h.Want(ctx, person)
}

// Want records that a person's Home must be drawn, if they have ever opened it. It reports
// whether that needs a new job: it doesn't while a draw is due, which will cover this
// request, too.
func (h HomesTx) Want(ctx context.Context, person string) (due bool, err error) {
	n, err := h.from.tx.Exec(ctx, `UPDATE home SET wanted = wanted + 1 WHERE person = $1`, person)
	if err != nil || n == 0 {
		return false, wrap("want home", err)
	}
	due, err = exists(ctx, h.from.tx, `SELECT 1 FROM home WHERE person = $1 AND drawn = wanted - 1`, person)
	return due, wrap("want home", err)
}

// List stores what the buttons mean in a Home that is about to be drawn.
func (h HomesTx) List(ctx context.Context, person string, listed []Listed) error {
	text, _ := json.Marshal(listed) // can't fail for strings
	_, err := h.from.tx.Exec(ctx, `UPDATE home SET listed = $2 WHERE person = $1`, person, string(text))
	return wrap("list home", err)
}

// Drawn records that a draw covered the given count of requests, or that it was given up.
// It returns [ErrConflict] if there have been more requests since.
func (h HomesTx) Drawn(ctx context.Context, person string, wanted int64) error {
	n, err := h.from.tx.Exec(ctx, `UPDATE home SET drawn = wanted WHERE person = $1 AND wanted = $2`, person, wanted)
	return checkAffected("home drawn", n, err)
}

// Get returns a person's Home, or [ErrNotFound] if they have never opened it.
func (h Homes) Get(ctx context.Context, person string) (Home, error) {
	return queryOne(ctx, "read home", h.from, scanHome, `SELECT person, team, channel, wanted, drawn, listed FROM home WHERE person = $1`, person)
}

func scanHome(row Row) (Home, error) {
	var h Home
	var listed string
	if err := row.Scan(&h.Person, &h.Team, &h.Channel, &h.Wanted, &h.Drawn, &listed); err != nil {
		return Home{}, err
	}
	return h, json.Unmarshal([]byte(listed), &h.Listed)
}
