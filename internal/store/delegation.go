package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"time"

	"meetingbot/internal/cancellation"
)

// The events of a delegation. Its id takes the place of a request's.
const (
	EventDelegated         Event = "delegated"          // who delegates to whom, until when; written again if the end is moved
	EventDelegationUsed    Event = "delegation_used"    // the receiver confirmed with it
	EventDelegationRevoked Event = "delegation_revoked" // revoked, or one of the two left
	EventDelegationExpired Event = "delegation_expired" // its time was up
)

// DelegationRow returns an audit row about d for [Tx.Audit].
func DelegationRow(d cancellation.Delegation, e Event, actor string, detail map[string]string) AuditRow {
	all := map[string]string{"giver": d.Giver, "receiver": d.Receiver}
	maps.Copy(all, detail)
	return AuditRow{Request: d.ID, Event: e, Actor: actor, Detail: all}
}

// clockSlack is how far apart two replicas' readings of the database's clock may be.
const clockSlack = time.Minute

// Delegations reads the delegations.
type Delegations struct{ from source }

// DelegationsTx is [Delegations] in a transaction.
type DelegationsTx struct{ Delegations }

// Give stores a delegation and returns it. If the receiver already has one from the
// giver, that one keeps its id and gets the new start and end.
func (d DelegationsTx) Give(ctx context.Context, given cancellation.Delegation) (cancellation.Delegation, error) {
	_, err := d.from.tx.Exec(ctx, `
		INSERT INTO delegation (id, team, giver, receiver, given_at, until) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (giver, receiver) WHERE ended_at IS NULL DO UPDATE SET given_at = excluded.given_at, until = excluded.until`,
		given.ID, given.Team, given.Giver, given.Receiver, given.GivenAt.UnixMilli(), given.Until.UnixMilli())
	if err != nil {
		return cancellation.Delegation{}, fmt.Errorf("store delegation: %w", err)
	}
	return d.Between(ctx, given.Giver, given.Receiver)
}

// End ends a delegation at the time of the transaction. It returns [ErrConflict] if
// it has already ended or never existed.
func (d DelegationsTx) End(ctx context.Context, id cancellation.ID) error {
	n, err := d.from.tx.Exec(ctx, `UPDATE delegation SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, id, d.from.tx.Now().UnixMilli())
	return checkAffected("end delegation "+string(id), n, err)
}

// Get returns a delegation, ended or not, or [ErrNotFound]. A transaction locks it, so that
// revoking it has to wait.
func (d Delegations) Get(ctx context.Context, id cancellation.ID) (cancellation.Delegation, error) {
	return d.one(ctx, `WHERE id = $1`+d.from.lock, id)
}

// Between returns the delegation from one person to another, or [ErrNotFound]. The caller
// must check whether it has expired. A transaction locks it, so that revoking it has to
// wait.
func (d Delegations) Between(ctx context.Context, giver, receiver string) (cancellation.Delegation, error) {
	return d.one(ctx, `WHERE giver = $1 AND receiver = $2 AND ended_at IS NULL`+d.from.lock, giver, receiver)
}

// RevokedSince reports whether a delegation from one person to another was revoked after the
// given time. One that lies ahead doesn't count: the clock has been set back since.
func (d Delegations) RevokedSince(ctx context.Context, giver, receiver string, after time.Time) (bool, error) {
	revoked, err := exists(ctx, d.from, `
		SELECT 1 FROM delegation WHERE giver = $1 AND receiver = $2 AND ended_at > $3 AND ended_at <= $4 AND ended_at < until LIMIT 1`,
		giver, receiver, after.UnixMilli(), d.from.Now().Add(clockSlack).UnixMilli())
	return revoked, wrap("revoked delegations", err)
}

// GivenBy returns the delegations that a person has given and that have not ended, the
// first to expire first.
func (d Delegations) GivenBy(ctx context.Context, giver string) ([]cancellation.Delegation, error) {
	return d.all(ctx, `WHERE giver = $1 AND ended_at IS NULL ORDER BY until, id`, giver)
}

// Active returns at most limit delegations that have not ended, ordered by id and
// starting after the given one, so that callers can page through them.
func (d Delegations) Active(ctx context.Context, after cancellation.ID, limit int) ([]cancellation.Delegation, error) {
	return d.all(ctx, `WHERE ended_at IS NULL AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// Due returns at most limit delegations that have expired but are not marked as ended.
// Longest is the operator's limit for delegations.
func (d Delegations) Due(ctx context.Context, longest time.Duration, limit int) ([]cancellation.Delegation, error) {
	now := d.from.Now()
	return d.all(ctx, `WHERE ended_at IS NULL AND (until <= $1 OR given_at <= $2) ORDER BY until LIMIT $3`,
		now.UnixMilli(), now.Add(-longest).UnixMilli(), limit)
}

func (d Delegations) all(ctx context.Context, where string, args ...any) ([]cancellation.Delegation, error) {
	all, err := queryAll(ctx, d.from, scanDelegation, `SELECT id, team, giver, receiver, given_at, until, ended_at FROM delegation `+where, args...)
	return all, wrap("read delegations", err)
}

func (d Delegations) one(ctx context.Context, where string, args ...any) (cancellation.Delegation, error) {
	all, err := d.all(ctx, where, args...)
	return first("delegation", all, err)
}

func scanDelegation(row Row) (cancellation.Delegation, error) {
	var d cancellation.Delegation
	var given, until, ended sql.NullInt64
	err := row.Scan(&d.ID, &d.Team, &d.Giver, &d.Receiver, &given, &until, &ended)
	d.GivenAt, d.Until, d.EndedAt = fromMillis(given), fromMillis(until), fromMillis(ended)
	return d, err
}
