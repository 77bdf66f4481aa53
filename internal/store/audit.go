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
	Meeting string // id or number
	User    string // Slack user id of anybody involved
	Request cancellation.ID
}

// AuditTrail calls f for every row that passes the filter, oldest first, until
// f returns an error. A filter by user finds all rows of the requests in which
// that user acted.
func (s *Store) AuditTrail(ctx context.Context, filter AuditFilter, f func(AuditRow) error) error {
	rows, err := s.reads.QueryContext(ctx, `
		SELECT seq, at, request, event, actor, meeting, detail FROM audit
		WHERE at >= $1 AND ($2 = '' OR meeting = $2) AND ($4 = '' OR request = $4)
			AND ($3 = '' OR request IN (SELECT request FROM audit WHERE actor = $3))
		ORDER BY seq`, filter.Since.UnixMilli(), filter.Meeting, filter.User, string(filter.Request))
	if err != nil {
		return fmt.Errorf("audit trail: %w", explain(err))
	}
	all, err := collect(rows, scanAudit)
	if err != nil {
		return fmt.Errorf("audit trail: %w", explain(err))
	}
	for _, row := range all {
		if err := f(row); err != nil {
			return err
		}
	}
	return nil
}

func scanAudit(rows *sql.Rows) (AuditRow, error) {
	var row AuditRow
	var at sql.NullInt64
	var detail string
	if err := rows.Scan(&row.Seq, &at, &row.Request, &row.Event, &row.Actor, &row.Meeting, &detail); err != nil {
		return AuditRow{}, err
	}
	row.At = fromMillis(at)
	return row, json.Unmarshal([]byte(detail), &row.Detail)
}
