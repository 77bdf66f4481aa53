package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
)

// A Request is a stored request and the version it was read at.
type Request struct {
	cancellation.Request
	version int64
}

const requestColumns = `version, body`

// Insert stores a new request. It returns [ErrDuplicate] if the request is asked and
// there is another open card for the same meeting in the same channel, or if it is a
// question and the same person has another open one about the meeting.
func (tx *Tx) Insert(ctx context.Context, r cancellation.Request) (Request, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return Request{}, fmt.Errorf("encode request: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO request (id, version, state, outcome, asker, channel, meeting, number, owner, card_channel, shown, parent,
			created_at, expires_at, closed_at, body, addressee)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, r.State, r.Outcome, r.Asker, r.Channel, cardKey(r), shownNumber(r), r.Owner.User, r.Card.Channel, shown(r), r.Parent,
		r.CreatedAt.UnixMilli(), r.ExpiresAt.UnixMilli(), millis(r.ClosedAt), string(body), r.For)
	if err != nil {
		return Request{}, fmt.Errorf("insert request: %w", err)
	}
	return Request{Request: r, version: 1}, nil
}

// Save stores r if its version is unchanged, and increments it. It returns
// [ErrConflict] if somebody else has changed the request since: this one
// conditional update decides who was first.
func (tx *Tx) Save(ctx context.Context, r *Request) error {
	body, err := json.Marshal(r.Request)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	n, err := tx.Exec(ctx, `
		UPDATE request SET version = version + 1, state = $3, outcome = $4, meeting = $5, number = $6, owner = $7,
			card_channel = $8, shown = $9, expires_at = $10, closed_at = $11, body = $12, addressee = $13
		WHERE id = $1 AND version = $2`,
		r.ID, r.version, r.State, r.Outcome, cardKey(r.Request), shownNumber(r.Request), r.Owner.User,
		r.Card.Channel, shown(r.Request), r.ExpiresAt.UnixMilli(), millis(r.ClosedAt), string(body), r.For)
	if err != nil {
		return fmt.Errorf("save request: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("save request %s: %w", r.ID, ErrConflict)
	}
	r.version++
	return nil
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

// Request reads a request inside the transaction. On PostgreSQL the row is
// locked until the transaction ends; SQLite has only one writer anyway. It returns
// [ErrNotFound] if there is none.
func (tx *Tx) Request(ctx context.Context, id cancellation.ID) (Request, error) {
	query := `SELECT ` + requestColumns + ` FROM request WHERE id = $1`
	if tx.Dialect() == database.PostgreSQL {
		query += ` FOR UPDATE`
	}
	return oneRequest(ctx, tx.Query, query, id)
}

// Request reads a request. It returns [ErrNotFound] if there is none.
func (s *Store) Request(ctx context.Context, id cancellation.ID) (Request, error) {
	return oneRequest(ctx, s.Query, `SELECT `+requestColumns+` FROM request WHERE id = $1`, id)
}

// OpenCard returns the request whose card for this meeting waits in this channel,
// or was confirmed there and is being worked on, or [ErrNotFound]. A card that fell
// back to a direct message doesn't count.
func (tx *Tx) OpenCard(ctx context.Context, channel, meetingID string) (Request, error) {
	return oneRequest(ctx, tx.Query, `SELECT `+requestColumns+`
		FROM request WHERE channel = $1 AND meeting = $2 AND state IN ('asked', 'confirmed', 'calling')
			AND (card_channel = '' OR card_channel = channel)
		ORDER BY created_at DESC LIMIT 1`, channel, meetingID)
}

// Due returns the ids of at most limit requests that wait for an answer and have
// expired, longest overdue first.
func (s *Store) Due(ctx context.Context, limit int) (ids []cancellation.ID, err error) {
	err = s.Query(ctx, `SELECT id FROM request
		WHERE state IN ('received', 'asked') AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, func(row Row) error {
		var id cancellation.ID
		if err := row.Scan(&id); err != nil {
			return err
		}
		ids = append(ids, id)
		return nil
	}, s.Now().UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("due requests: %w", err)
	}
	return ids, nil
}

// A HistoryFilter narrows [Store.History]. The zero filter lets everything through.
type HistoryFilter struct {
	Person  string    // only what this Slack user asked for or owns
	Meeting string    // only this meeting's id or number, whichever was typed
	Since   time.Time // only what was asked since then
}

// History returns the newest limit finished requests, newest first. Requests that
// never had a card are left out: a list to pick from, or a refusal. So are superseded
// ones, whose card went on to another request. The parts of a card with several
// meetings are hidden behind their card, unless asked for by their meeting, or by
// their owner, who need not see the rest.
func (s *Store) History(ctx context.Context, f HistoryFilter, limit int) (all []cancellation.Request, err error) {
	err = s.Query(ctx, `SELECT `+requestColumns+` FROM request
		WHERE closed_at IS NOT NULL AND state <> 'superseded' AND created_at >= $1 AND shown = 1
			AND ($2 = '' OR asker = $2 OR owner = $2)
			AND ($3 = '' OR meeting = $3 OR number = $3)
			AND (parent = '' OR $3 <> '' OR ($2 <> '' AND asker <> $2))
		ORDER BY created_at DESC LIMIT $4`, func(row Row) error {
		r, err := scanRequest(row)
		all = append(all, r.Request)
		return err
	}, f.Since.UnixMilli(), f.Person, f.Meeting, limit)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return all, nil
}

// oneRequest reads the one request that a query yields.
func oneRequest(ctx context.Context, query func(context.Context, string, func(Row) error, ...any) error, text string, args ...any) (Request, error) {
	r, found := Request{}, false
	err := query(ctx, text, func(row Row) (err error) {
		r, err = scanRequest(row)
		found = true
		return err
	}, args...)
	if err != nil {
		return Request{}, fmt.Errorf("read request: %w", err)
	}
	if !found {
		return Request{}, fmt.Errorf("request: %w", ErrNotFound)
	}
	return r, nil
}

func scanRequest(row Row) (Request, error) {
	var r Request
	var body string
	if err := row.Scan(&r.version, &body); err != nil {
		return Request{}, err
	}
	if err := json.Unmarshal([]byte(body), &r.Request); err != nil {
		return Request{}, fmt.Errorf("decode request: %w", err)
	}
	return r, nil
}

// Update reads a request, lets f change it, and saves it, all in one transaction. If
// f returns an error, nothing changes; f returns [ErrConflict] if the request is no
// longer in a state that it can change.
func (s *Store) Update(ctx context.Context, id cancellation.ID, f func(*Tx, *Request) error) (Request, error) {
	var r Request
	err := s.Do(ctx, func(tx *Tx) error {
		read, err := tx.Request(ctx, id)
		if err != nil {
			return err
		}
		if err := f(tx, &read); err != nil {
			return err
		}
		if err := tx.Save(ctx, &read); err != nil {
			return err
		}
		r = read
		return nil
	})
	if err != nil {
		return Request{}, err
	}
	return r, nil
}
