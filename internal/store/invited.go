package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
)

// An Invitee is a person to be told that a meeting is cancelled: an effect with its
// own beginning and end. Email is empty once it has ended.
type Invitee struct {
	N       int    // position in the request's list
	Email   string // the address to find them in Slack
	Person  string // Slack user id, set once their message begins
	BegunAt time.Time
	Tries   int

	// Parts are the meetings that they were invited to, of a card with several. In the
	// list of one of these meetings: the card, once they stand in a list of the card's.
	Parts []cancellation.ID
}

// Begun reports whether a message may have been sent.
func (i Invitee) Begun() bool { return !i.BegunAt.IsZero() }

// invitedPortion is how many rows one statement inserts.
const invitedPortion = 200

// Invited are the people to be told.
type Invited struct{ from source }

// InvitedTx are the [Invited] in a transaction.
type InvitedTx struct {
	Invited
	tx *database.Tx
}

// AddEmails stores the addresses of the people to be told about a request.
func (p InvitedTx) AddEmails(ctx context.Context, request cancellation.ID, emails []string) error {
	all := make([]Invitee, len(emails))
	for i, email := range emails {
		all[i].Email = email
	}
	return p.Add(ctx, request, all)
}

// Add is AddEmails for a card with several meetings: it also stores which of them each
// person was invited to. Positions follow from the order.
func (p InvitedTx) Add(ctx context.Context, request cancellation.ID, all []Invitee) error {
	const columns = 4
	for first := 0; first < len(all); first += invitedPortion {
		var values []string
		var args []any
		for i, to := range all[first:min(first+invitedPortion, len(all))] {
			values = append(values, `(`+placeholders(len(args), columns)+`, '', 0, '')`)
			args = append(args, request, first+i, to.Email, joined(to.Parts))
		}
		_, err := p.tx.Exec(ctx, `INSERT INTO invited (request, n, email, parts, person, tries, result) VALUES `+strings.Join(values, `, `), args...)
		if err != nil {
			return fmt.Errorf("store invited people: %w", err)
		}
	}
	return nil
}

// List returns the people in a request's list whose addresses are stored, in order.
func (p Invited) List(ctx context.Context, request cancellation.ID) ([]Invitee, error) {
	all, err := collect(ctx, p.from, scanInvitee, inviteeColumns+`WHERE request = $1 AND email <> '' ORDER BY n`, request)
	return all, wrap("invited people", err)
}

// Mark records which people in a meeting's list are also in its card's list.
func (p InvitedTx) Mark(ctx context.Context, request, card cancellation.ID, people []Invitee) error {
	const fixed = 2
	for some := range slices.Chunk(people, invitedPortion) {
		args := []any{request, card}
		for _, i := range some {
			args = append(args, i.Email)
		}
		_, err := p.tx.Exec(ctx, `UPDATE invited SET parts = $2 WHERE request = $1 AND email IN (`+placeholders(fixed, len(some))+`)`, args...)
		if err != nil {
			return fmt.Errorf("mark invited people: %w", err)
		}
	}
	return nil
}

// Next returns the next person to be told about a request: the one tried least
// often, so that an unreachable person doesn't keep others waiting. If begun is true,
// only those are meant who may have a message already. It returns [ErrNotFound] if
// nobody is left.
func (p Invited) Next(ctx context.Context, request cancellation.ID, begun bool) (Invitee, error) {
	where := `WHERE request = $1 AND ended_at IS NULL`
	if begun {
		where += ` AND begun_at IS NOT NULL`
	}
	return one(ctx, "next invited person", p.from, scanInvitee, inviteeColumns+where+` ORDER BY tries, n LIMIT 1`, request)
}

const inviteeColumns = `SELECT n, email, person, begun_at, tries, parts FROM invited `

func scanInvitee(row Row) (Invitee, error) {
	var i Invitee
	var begun sql.NullInt64
	var parts string
	err := row.Scan(&i.N, &i.Email, &i.Person, &begun, &i.Tries, &parts)
	i.BegunAt, i.Parts = fromMillis(begun), split(parts)
	return i, err
}

// joined is how ids are stored in one column; split reads them.
func joined(ids []cancellation.ID) string {
	var all strings.Builder
	for _, id := range ids {
		all.WriteString(" " + string(id))
	}
	return strings.TrimSpace(all.String())
}

func split(ids string) (all []cancellation.ID) {
	for id := range strings.FieldsSeq(ids) {
		all = append(all, cancellation.ID(id))
	}
	return all
}

// Twice reports whether a message to a person began earlier under another of their
// addresses in a request's list, and which meetings of a card with several it was about.
func (p Invited) Twice(ctx context.Context, request cancellation.ID, i Invitee, person string) (twice bool, parts []cancellation.ID, err error) {
	before := i.BegunAt
	if !i.Begun() {
		before = p.from.Now().Add(turnWrong)
	}
	err = p.from.Query(ctx, `SELECT parts FROM invited WHERE request = $1 AND n <> $2 AND person = $3 AND begun_at < $4`, func(row Row) error {
		var some string
		err := row.Scan(&some)
		twice, parts = true, append(parts, split(some)...)
		return err
	}, request, i.N, person, before.UnixMilli())
	return twice, parts, wrap("invited person", err)
}

// Begin records that a message to a person is about to be sent, or, if
// person is empty, that looking them up failed this time.
func (p InvitedTx) Begin(ctx context.Context, request cancellation.ID, n int, person string) error {
	begun := sql.NullInt64{Int64: p.tx.Now().UnixMilli(), Valid: person != ""}
	_, err := p.tx.Exec(ctx, `UPDATE invited SET begun_at = coalesce(begun_at, $3), person = $4, tries = tries + 1
		WHERE request = $1 AND n = $2 AND ended_at IS NULL`, request, n, begun, person)
	return wrap("begin telling an invited person", err)
}

// End records how telling a person ended, who it was, if that is known, and forgets
// their address.
func (p InvitedTx) End(ctx context.Context, request cancellation.ID, n int, result, person string) error {
	_, err := p.tx.Exec(ctx, `UPDATE invited SET ended_at = $3, result = $4, email = '', person = CASE WHEN person = '' THEN $5 ELSE person END
		WHERE request = $1 AND n = $2 AND ended_at IS NULL`, request, n, p.tx.Now().UnixMilli(), result, person)
	return wrap("end telling an invited person", err)
}

// Results counts the results of telling the people in these lists so far.
func (p Invited) Results(ctx context.Context, lists ...cancellation.ID) (map[string]int, error) {
	results := map[string]int{}
	among, args := inLists(nil, lists)
	err := p.from.Query(ctx, `SELECT result, count(*) FROM invited WHERE ended_at IS NOT NULL AND `+among+` GROUP BY result`, func(row Row) error {
		var result string
		var n int
		err := row.Scan(&result, &n)
		results[result] = n
		return err
	}, args...)
	return results, wrap("count invited people", err)
}

// inLists is the condition that somebody is in one of these lists, after other arguments, and
// all arguments.
func inLists(args []any, lists []cancellation.ID) (string, []any) {
	among := `request IN (` + placeholders(len(args), len(lists)) + `)`
	for _, id := range lists {
		args = append(args, id)
	}
	return among, args
}

// People counts the people in several lists for whom telling ended with this result in
// any of them, each once.
func (p Invited) People(ctx context.Context, result string, lists ...cancellation.ID) (int, error) {
	among, args := inLists([]any{result}, lists)
	n, err := value[int](ctx, p.from, `SELECT count(DISTINCT person) FROM invited WHERE result = $1 AND person <> '' AND `+among, args...)
	return n, wrap("count invited people", err)
}

// Repeats counts the addresses in these lists that belong to somebody who is in the same
// one under another address.
func (p Invited) Repeats(ctx context.Context, lists ...cancellation.ID) (int, error) {
	among, args := inLists(nil, lists)
	n, err := value[int](ctx, p.from, `SELECT count(*) - count(DISTINCT request || ' ' || person) FROM invited WHERE person <> '' AND `+among, args...)
	return n, wrap("count invited people", err)
}

// Pending counts the people whose message has begun and not ended: each of them may
// have it.
func (p Invited) Pending(ctx context.Context, request cancellation.ID) (int, error) {
	n, err := value[int](ctx, p.from, `SELECT count(*) FROM invited WHERE request = $1 AND begun_at IS NOT NULL AND ended_at IS NULL`, request)
	return n, wrap("count invited people whose message has begun", err)
}

// Forget deletes lists of invited people.
func (p InvitedTx) Forget(ctx context.Context, lists ...cancellation.ID) error {
	among, args := inLists(nil, lists)
	_, err := p.tx.Exec(ctx, `DELETE FROM invited WHERE `+among, args...)
	return wrap("forget invited people", err)
}
