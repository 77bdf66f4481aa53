package store

import (
	"context"
	"database/sql"
	"time"

	"meetingbot/internal/cancellation"
)

// An Envelope is something a person did in Slack, as Slack delivered it. Its ack promises
// that we handle it. Body is emptied once it is handled, because it may hold a
// response_url.
type Envelope struct {
	ID      string          // Slack's envelope id; unique
	Key     string          // the event's own id, which stays the same if Slack resends it in another envelope; empty if it has none
	Kind    string          // what it is counted as, see [Envelopes.NthBefore]
	Person  string          // Slack user id
	Request cancellation.ID // what a click is about; empty for anything else
	Action  string          // the clicked button; empty for anything else
	Body    string
	At      time.Time // when the person did it, by the store's clock; zero means now
}

// Envelopes reads the envelopes of the last days.
type Envelopes struct{ from source }

// EnvelopesTx is [Envelopes] in a transaction.
type EnvelopesTx struct{ Envelopes }

// Receive stores an envelope. It, or the transaction, returns [ErrDuplicate] if the envelope,
// or another one with the same event, was stored before and has not been purged.
func (es EnvelopesTx) Receive(ctx context.Context, e Envelope) error {
	if e.At.IsZero() {
		e.At = es.from.tx.Now()
	}
	check := func(n int64, err error) error {
		if err == nil && n == 0 {
			err = ErrDuplicate
		}
		return wrap("store envelope "+e.ID, err)
	}
	return es.from.tx.ExecLater(ctx, check, `
		INSERT INTO envelope (id, event, kind, person, request, action, received_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		e.ID, e.Key, e.Kind, e.Person, e.Request, e.Action, e.At.UnixMilli(), e.Body)
}

// Get returns an envelope that has not been handled yet, or [ErrNotFound] if it has been
// handled or was never received.
func (es Envelopes) Get(ctx context.Context, id string) (Envelope, error) {
	return queryOne(ctx, "read envelope "+id, es.from, scanEnvelope, `
		SELECT id, event, kind, person, request, action, body, received_at FROM envelope WHERE id = $1 AND handled_at IS NULL`, id)
}

func scanEnvelope(row Row) (Envelope, error) {
	var e Envelope
	var at sql.NullInt64
	err := row.Scan(&e.ID, &e.Key, &e.Kind, &e.Person, &e.Request, &e.Action, &e.Body, &at)
	e.At = fromMillis(at)
	return e, err
}

// Handled marks an envelope as handled and deletes its body. Calling it again changes
// nothing.
func (es EnvelopesTx) Handled(ctx context.Context, id string) error {
	_, err := es.HandledHome(ctx, id)
	return err
}

// HandledHome is Handled. The first time, it also reports whether the envelope's person
// has ever opened their Home.
func (es EnvelopesTx) HandledHome(ctx context.Context, id string) (hasHome bool, err error) {
	hasHome, err = queryValue[bool](ctx, es.from.tx, `
		UPDATE envelope SET handled_at = $2, body = '' WHERE id = $1 AND handled_at IS NULL
		RETURNING EXISTS (SELECT 1 FROM home WHERE home.person = envelope.person)`, id, es.from.tx.Now().UnixMilli())
	return hasHome, wrap("mark envelope", err)
}

// Pending reports whether a click on a request, made before the given time, is stored but
// not handled yet. If actions are given, only clicks on those count.
func (es Envelopes) Pending(ctx context.Context, request cancellation.ID, madeBefore time.Time, actions ...string) (bool, error) {
	query := `SELECT 1 FROM envelope WHERE request = $1 AND request <> '' AND handled_at IS NULL AND received_at < $2`
	args := []any{request, madeBefore.UnixMilli()}
	if len(actions) > 0 {
		query += ` AND action IN (` + bind(&args, actions...) + `)`
	}
	pending, err := exists(ctx, es.from, query+` LIMIT 1`, args...)
	return pending, wrap("pending clicks", err)
}

// PendingOn returns the clicks on a request that are not handled yet, oldest first.
func (es Envelopes) PendingOn(ctx context.Context, request cancellation.ID) ([]Envelope, error) {
	clicks, err := queryAll(ctx, es.from, scanEnvelope, `
		SELECT id, event, kind, person, request, action, body, received_at FROM envelope
		WHERE request = $1 AND request <> '' AND handled_at IS NULL ORDER BY received_at, id`, request)
	return clicks, wrap("pending clicks", err)
}

// NthBefore returns the time of the nth envelope before e, counting only envelopes of e's
// kind from e's person after the given time. It returns the zero time if there are fewer.
func (es Envelopes) NthBefore(ctx context.Context, e Envelope, n int, after time.Time) (time.Time, error) {
	at, err := queryValue[sql.NullInt64](ctx, es.from, `
		SELECT received_at FROM envelope
		WHERE person = $1 AND kind = $2 AND received_at > $3 AND (received_at < $4 OR received_at = $4 AND id < $5)
		ORDER BY received_at DESC, id DESC LIMIT 1 OFFSET $6`,
		e.Person, e.Kind, after.UnixMilli(), e.At.UnixMilli(), e.ID, n-1)
	return fromMillis(at), wrap("count envelopes", err)
}

// Started records which request an envelope started.
func (es EnvelopesTx) Started(ctx context.Context, id string, request cancellation.ID) error {
	_, err := es.from.tx.Exec(ctx, `UPDATE envelope SET request = $2 WHERE id = $1`, id, request)
	return wrap("record what an envelope started", err)
}

// Refused records that a click does nothing. From now on it isn't [Envelopes.Pending] as a click on
// its button, though it has still to be handled.
func (es EnvelopesTx) Refused(ctx context.Context, id string) error {
	_, err := es.from.tx.Exec(ctx, `UPDATE envelope SET action = '' WHERE id = $1`, id)
	return wrap("refuse a click", err)
}

// Relabel changes an envelope's kind, once that is known better.
func (es EnvelopesTx) Relabel(ctx context.Context, id, kind string) error {
	_, err := es.from.tx.Exec(ctx, `UPDATE envelope SET kind = $2 WHERE id = $1`, id, kind)
	return wrap("relabel envelope", err)
}
