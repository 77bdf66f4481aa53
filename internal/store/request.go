package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"meetingbot/internal/cancellation"
)

// A Request is a stored request, with the version and the columns it was read with.
type Request struct {
	cancellation.Request
	version int32 // random, so that a version that was rolled back isn't used by another writer
	stored  []column
}

// Same reports whether two reads of a request returned the same version.
func (r Request) Same(other Request) bool { return r.ID == other.ID && r.version == other.version }

// Requests reads the requests, including finished ones.
type Requests struct{ from source }

// RequestsTx is [Requests] in a transaction.
type RequestsTx struct{ Requests }

// Insert stores a new request. It, or the transaction, returns [ErrDuplicate] if the request
// is asked and the channel already has an open card for the meeting, or if it is a question
// and the asker already has an open one about the meeting.
func (rs RequestsTx) Insert(ctx context.Context, r cancellation.Request) (Request, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return Request{}, fmt.Errorf("encode request: %w", err)
	}
	var args []any
	names, values := `id, version, body, parent, created_at`, bind[any](&args, r.ID, 1, string(body), r.Parent, r.CreatedAt.UnixMilli())
	stored := columnsOf(r)
	for _, c := range stored {
		names, values = names+`, `+c.name, values+`, `+bind(&args, c.value)
	}
	err = rs.from.tx.ExecLater(ctx, nil, `INSERT INTO request (`+names+`) VALUES (`+values+`)`, args...)
	return Request{Request: r, version: 1, stored: stored}, wrap("insert request", err)
}

// Save stores r if its version is unchanged, and gives it a new one. It returns
// [ErrConflict] if another writer has changed the request since: this one conditional
// update decides who was first.
func (rs RequestsTx) Save(ctx context.Context, r *Request) error {
	body, err := json.Marshal(r.Request)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	next := rand.Int32N(1 << 30) // older versions of the program count up from it
	set, args := `version = $3, body = $4`, []any{r.ID, r.version, next, string(body)}
	columns := columnsOf(r.Request)
	for _, c := range columns {
		if !slices.Contains(r.stored, c) { // SQLite rewrites the indexes on every column that is set, changed or not
			set += `, ` + c.name + ` = ` + bind(&args, c.value)
		}
	}
	n, err := rs.from.tx.Exec(ctx, `UPDATE request SET `+set+` WHERE id = $1 AND version = $2`, args...)
	if err = checkAffected("save request "+string(r.ID), n, err); err == nil {
		r.version, r.stored = next, columns
	}
	return err
}

// A column is one that requests are queried by and that may change.
type column struct {
	name  string
	value any // comparable
}

func columnsOf(r cancellation.Request) []column {
	return []column{
		{`asker`, r.Asker},
		{`channel`, r.Channel},
		{`blanked`, flag(cancellation.Blanked(r))},
		{`state`, r.State},
		{`outcome`, r.Outcome},
		{`meeting`, cardKey(r)},
		{`number`, cmp.Or(r.Meeting.Number, r.Number)}, // what people see; a room's number differs from the id of the meeting in it
		{`owner`, r.Owner.User},
		{`card_channel`, r.Card.Channel},
		{`shown`, flag(shown(r))},
		{`expires_at`, r.ExpiresAt.UnixMilli()},
		{`closed_at`, millis(r.ClosedAt)},
		{`addressee`, r.For},
	}
}

// meetingKey returns what identifies a meeting: the service's id, or what was typed while
// that is unknown.
func meetingKey(r cancellation.Request) string {
	if r.Meeting.ID != "" {
		return r.Meeting.ID
	}
	return r.Number
}

// shown reports whether the request had a card, or is part of one. Only then is it in the
// history. If Slack never answered the post, the first click says where the card is.
func shown(r cancellation.Request) bool {
	return r.Card.TS != "" || r.Effects[cancellation.CardEffect].Ended() || r.Parent != ""
}

// flag returns a bool as it is stored.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// cardKey returns the key that only one open card per channel may have: the meeting, or the
// request itself for a card with several meetings, which blocks no other card.
func cardKey(r cancellation.Request) string {
	if r.Batch != nil {
		return string(r.ID)
	}
	return meetingKey(r)
}
