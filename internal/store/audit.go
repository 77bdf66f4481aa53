package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
)

// An Event names a line of the audit trail.
type Event string

// The events of a request, in the order of its life.
const (
	EventRequested  Event = "requested"   // a command or a click asked for something
	EventRefused    Event = "refused"     // one of our rules said no
	EventAsked      Event = "asked"       // the card is being posted
	EventAskOwner   Event = "asked_owner" // the owner is being asked, because the asker may not cancel
	EventReason     Event = "reason"      // a reason was given on the card
	EventConfirmed  Event = "confirmed"   // the cancellation was confirmed
	EventDeclined   Event = "declined"    // the meeting is kept
	EventMuted      Event = "muted"       // the owner doesn't want to be asked by this person for a while
	EventUndone     Event = "undone"      // the confirmation was undone
	EventUndoLate   Event = "undo_late"   // someone tried to undo it while the call was under way, which then isn't repeated
	EventExpired    Event = "expired"     // nobody answered
	EventChanged    Event = "superseded"  // the meeting had changed; nothing was done
	EventCalling    Event = "calling"     // the destructive call is about to be sent
	EventCallFailed Event = "call_failed" // it was refused for now, or not answered
	EventSettled    Event = "done"        // the outcome
	EventReported   Event = "reported"    // the card or the thread was updated, and how
	EventNotified   Event = "notified"    // the owner was told, or why not
	EventInvited    Event = "invited"     // how many invited people were told
)

// The events of the trail itself.
const (
	EventChained Event = "chained" // how many rows there were when the chain began
	EventBlanked Event = "blanked" // old rows were blanked
)

// An AuditRow is one row of the audit trail. Rows are only ever added: the database
// itself refuses to change or delete one. Each row is chained to the one before it, see
// docs/audit.md.
type AuditRow struct {
	Seq     int64             `json:"seq"`
	At      time.Time         `json:"at"`
	Request cancellation.ID   `json:"request"`
	Event   Event             `json:"event"`
	Actor   string            `json:"actor"`   // Slack user id; empty for the bot itself, and once blanked
	Meeting string            `json:"meeting"` // the service's id, or what was typed while that is unknown
	Detail  map[string]string `json:"detail,omitempty"`

	Private []string `json:"private,omitempty"` // names of the details that KEEP blanks
	Salt    string   `json:"salt,omitempty"`    // of Digest; empty once the row is blanked, or if nothing in it is private
	Digest  string   `json:"digest,omitempty"`  // of the actor and the private details; empty if there are none
	Prev    string   `json:"prev"`              // the previous row's hash; empty for the first
	Hash    string   `json:"hash"`
}

// RequestRow returns an audit row about r for [Tx.Audit]. Details must not contain secrets or
// subjects.
func RequestRow(r cancellation.Request, e Event, actor string, detail map[string]string) AuditRow {
	return AuditRow{Request: r.ID, Event: e, Actor: actor, Meeting: meetingKey(r), Detail: detail}
}

// An AuditFilter narrows [Trail.Read]. The zero filter matches everything.
type AuditFilter struct {
	Since   time.Time
	Meeting string // the service's id, what was typed, or the number in the invitation
	User    string // Slack user id of a person who acted
	Request cancellation.ID
	// Whole returns each request with a matching row completely, its rows consecutive,
	// in the order of the first matching rows.
	Whole bool
}

// Pages of the trail, which may have to be filtered out of millions of rows.
const (
	auditPage = 500         // rows, or whole requests
	pageTime  = time.Minute // timeout for reading one
)

// Trail is the audit trail. A transaction adds to it with [Tx.Audit].
type Trail struct{ db *database.DB }

// Read calls f for every row that passes the filter, oldest first, until f returns an
// error. A filter by user or meeting matches all rows of the requests in which that user
// acted or that are about that meeting.
//
// The trail is read in pages: memory use does not grow with its length, and f may take its
// time, because nothing stays open or locked. Rows written before the end is reached are
// included.
func (t Trail) Read(ctx context.Context, filter AuditFilter, f func(AuditRow) error) error {
	query := `SELECT seq AS place, ` + auditColumns + ` FROM audit AS found WHERE ` + auditPasses + ` ORDER BY seq LIMIT $6`
	if filter.Whole {
		query = `
		SELECT place, ` + auditColumns + `
		FROM (SELECT seq AS place, request AS life FROM audit AS found WHERE ` + auditPasses + `
			AND NOT EXISTS (SELECT 1 FROM audit AS earlier WHERE earlier.request = found.request AND earlier.seq < found.seq AND earlier.at >= $1)
			ORDER BY seq LIMIT $6) AS lives
		JOIN audit ON request = life ORDER BY place, seq`
	}
	return t.pages(ctx, 0, f, func(after int64) []any {
		return []any{filter.Since.UnixMilli(), filter.Meeting, filter.User, string(filter.Request), after, auditPage}
	}, query)
}

// Chain calls f for every row from one position to another, in order, until f returns an
// error. If to is 0, it reads to the end. It reads in pages, like [Trail.Read].
func (t Trail) Chain(ctx context.Context, from, to int64, f func(AuditRow) error) error {
	return t.pages(ctx, from-1, f, func(after int64) []any { return []any{after, to, auditPage} },
		`SELECT seq AS place, `+auditColumns+` FROM audit WHERE seq > $1 AND ($2 = 0 OR seq <= $2) ORDER BY seq LIMIT $3`)
}

// pages calls f for the rows of a query, page by page. The query's first column is the
// position to continue after; args returns the arguments for the page after a position.
func (t Trail) pages(ctx context.Context, after int64, f func(AuditRow) error, args func(after int64) []any, query string) error {
	for {
		var page []AuditRow
		err := t.db.Search(ctx, pageTime, query, func(row Row) error {
			r, err := scanAudit(row, &after)
			page = append(page, r)
			return err
		}, args(after)...)
		if err != nil {
			return fmt.Errorf("audit trail: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		for _, row := range page {
			if err := f(row); err != nil {
				return err
			}
		}
	}
}

// Head returns the position and hash of the newest row of the trail, or 0 and "" if there
// is none. If you keep it elsewhere, it later proves that the trail was not truncated.
func (t Trail) Head(ctx context.Context) (seq int64, hash string, err error) {
	end, err := headBefore(ctx, t.db, math.MaxInt64)
	return end.seq, end.hash, err
}

// HashBefore returns the hash of the last row before a position, or "" if there is none.
func (t Trail) HashBefore(ctx context.Context, seq int64) (string, error) {
	end, err := headBefore(ctx, t.db, seq)
	return end.hash, err
}

// headBefore returns the end of the chain before a position.
func headBefore(ctx context.Context, from reader, seq int64) (end head, err error) {
	err = from.Query(ctx, `SELECT seq, hash FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT 1`, func(row Row) error {
		return row.Scan(&end.seq, &end.hash)
	}, seq)
	return end, wrap("head of the audit trail", err)
}

// Last returns the position of the newest row according to a record that the database
// keeps apart from the rows, and on PostgreSQL its hash. The position is higher than
// [Trail.Head]'s if the trail was truncated without changing the record, and never lower.
func (t Trail) Last(ctx context.Context) (seq int64, hash string, err error) {
	query := `SELECT seq, '' FROM sqlite_sequence WHERE name = 'audit'`
	if t.db.Dialect() == database.PostgreSQL {
		query = `SELECT seq, hash FROM audit_head`
	}
	err = t.db.Query(ctx, query, func(row Row) error { return row.Scan(&seq, &hash) })
	return seq, hash, wrap("last audit row", err)
}

// auditPasses is the condition for a row to pass the filter. Apart from the time, it is
// about the row's request.
const auditPasses = `seq > $5 AND at >= $1
	AND ($4 = '' OR request = $4 OR request IN (SELECT id FROM request WHERE parent = $4 AND parent <> ''))
	AND ($2 = '' OR request IN (SELECT request FROM audit WHERE meeting = $2
		UNION ALL SELECT id FROM request WHERE number = $2 AND number <> meeting))
	AND ($3 = '' OR EXISTS (SELECT 1 FROM audit WHERE audit.request = found.request AND actor = $3))`

// auditColumns are the columns of a row.
const auditColumns = `seq, at, request, event, actor, meeting, detail, private, salt, digest, prev, hash`

func scanAudit(from Row, place *int64) (AuditRow, error) {
	var row AuditRow
	var at sql.NullInt64
	var public, private string
	err := from.Scan(place, &row.Seq, &at, &row.Request, &row.Event, &row.Actor, &row.Meeting, &public, &private,
		&row.Salt, &row.Digest, &row.Prev, &row.Hash)
	if err != nil {
		return AuditRow{}, err
	}
	row.At = fromMillis(at)
	row.Detail = decode(public)
	privateDetail := decode(private)
	maps.Copy(row.Detail, privateDetail)
	row.Private = slices.Sorted(maps.Keys(privateDetail))
	return row, nil
}

// decode returns details that were stored by encode. Any other text becomes a detail without
// a name: the row doesn't match its hash then, and the rows around it can still be read.
func decode(text string) map[string]string {
	details := map[string]string{}
	if text == "" { // blanked, or nothing private
		return details
	}
	if err := json.Unmarshal([]byte(text), &details); err != nil || details == nil {
		return map[string]string{"": text}
	}
	return details
}
