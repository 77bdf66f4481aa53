package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
)

// A Request is a stored request and the version it was read at.
type Request struct {
	cancellation.Request
	version int64
}

// Same reports whether nobody has saved the request between two readings of it.
func (r Request) Same(other Request) bool { return r.ID == other.ID && r.version == other.version }

// Requests are the requests, finished ones too.
type Requests struct{ from source }

// RequestsTx are the [Requests] in a transaction.
type RequestsTx struct {
	Requests
	tx *database.Tx
}

// Insert stores a new request. It returns [ErrDuplicate] if the request is asked and
// there is another open card for the same meeting in the same channel, or if it is a
// question and the same person has another open one about the meeting.
func (rs RequestsTx) Insert(ctx context.Context, r cancellation.Request) (Request, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return Request{}, fmt.Errorf("encode request: %w", err)
	}
	_, err = rs.tx.Exec(ctx, `
		INSERT INTO request (id, version, state, outcome, asker, channel, meeting, number, owner, card_channel, shown, parent,
			created_at, expires_at, closed_at, body, addressee)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, r.State, r.Outcome, r.Asker, r.Channel, cardKey(r), shownNumber(r), r.Owner.User, r.Card.Channel, shown(r), r.Parent,
		r.CreatedAt.UnixMilli(), r.ExpiresAt.UnixMilli(), millis(r.ClosedAt), string(body), r.For)
	return Request{Request: r, version: 1}, wrap("insert request", err)
}

// Save stores r if its version is unchanged, and increments it. It returns
// [ErrConflict] if somebody else has changed the request since: this one
// conditional update decides who was first.
func (rs RequestsTx) Save(ctx context.Context, r *Request) error {
	body, err := json.Marshal(r.Request)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	n, err := rs.tx.Exec(ctx, `
		UPDATE request SET version = version + 1, state = $3, outcome = $4, meeting = $5, number = $6, owner = $7,
			card_channel = $8, shown = $9, expires_at = $10, closed_at = $11, body = $12, addressee = $13
		WHERE id = $1 AND version = $2`,
		r.ID, r.version, r.State, r.Outcome, cardKey(r.Request), shownNumber(r.Request), r.Owner.User,
		r.Card.Channel, shown(r.Request), r.ExpiresAt.UnixMilli(), millis(r.ClosedAt), string(body), r.For)
	if err = changed("save request "+string(r.ID), n, err); err == nil {
		r.version++
	}
	return err
}

// meetingKey is what identifies a meeting: the number people type, until the
// service's own id is known.
func meetingKey(r cancellation.Request) string {
	if r.Meeting.ID != "" {
		return r.Meeting.ID
	}
	return r.Number
}

// shownNumber is the number that people see: a room's number differs from the id of
// the meeting behind it.
func shownNumber(r cancellation.Request) string { return cmp.Or(r.Meeting.Number, r.Number) }

// shown is 1 if the request had a card, or is on another request's: only then is it
// part of the history.
func shown(r cancellation.Request) int {
	if r.Effects[cancellation.CardEffect].Ended() || r.Parent != "" {
		return 1
	}
	return 0
}

// cardKey is the meeting that can have only this open card. A card with several
// meetings blocks no other.
func cardKey(r cancellation.Request) string {
	if r.Batch != nil {
		return string(r.ID)
	}
	return meetingKey(r)
}
