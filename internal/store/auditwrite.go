package store

import (
	"context"
	"math"
	"strings"

	"meetingbot/internal/database"
)

// Audit adds rows to the trail, in this order. They are written when the transaction
// commits, all in one statement and with the transaction's time.
func (tx *Tx) Audit(_ context.Context, rows ...AuditRow) error {
	tx.rows = append(tx.rows, rows...)
	return nil
}

// writeAudit writes the rows that the transaction has collected. It comes last, because
// from here to the commit no other transaction can write any.
func (tx *Tx) writeAudit(ctx context.Context) error {
	if len(tx.rows) == 0 {
		return nil
	}
	links := make([]link, len(tx.rows))
	for i, row := range tx.rows {
		row.At = fromMillis(millis(tx.Now()))
		links[i] = linkOf(row)
	}
	write := tx.appendSQLite
	if tx.Dialect() == database.PostgreSQL {
		write = tx.appendPostgreSQL
	}
	return wrap("audit", write(ctx, links))
}

// appendSQLite links the rows in this process, which on SQLite is the only writer.
func (tx *Tx) appendSQLite(ctx context.Context, links []link) error {
	end, err := tx.head(ctx)
	if err != nil {
		return err
	}
	var values []string
	var args []any
	for i := range links {
		l := &links[i]
		end = l.join(end)
		values = append(values, `(`+bind[any](&args, l.Seq, l.Prev, l.Hash, l.At.UnixMilli())+`, `+bind(&args, l.texts()...)+`)`)
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit (seq, prev, hash, at, request, event, actor, meeting, detail, private, salt, digest)
		VALUES `+strings.Join(values, `, `), args...)
	if err == nil {
		tx.Carry(end)
	}
	return err
}

// head returns the end of the chain as the transaction sees it.
func (tx *Tx) head(ctx context.Context) (head, error) {
	if end, ok := tx.Carried().(head); ok {
		return end, nil
	}
	return headBefore(ctx, tx, math.MaxInt64)
}

// texts returns the stored values of a row, except its time and its position in the chain.
func (l *link) texts() []string {
	private := ""
	if len(l.private) > 0 {
		private = encode(l.private)
	}
	return []string{string(l.Request), string(l.Event), l.Actor, l.Meeting, encode(l.public), private, l.Salt, l.Digest}
}

// appendPostgreSQL lets PostgreSQL link the rows, so that the end of the chain is locked
// only for one statement and the commit.
func (tx *Tx) appendPostgreSQL(ctx context.Context, links []link) error {
	var ats []int64
	var columns [9][]string // a row's texts, and the form that is hashed
	for i := range links {
		ats = append(ats, links[i].At.UnixMilli())
		for c, text := range append(links[i].texts(), links[i].content()) {
			columns[c] = append(columns[c], text)
		}
	}
	args := []any{ats}
	for _, column := range columns {
		args = append(args, column)
	}
	return tx.ExecLast(ctx, `SELECT audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, args...)
}
