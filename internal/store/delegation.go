package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
)

// The events of a delegation. Its id takes the place of a request's.
const (
	EventDelegated         Event = "delegated"          // who delegates to whom, until when; written again if the end is moved
	EventDelegationUsed    Event = "delegation_used"    // the receiver confirmed with it
	EventDelegationRevoked Event = "delegation_revoked" // revoked, or one of the two left
	EventDelegationExpired Event = "delegation_expired" // it expired
)

// DelegationLine returns an audit line about d for [Tx.Audit].
func DelegationLine(d cancellation.Delegation, e Event, actor string, detail map[string]string) AuditRow {
	all := map[string]string{"giver": d.Giver, "receiver": d.Receiver}
	for name, value := range detail {
		all[name] = value
	}
	return AuditRow{Request: d.ID, Event: e, Actor: actor, Detail: all}
}

const delegationColumns = `id, team, giver, receiver, given_at, until, ended_at`

// Delegate stores a delegation. If the giver already has one for the receiver, that
// one gets the new start and end and keeps its id. It returns the resulting
// delegation.
func (tx *Tx) Delegate(ctx context.Context, d cancellation.Delegation) (cancellation.Delegation, error) {
	_, err := tx.Exec(ctx, `
		INSERT INTO delegation (id, team, giver, receiver, given_at, until) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (giver, receiver) WHERE ended_at IS NULL DO UPDATE SET given_at = excluded.given_at, until = excluded.until`,
		d.ID, d.Team, d.Giver, d.Receiver, d.GivenAt.UnixMilli(), d.Until.UnixMilli())
	if err != nil {
		return cancellation.Delegation{}, fmt.Errorf("store delegation: %w", err)
	}
	return tx.DelegationTo(ctx, d.Giver, d.Receiver)
}

// EndDelegation ends a delegation at the time of the transaction. It returns
// [ErrConflict] if it has already ended or never existed.
func (tx *Tx) EndDelegation(ctx context.Context, id cancellation.ID) error {
	n, err := tx.Exec(ctx, `UPDATE delegation SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, id, tx.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("end delegation: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("end delegation %s: %w", id, ErrConflict)
	}
	return nil
}

// DelegationTo reads the delegation from one person to another, or returns
// [ErrNotFound]. On PostgreSQL it locks the row, so that revoking it waits for the
// end of the transaction. The caller checks whether it has expired.
func (tx *Tx) DelegationTo(ctx context.Context, giver, receiver string) (cancellation.Delegation, error) {
	query := standingBetween
	if tx.Dialect() == database.PostgreSQL {
		query += ` FOR UPDATE`
	}
	return oneDelegation(ctx, tx.Query, query, giver, receiver)
}

// DelegationTo reads the delegation from one person to another, or returns
// [ErrNotFound]. The caller checks whether it has expired.
func (s *Store) DelegationTo(ctx context.Context, giver, receiver string) (cancellation.Delegation, error) {
	return oneDelegation(ctx, s.Query, standingBetween, giver, receiver)
}

const standingBetween = `SELECT ` + delegationColumns + ` FROM delegation WHERE giver = $1 AND receiver = $2 AND ended_at IS NULL`

// Delegation reads a delegation, ended or not, or returns [ErrNotFound].
func (s *Store) Delegation(ctx context.Context, id cancellation.ID) (cancellation.Delegation, error) {
	return oneDelegation(ctx, s.Query, `SELECT `+delegationColumns+` FROM delegation WHERE id = $1`, id)
}

// Delegation is [Store.Delegation] inside the transaction. On PostgreSQL it locks the
// row, so that revoking it waits for the end of the transaction.
func (tx *Tx) Delegation(ctx context.Context, id cancellation.ID) (cancellation.Delegation, error) {
	query := `SELECT ` + delegationColumns + ` FROM delegation WHERE id = $1`
	if tx.Dialect() == database.PostgreSQL {
		query += ` FOR UPDATE`
	}
	return oneDelegation(ctx, tx.Query, query, id)
}

// DelegationsOf returns the delegations that a person has given and that have not
// ended, soonest end first.
func (s *Store) DelegationsOf(ctx context.Context, giver string) ([]cancellation.Delegation, error) {
	return s.delegations(ctx, `WHERE giver = $1 AND ended_at IS NULL ORDER BY until, id`, giver)
}

// StandingDelegations returns at most limit delegations that have not ended, in the
// (otherwise meaningless) order of their ids, starting after the given id.
func (s *Store) StandingDelegations(ctx context.Context, after cancellation.ID, limit int) ([]cancellation.Delegation, error) {
	return s.delegations(ctx, `WHERE ended_at IS NULL AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// DueDelegations returns at most limit delegations that have expired but have not
// been ended, if the operator limits delegations to longest.
func (s *Store) DueDelegations(ctx context.Context, longest time.Duration, limit int) ([]cancellation.Delegation, error) {
	now := s.Now()
	return s.delegations(ctx, `WHERE ended_at IS NULL AND (until <= $1 OR given_at <= $2) ORDER BY until LIMIT $3`,
		now.UnixMilli(), now.Add(-longest).UnixMilli(), limit)
}

func (s *Store) delegations(ctx context.Context, where string, args ...any) (all []cancellation.Delegation, err error) {
	err = s.Query(ctx, `SELECT `+delegationColumns+` FROM delegation `+where, func(row Row) error {
		d, err := scanDelegation(row)
		all = append(all, d)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("delegations: %w", err)
	}
	return all, nil
}

func oneDelegation(ctx context.Context, query func(context.Context, string, func(Row) error, ...any) error, text string, args ...any) (cancellation.Delegation, error) {
	var d cancellation.Delegation
	err := query(ctx, text, func(row Row) (err error) {
		d, err = scanDelegation(row)
		return err
	}, args...)
	if err != nil {
		return cancellation.Delegation{}, fmt.Errorf("read delegation: %w", err)
	}
	if d.ID == "" {
		return cancellation.Delegation{}, fmt.Errorf("delegation: %w", ErrNotFound)
	}
	return d, nil
}

func scanDelegation(row Row) (cancellation.Delegation, error) {
	var d cancellation.Delegation
	var given, until, ended sql.NullInt64
	err := row.Scan(&d.ID, &d.Team, &d.Giver, &d.Receiver, &given, &until, &ended)
	d.GivenAt, d.Until, d.EndedAt = fromMillis(given), fromMillis(until), fromMillis(ended)
	return d, err
}
