package store

import (
	"context"
	"strings"

	"meetingbot/internal/database"
)

// Audit adds lines to the trail, in this order. They are written when the
// transaction commits, all in one statement, with the transaction's time and in its
// place in the trail.
func (tx *Tx) Audit(_ context.Context, rows ...AuditRow) error {
	tx.lines = append(tx.lines, rows...)
	return nil
}

// writeAudit writes the lines that the transaction collected. It comes last, because
// from here to the commit nobody else can write any.
func (tx *Tx) writeAudit(ctx context.Context) error {
	if len(tx.lines) == 0 {
		return nil
	}
	links := make([]link, len(tx.lines))
	for i, row := range tx.lines {
		row.At = fromMillis(millis(tx.Now()))
		links[i] = linkOf(row)
	}
	write := tx.writeChainHere
	if tx.Dialect() == database.PostgreSQL {
		write = tx.writeChainThere
	}
	return wrap("audit", write(ctx, links))
}

// writeChainHere links the rows in this process, which on SQLite is the only
// writer.
func (tx *Tx) writeChainHere(ctx context.Context, links []link) error {
	end, err := tx.head(ctx)
	if err != nil {
		return err
	}
	var values []string
	var args []any
	for i := range links {
		l := &links[i]
		end = l.join(end)
		row, err := l.columns()
		if err != nil {
			return err
		}
		values = append(values, `(`+placeholders(len(args), len(row)+3)+`)`)
		args = append(args, l.Seq, l.Prev, l.Hash)
		args = append(args, row...)
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit (seq, prev, hash, at, request, event, actor, meeting, detail, private, salt, digest)
		VALUES `+strings.Join(values, `, `), args...)
	if err == nil {
		tx.Carry(end)
	}
	return err
}

// head is the end of the chain as the transaction sees it.
func (tx *Tx) head(ctx context.Context) (end head, err error) {
	if end, ok := tx.Carried().(head); ok {
		return end, nil
	}
	err = tx.Query(ctx, `SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`, func(row Row) error {
		return row.Scan(&end.seq, &end.hash)
	})
	return end, err
}

// columns are the stored values of a row, except its position in the chain.
func (l *link) columns() ([]any, error) {
	public, err := encode(l.public)
	if err != nil {
		return nil, err
	}
	private := ""
	if len(l.private) > 0 {
		if private, err = encode(l.private); err != nil {
			return nil, err
		}
	}
	return []any{l.At.UnixMilli(), string(l.Request), string(l.Event), l.Actor, l.Meeting, public, private, l.Salt, l.Digest}, nil
}

// writeChainThere has PostgreSQL link the rows, so that the end of the chain is
// locked only for one statement and the commit.
func (tx *Tx) writeChainThere(ctx context.Context, links []link) error {
	ats := make([]int64, len(links))
	texts := make([][]string, 9) // of each column except the time, and the forms
	for i := range texts {
		texts[i] = make([]string, len(links))
	}
	for i := range links {
		row, err := links[i].columns()
		if err != nil {
			return err
		}
		ats[i] = links[i].At.UnixMilli()
		for c, v := range row[1:] {
			texts[c][i] = v.(string) //nolint:forcetypeassert // columns makes them
		}
		texts[8][i] = links[i].content()
	}
	args := []any{ats}
	for _, t := range texts {
		args = append(args, t)
	}
	_, err := tx.Exec(ctx, `SELECT audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, args...)
	return err
}
