package audit

import (
	"context"
	"fmt"

	"meetingbot/internal/store"
)

// checkRecord compares the database's own record of the last row, which is as new as row
// written or newer, with the trail.
func checkRecord(ctx context.Context, db *store.Store, written, stored int64, hash string) error {
	if stored < written {
		return fmt.Errorf("the trail ends at row %d, but the database's own record says row %d: that record was changed or deleted", written, stored)
	}
	if hash == "" { // SQLite, or an empty trail
		return nil
	}
	return db.Trail.Chain(ctx, stored, stored, func(r store.AuditRow) error {
		if r.Hash != hash {
			return fmt.Errorf("row %d is not the one that the database recorded as the last: one of the two was changed", r.Seq)
		}
		return nil
	})
}
