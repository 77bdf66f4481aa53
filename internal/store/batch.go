package store

import (
	"context"
	"fmt"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
)

// Parts returns the requests that are parts of another, in the order of their ids.
func (s *Store) Parts(ctx context.Context, parent cancellation.ID) ([]Request, error) {
	return parts(ctx, s.Query, `SELECT `+requestColumns+` FROM request WHERE parent = $1 AND parent <> '' ORDER BY id`, parent)
}

// Parts is [Store.Parts] inside the transaction; on PostgreSQL the rows are locked
// until it ends.
func (tx *Tx) Parts(ctx context.Context, parent cancellation.ID) ([]Request, error) {
	query := `SELECT ` + requestColumns + ` FROM request WHERE parent = $1 AND parent <> '' ORDER BY id`
	if tx.Dialect() == database.PostgreSQL {
		query += ` FOR UPDATE`
	}
	return parts(ctx, tx.Query, query, parent)
}

func parts(ctx context.Context, query func(context.Context, string, func(Row) error, ...any) error, text string, parent cancellation.ID) (all []Request, err error) {
	err = query(ctx, text, func(row Row) error {
		r, err := scanRequest(row)
		all = append(all, r)
		return err
	}, parent)
	if err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	return all, nil
}
