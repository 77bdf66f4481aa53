package store

import (
	"context"
	"fmt"

	"meetingbot/internal/database"
)

// Head returns the position and hash of the newest row of the trail, or 0 and ""
// if there is none. A head kept elsewhere proves later that the trail was not cut
// off.
func (t Trail) Head(ctx context.Context) (seq int64, hash string, err error) {
	err = t.db.Query(ctx, `SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`, func(row Row) error { return row.Scan(&seq, &hash) })
	return seq, hash, wrap("head of the audit trail", err)
}

// Last returns the position of the newest row that the database remembers
// storing, which it keeps apart from the rows. It is higher than [Trail.Head]'s
// if somebody cut off the trail but forgot to change it.
func (t Trail) Last(ctx context.Context) (seq int64, err error) {
	query := `SELECT seq FROM sqlite_sequence WHERE name = 'audit'`
	if t.db.Dialect() == database.PostgreSQL {
		query = `SELECT seq FROM audit_head`
	}
	err = t.db.Query(ctx, query, func(row Row) error { return row.Scan(&seq) })
	return seq, wrap("last audit row", err)
}

// Chain calls f for every row of the trail between two positions, in order,
// until f returns an error; 0 means the end. It reads in pages, as [Trail.Read]
// does.
func (t Trail) Chain(ctx context.Context, from, to int64, f func(AuditRow) error) error {
	for next := from; to == 0 || next <= to; {
		var page []AuditRow
		err := t.rows(ctx, func(row Row) error {
			var place int64
			r, err := scanAudit(row, &place)
			page = append(page, r)
			return err
		}, `SELECT audit.seq, `+auditColumns+` FROM audit WHERE audit.seq >= $1 AND ($2 = 0 OR audit.seq <= $2) ORDER BY audit.seq LIMIT $3`,
			next, to, auditPage)
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
		next = page[len(page)-1].Seq + 1
	}
	return nil
}
