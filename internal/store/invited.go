package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
)

// An Invited is a person to be told that a meeting is cancelled: an effect with its
// own beginning and end. Email is empty once it has ended.
type Invited struct {
	N       int    // position in the request's list
	Email   string // the address to find them in Slack
	Person  string // Slack user id, set once their message begins
	BegunAt time.Time
	Tries   int

	// Parts are the meetings that they were invited to, of a card with several.
	Parts []cancellation.ID
}

// Begun reports whether a message may have been sent.
func (i Invited) Begun() bool { return !i.BegunAt.IsZero() }

// invitedPortion is how many rows one statement inserts.
const invitedPortion = 200

// Invite stores the addresses of the people to be told about a request.
func (tx *Tx) Invite(ctx context.Context, request cancellation.ID, emails []string) error {
	all := make([]Invited, len(emails))
	for i, email := range emails {
		all[i].Email = email
	}
	return tx.InviteTo(ctx, request, all)
}

// InviteTo is [Tx.Invite] with the meetings of a card with several. Positions follow
// from the order.
func (tx *Tx) InviteTo(ctx context.Context, request cancellation.ID, all []Invited) error {
	const columns = 4
	for first := 0; first < len(all); first += invitedPortion {
		var values []string
		var args []any
		for i, to := range all[first:min(first+invitedPortion, len(all))] {
			values = append(values, `(`+placeholders(len(args), columns)+`, '', 0, '')`)
			args = append(args, request, first+i, to.Email, joined(to.Parts))
		}
		_, err := tx.Exec(ctx, `INSERT INTO invited (request, n, email, parts, person, tries, result) VALUES `+strings.Join(values, `, `), args...)
		if err != nil {
			return fmt.Errorf("store invited people: %w", err)
		}
	}
	return nil
}

func joined(ids []cancellation.ID) string {
	var all strings.Builder
	for _, id := range ids {
		all.WriteString(" " + string(id))
	}
	return strings.TrimSpace(all.String())
}

// InvitedTo returns the addresses that are stored of the people invited to a meeting,
// in order.
func (s *Store) InvitedTo(ctx context.Context, request cancellation.ID) ([]string, error) {
	emails, err := texts(ctx, s, `SELECT email FROM invited WHERE request = $1 AND email <> '' ORDER BY n`, request)
	if err != nil {
		return nil, fmt.Errorf("invited people: %w", err)
	}
	return emails, nil
}

// NextInvited returns the next person to be told about a request: the one tried least
// often, so that an unreachable person doesn't keep others waiting. It returns
// [ErrNotFound] if nobody is left.
func (s *Store) NextInvited(ctx context.Context, request cancellation.ID) (i Invited, err error) {
	found := false
	err = s.Query(ctx, `SELECT n, email, person, begun_at, tries, parts FROM invited
		WHERE request = $1 AND ended_at IS NULL ORDER BY tries, n LIMIT 1`, func(row Row) error {
		var begun sql.NullInt64
		var parts string
		err := row.Scan(&i.N, &i.Email, &i.Person, &begun, &i.Tries, &parts)
		i.BegunAt, found = fromMillis(begun), true
		for id := range strings.FieldsSeq(parts) {
			i.Parts = append(i.Parts, cancellation.ID(id))
		}
		return err
	}, request)
	switch {
	case err != nil:
		return Invited{}, fmt.Errorf("next invited person: %w", err)
	case !found:
		return Invited{}, fmt.Errorf("invited: %w", ErrNotFound)
	}
	return i, nil
}

// BeginInvited records that a message to a person is about to be sent, or, if
// person is empty, that looking them up failed this time. It returns [ErrDuplicate]
// if the same person is in the request's list twice.
func (tx *Tx) BeginInvited(ctx context.Context, request cancellation.ID, n int, person string) error {
	var twice bool
	err := tx.Query(ctx, `SELECT 1 FROM invited WHERE request = $1 AND n <> $2 AND person = $3 AND person <> ''`,
		func(Row) error { twice = true; return nil }, request, n, person)
	if err == nil && twice {
		return fmt.Errorf("invited: %w", ErrDuplicate)
	}
	begun := sql.NullInt64{Int64: tx.Now().UnixMilli(), Valid: person != ""}
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE invited SET begun_at = $3, person = $4, tries = tries + 1
			WHERE request = $1 AND n = $2 AND ended_at IS NULL`, request, n, begun, person)
	}
	if err != nil {
		return fmt.Errorf("begin telling an invited person: %w", err)
	}
	return nil
}

// EndInvited records how telling a person ended, and forgets their address.
func (tx *Tx) EndInvited(ctx context.Context, request cancellation.ID, n int, result string) error {
	_, err := tx.Exec(ctx, `UPDATE invited SET ended_at = $3, result = $4, email = ''
		WHERE request = $1 AND n = $2 AND ended_at IS NULL`, request, n, tx.Now().UnixMilli(), result)
	if err != nil {
		return fmt.Errorf("end telling an invited person: %w", err)
	}
	return nil
}

// InvitedResults counts the results of telling invited people so far.
func (s *Store) InvitedResults(ctx context.Context, request cancellation.ID) (map[string]int, error) {
	results := map[string]int{}
	err := s.Query(ctx, `SELECT result, count(*) FROM invited WHERE request = $1 AND ended_at IS NOT NULL GROUP BY result`, func(row Row) error {
		var result string
		var n int
		err := row.Scan(&result, &n)
		results[result] = n
		return err
	}, request)
	if err != nil {
		return nil, fmt.Errorf("count invited people: %w", err)
	}
	return results, nil
}

// ForgetInvited deletes the list of invited people.
func (tx *Tx) ForgetInvited(ctx context.Context, request cancellation.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM invited WHERE request = $1`, request); err != nil {
		return fmt.Errorf("forget invited people: %w", err)
	}
	return nil
}
