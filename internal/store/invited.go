package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
)

// An Invitee is a person to tell that a meeting was cancelled. Each message is an effect
// with its own beginning and end. Email is empty once it has ended.
type Invitee struct {
	N       int    // position in the request's list
	Email   string // to find them in Slack
	Person  string // Slack user id, set when their message begins
	BegunAt time.Time
	Tries   int

	// Parts says, in a list of a card with several meetings, which of those this person was
	// invited to. In the list of a single part it holds the card once the person is also in
	// one of the card's lists.
	Parts []cancellation.ID
}

// Begun reports whether a message may have been sent.
func (i Invitee) Begun() bool { return !i.BegunAt.IsZero() }

// invitedBatch is how many rows one statement inserts or updates.
const invitedBatch = 200

// Invited reads the lists of invited people to tell.
type Invited struct{ from source }

// InvitedTx is [Invited] in a transaction.
type InvitedTx struct{ Invited }

// AddEmails stores the addresses of the people to tell about a request.
func (p InvitedTx) AddEmails(ctx context.Context, request cancellation.ID, emails []string) error {
	all := make([]Invitee, len(emails))
	for i, email := range emails {
		all[i].Email = email
	}
	return p.Add(ctx, request, all)
}

// Add is AddEmails for a card with several meetings: it also stores which of them each
// person was invited to. It numbers the people in the given order.
func (p InvitedTx) Add(ctx context.Context, request cancellation.ID, all []Invitee) error {
	for first := 0; first < len(all); first += invitedBatch {
		var values []string
		var args []any
		for i, to := range all[first:min(first+invitedBatch, len(all))] {
			values = append(values, `(`+bind[any](&args, request, first+i, to.Email, joinIDs(to.Parts))+`, '', 0, '')`)
		}
		_, err := p.from.tx.Exec(ctx, `INSERT INTO invited (request, n, email, parts, person, tries, result) VALUES `+strings.Join(values, `, `), args...)
		if err != nil {
			return fmt.Errorf("store invited people: %w", err)
		}
	}
	return nil
}

// List returns the people in a request's list whose addresses are stored, in order.
func (p Invited) List(ctx context.Context, request cancellation.ID) ([]Invitee, error) {
	all, err := queryAll(ctx, p.from, scanInvitee, inviteeColumns+`WHERE request = $1 AND email <> '' ORDER BY n`, request)
	return all, wrap("invited people", err)
}

// Mark records which people in a meeting's list are also in one of its card's lists.
func (p InvitedTx) Mark(ctx context.Context, request, card cancellation.ID, people []Invitee) error {
	for batch := range slices.Chunk(people, invitedBatch) {
		args, among := []any{request, card}, []string(nil)
		for _, i := range batch {
			among = append(among, bind(&args, i.Email))
		}
		_, err := p.from.tx.Exec(ctx, `UPDATE invited SET parts = $2 WHERE request = $1 AND email IN (`+strings.Join(among, `, `)+`)`, args...)
		if err != nil {
			return fmt.Errorf("mark invited people: %w", err)
		}
	}
	return nil
}

// Next returns the next person to tell about a request: the one with the fewest tries, so
// that an unreachable person doesn't hold up the others. If begun is true, it considers
// only people whose message has begun. It returns [ErrNotFound] if nobody is left.
func (p Invited) Next(ctx context.Context, request cancellation.ID, begun bool) (Invitee, error) {
	where := `WHERE request = $1 AND ended_at IS NULL`
	if begun {
		where += ` AND begun_at IS NOT NULL`
	}
	return queryOne(ctx, "next invited person", p.from, scanInvitee, inviteeColumns+where+` ORDER BY tries, n LIMIT 1`, request)
}

const inviteeColumns = `SELECT n, email, person, begun_at, tries, parts FROM invited `

func scanInvitee(row Row) (Invitee, error) {
	var i Invitee
	var begun sql.NullInt64
	var parts string
	err := row.Scan(&i.N, &i.Email, &i.Person, &begun, &i.Tries, &parts)
	i.BegunAt, i.Parts = fromMillis(begun), splitIDs(parts)
	return i, err
}

// joinIDs returns ids as they are stored in one column; splitIDs is its inverse.
func joinIDs(ids []cancellation.ID) string {
	var all strings.Builder
	for _, id := range ids {
		all.WriteString(" " + string(id))
	}
	return strings.TrimSpace(all.String())
}

func splitIDs(ids string) (all []cancellation.ID) {
	for id := range strings.FieldsSeq(ids) {
		all = append(all, cancellation.ID(id))
	}
	return all
}

// AlreadyBegun reports whether a message to a person has already begun under another of their
// addresses in a request's list, and which meetings of a card with several it is about.
func (p Invited) AlreadyBegun(ctx context.Context, request cancellation.ID, i Invitee, person string) (twice bool, parts []cancellation.ID, err error) {
	before := i.BegunAt
	if !i.Begun() {
		before = p.from.Now().Add(maxAhead)
	}
	err = p.from.Query(ctx, `SELECT parts FROM invited WHERE request = $1 AND n <> $2 AND person = $3 AND begun_at < $4`, func(row Row) error {
		var stored string
		err := row.Scan(&stored)
		twice, parts = true, append(parts, splitIDs(stored)...)
		return err
	}, request, i.N, person, before.UnixMilli())
	return twice, parts, wrap("invited person", err)
}

// Begin records that a message to a person is about to be sent, or, if person is empty,
// that looking them up has failed.
func (p InvitedTx) Begin(ctx context.Context, request cancellation.ID, n int, person string) error {
	begun := sql.NullInt64{Int64: p.from.tx.Now().UnixMilli(), Valid: person != ""}
	_, err := p.from.tx.Exec(ctx, `UPDATE invited SET begun_at = coalesce(begun_at, $3), person = $4, tries = tries + 1
		WHERE request = $1 AND n = $2 AND ended_at IS NULL`, request, n, begun, person)
	return wrap("begin telling an invited person", err)
}

// End records how telling a person ended and, if known, who it was. It deletes their
// address.
func (p InvitedTx) End(ctx context.Context, request cancellation.ID, n int, result, person string) error {
	_, err := p.from.tx.Exec(ctx, `UPDATE invited SET ended_at = $3, result = $4, email = '', person = CASE WHEN person = '' THEN $5 ELSE person END
		WHERE request = $1 AND n = $2 AND ended_at IS NULL`, request, n, p.from.tx.Now().UnixMilli(), result, person)
	return wrap("end telling an invited person", err)
}

// Results counts the results so far of telling the people in these lists.
func (p Invited) Results(ctx context.Context, lists ...cancellation.ID) (map[string]int, error) {
	results := map[string]int{}
	var args []any
	query := `SELECT result, count(*) FROM invited WHERE ended_at IS NOT NULL AND request IN (` + bind(&args, lists...) + `) GROUP BY result`
	err := p.from.Query(ctx, query, func(row Row) error {
		var result string
		var n int
		err := row.Scan(&result, &n)
		results[result] = n
		return err
	}, args...)
	return results, wrap("count invited people", err)
}

// People counts the people in these lists for whom telling ended with the given result.
// People in several lists count once.
func (p Invited) People(ctx context.Context, result string, lists ...cancellation.ID) (int, error) {
	args := []any{result}
	query := `SELECT count(DISTINCT person) FROM invited WHERE result = $1 AND person <> '' AND request IN (` + bind(&args, lists...) + `)`
	n, err := queryValue[int](ctx, p.from, query, args...)
	return n, wrap("count invited people", err)
}

// DuplicateCount counts the addresses in these lists whose person is already in the same list
// under another address.
func (p Invited) DuplicateCount(ctx context.Context, lists ...cancellation.ID) (int, error) {
	var args []any
	query := `SELECT count(*) - count(DISTINCT request || ' ' || person) FROM invited WHERE person <> '' AND request IN (` + bind(&args, lists...) + `)`
	n, err := queryValue[int](ctx, p.from, query, args...)
	return n, wrap("count invited people", err)
}

// Pending counts the people whose message has begun but not ended, and who may have got
// it.
func (p Invited) Pending(ctx context.Context, request cancellation.ID) (int, error) {
	n, err := queryValue[int](ctx, p.from, `SELECT count(*) FROM invited WHERE request = $1 AND begun_at IS NOT NULL AND ended_at IS NULL`, request)
	return n, wrap("count invited people whose message has begun", err)
}

// Forget deletes lists of invited people.
func (p InvitedTx) Forget(ctx context.Context, lists ...cancellation.ID) error {
	var args []any
	query := `DELETE FROM invited WHERE request IN (` + bind(&args, lists...) + `)`
	_, err := p.from.tx.Exec(ctx, query, args...)
	return wrap("forget invited people", err)
}
