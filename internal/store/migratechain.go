package store

import (
	"context"
	"fmt"
	"strconv"

	"meetingbot/internal/database"
)

// migrateChain chains the rows written before the trail was a chain, in batches, so that it
// can resume after a kill. They keep their positions, including gaps. The row after them
// says how many there were. From then on the chain protects them, but it can't prove that
// they weren't changed before.
func (s *Store) migrateChain(ctx context.Context) error {
	for {
		more, err := s.chainBatch(ctx)
		if err != nil {
			return fmt.Errorf("chain the audit trail: %w", err)
		}
		if !more {
			return nil
		}
	}
}

// chainBatch chains the next rows, and reports whether there may be more.
func (s *Store) chainBatch(ctx context.Context) (mayHaveMore bool, err error) {
	rows, err := s.unchained(ctx)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	return true, s.Do(ctx, func(tx *Tx) error {
		end, err := headBefore(ctx, tx, rows[0].Seq)
		if err != nil {
			return err
		}
		for _, r := range rows {
			l := linkOf(r)
			end = l.join(head{seq: r.Seq - 1, hash: end.hash})
			if err := tx.rewrite(ctx, l); err != nil {
				return err
			}
		}
		more, err := exists(ctx, tx, `SELECT 1 FROM audit WHERE hash = '' LIMIT 1`)
		if err != nil || more {
			return err
		}
		return tx.beginChain(ctx, end)
	})
}

// chainedAtOnce is how many rows are chained in one transaction: few enough for its time, even
// if each takes a round trip to a distant database.
const chainedAtOnce = 100

// unchained returns the first rows that have no hash.
func (s *Store) unchained(ctx context.Context) (rows []AuditRow, err error) {
	var place int64
	query := `SELECT seq AS place, ` + auditColumns + ` FROM audit WHERE hash = '' ORDER BY seq LIMIT $1`
	err = s.Search(ctx, pageTime, query, func(row Row) error {
		r, err := scanAudit(row, &place)
		rows = append(rows, r)
		return err
	}, chainedAtOnce)
	return rows, err
}

// rewrite stores the hash of a row that had none, and the columns that go with it.
func (tx *Tx) rewrite(ctx context.Context, l link) error {
	args := []any{l.Seq, l.Prev, l.Hash}
	for _, text := range l.texts()[2:] { // a row keeps its request and its event
		args = append(args, text)
	}
	_, err := tx.Exec(ctx, `UPDATE audit SET prev = $2, hash = $3, actor = $4, meeting = $5, detail = $6, private = $7, salt = $8, digest = $9
		WHERE seq = $1`, args...)
	return err
}

// beginChain adds the row that says how many rows came before it.
func (tx *Tx) beginChain(ctx context.Context, end head) error {
	n, err := queryValue[int64](ctx, tx, `SELECT count(*) FROM audit`)
	if err != nil {
		return err
	}
	if tx.Dialect() == database.PostgreSQL {
		if _, err := tx.Exec(ctx, `UPDATE audit_head SET seq = $1, hash = $2`, end.seq, end.hash); err != nil {
			return err
		}
	}
	return tx.Audit(ctx, AuditRow{Event: EventChained, Detail: map[string]string{"rows": strconv.FormatInt(n, 10)}})
}
