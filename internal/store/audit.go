package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"meetingbot/internal/cancellation"
)

// An Event names a line of the audit trail.
type Event string

// The events of a request, in the order of its life.
const (
	EventRequested Event = "requested"  // who asked for what
	EventRefused   Event = "refused"    // a rule of ours said no
	EventAsked     Event = "asked"      // the card is being shown
	EventReason    Event = "reason"     // a reason was given on the card
	EventConfirmed Event = "confirmed"  // who pressed
	EventDeclined  Event = "declined"   // who chose to keep it
	EventUndone    Event = "undone"     // who took the confirmation back
	EventExpired   Event = "expired"    // nobody answered
	EventChanged   Event = "superseded" // the meeting had changed; nothing was done
	EventCalling   Event = "calling"    // the destructive call is about to be sent
	EventSettled   Event = "done"       // what came back
	EventReported  Event = "reported"   // the card and the thread were told, and how
	EventNotified  Event = "notified"   // the owner was told, or why not
)

// An AuditRow is a line of the audit trail. Rows are only ever added: the
// database itself refuses to change or delete one.
type AuditRow struct {
	Seq     int64             `json:"seq"`
	At      time.Time         `json:"at"`
	Request cancellation.ID   `json:"request"`
	Event   Event             `json:"event"`
	Actor   string            `json:"actor"`   // Slack user id; empty for the bot itself
	Meeting string            `json:"meeting"` // the service's id, or what was typed while that is unknown
	Detail  map[string]string `json:"detail,omitempty"`
}

// Audit adds a line about r. Details must hold no secret and no subject.
func (tx *Tx) Audit(ctx context.Context, r cancellation.Request, e Event, actor string, detail map[string]string) error {
	if detail == nil {
		detail = map[string]string{}
	}
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("encode audit row: %w", err)
	}
	_, err = tx.changed(ctx, `INSERT INTO audit (at, request, event, actor, meeting, detail) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.now.UnixMilli(), r.ID, e, actor, meetingKey(r), string(text))
	if err != nil {
		return fmt.Errorf("audit: %w", explain(err))
	}
	return nil
}

// An AuditFilter narrows [Store.AuditTrail]. The zero filter lets everything through.
type AuditFilter struct {
	Since   time.Time
	Meeting string // the service's id, what was typed, or the number that the invitation shows
	User    string // Slack user id of anybody involved
	Request cancellation.ID
	// Whole is every request that has a row that passes, from its beginning and in
	// one piece, in the order in which those rows came.
	Whole bool
}

// auditPage is how many rows, or whole requests, are read at a time.
const auditPage = 500

// AuditTrail calls f for every row that passes the filter, oldest first, until
// f returns an error. A filter by user or by meeting finds all rows of the
// requests in which that user acted or which are about that meeting.
//
// The trail is read in pages: it needs no more memory however long it is, and
// f may take its time, since nothing is open or locked meanwhile. Rows that are
// written before the end is reached are read as well.
func (s *Store) AuditTrail(ctx context.Context, filter AuditFilter, f func(AuditRow) error) error {
	for last := int64(0); ; {
		page, next, err := s.auditPage(ctx, filter, last)
		if err != nil {
			return fmt.Errorf("audit trail: %w", explain(err))
		}
		if len(page) == 0 {
			return nil
		}
		for _, row := range page {
			if err := f(row); err != nil {
				return err
			}
		}
		last = next
	}
}

// auditPage reads the next page after the one that ended at a row, and says at
// which row it ends itself.
func (s *Store) auditPage(ctx context.Context, filter AuditFilter, after int64) (page []AuditRow, end int64, err error) {
	query := `
		SELECT seq, seq AS place, at, request, event, actor, meeting, detail FROM audit AS found WHERE ` + auditPasses + `
		ORDER BY seq LIMIT $6`
	if filter.Whole {
		query = `
		SELECT audit.seq, place, at, audit.request, event, actor, meeting, detail
		FROM (SELECT seq AS place, request FROM audit AS found WHERE ` + auditPasses + `
			AND NOT EXISTS (SELECT 1 FROM audit AS earlier WHERE earlier.request = found.request AND earlier.seq < found.seq AND earlier.at >= $1)
			ORDER BY seq LIMIT $6) AS life
		JOIN audit ON audit.request = life.request ORDER BY place, audit.seq`
	}
	rows, err := s.reads.QueryContext(ctx, query,
		filter.Since.UnixMilli(), filter.Meeting, filter.User, string(filter.Request), after, auditPage)
	if err != nil {
		return nil, 0, err
	}
	page, err = collect(rows, func(rows *sql.Rows) (AuditRow, error) { return scanAudit(rows, &end) })
	return page, end, err
}

// auditPasses is the condition for a row to pass the filter. All of it but the
// time is about the row's request.
const auditPasses = `seq > $5 AND at >= $1 AND ($4 = '' OR request = $4)
	AND ($2 = '' OR request IN (SELECT request FROM audit WHERE meeting = $2
		UNION ALL SELECT id FROM request WHERE number = $2 AND number <> meeting))
	AND ($3 = '' OR EXISTS (SELECT 1 FROM audit WHERE audit.request = found.request AND actor = $3))`

func scanAudit(rows *sql.Rows, place *int64) (AuditRow, error) {
	var row AuditRow
	var at sql.NullInt64
	var detail string
	if err := rows.Scan(&row.Seq, place, &at, &row.Request, &row.Event, &row.Actor, &row.Meeting, &detail); err != nil {
		return AuditRow{}, err
	}
	row.At = fromMillis(at)
	return row, json.Unmarshal([]byte(detail), &row.Detail)
}
