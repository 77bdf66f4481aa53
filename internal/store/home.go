package store

import (
	"context"
	"encoding/json"
	"fmt"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
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

// Homes are the Home tabs that somebody has opened.
type Homes struct{ from source }

// HomesTx are the [Homes] in a transaction.
type HomesTx struct {
	Homes
	tx *database.Tx
}

// Open records that a person has opened their Home and that it must be drawn. It
// reports whether that needs a job, see [HomesTx.Want].
func (h HomesTx) Open(ctx context.Context, person, team, channel string) (due bool, err error) {
	_, err = h.tx.Exec(ctx, `
		INSERT INTO home (person, team, channel, wanted, drawn, listed) VALUES ($1, $2, $3, 0, 0, '[]')
		ON CONFLICT (person) DO UPDATE SET team = excluded.team, channel = CASE excluded.channel WHEN '' THEN home.channel ELSE excluded.channel END`,
		person, team, channel)
	if err != nil {
		return false, fmt.Errorf("open home: %w", err)
	}
	return h.Want(ctx, person)
}

// Want records that a person's Home must be drawn, if they ever opened it. It
// reports whether that needs a job: not while one is due, which will cover this
// request too.
func (h HomesTx) Want(ctx context.Context, person string) (due bool, err error) {
	n, err := h.tx.Exec(ctx, `UPDATE home SET wanted = wanted + 1 WHERE person = $1`, person)
	if err != nil || n == 0 {
		return false, wrap("want home", err)
	}
	due, err = found(ctx, h.tx, `SELECT 1 FROM home WHERE person = $1 AND drawn = wanted - 1`, person)
	return due, wrap("want home", err)
}

// List stores what the buttons stand for in a Home that is about to be drawn.
func (h HomesTx) List(ctx context.Context, person string, listed []Listed) error {
	text, _ := json.Marshal(listed) // strings can't fail
	_, err := h.tx.Exec(ctx, `UPDATE home SET listed = $2 WHERE person = $1`, person, string(text))
	return wrap("list home", err)
}

// Drawn records that a Home that covers so many requests was drawn or given up.
// It returns [ErrConflict] if there are more by now.
func (h HomesTx) Drawn(ctx context.Context, person string, wanted int64) error {
	n, err := h.tx.Exec(ctx, `UPDATE home SET drawn = wanted WHERE person = $1 AND wanted = $2`, person, wanted)
	return changed("home drawn", n, err)
}

// Get reads what is stored about a person's Home, or returns [ErrNotFound] if they
// have never opened it.
func (h Homes) Get(ctx context.Context, person string) (Home, error) {
	return one(ctx, "read home", h.from, scanHome, `SELECT person, team, channel, wanted, drawn, listed FROM home WHERE person = $1`, person)
}

func scanHome(row Row) (Home, error) {
	var h Home
	var listed string
	if err := row.Scan(&h.Person, &h.Team, &h.Channel, &h.Wanted, &h.Drawn, &listed); err != nil {
		return Home{}, err
	}
	return h, json.Unmarshal([]byte(listed), &h.Listed)
}
