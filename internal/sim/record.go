package sim

import (
	"context"
	"errors"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// A record is the content of the database at the end of a schedule.
type record struct {
	requests map[string]store.Request
	audit    []store.AuditRow // restored, if KEEP is set
	trail    []store.AuditRow // as it is
	blanked  map[string]bool  // requests
	jobs     []string
	open     []string // envelopes not handled yet
	stored   []string // ids of all envelopes
	invited  []string // the lists of invited people that remain: request and result
}

// watchTakes is how late the watch of an open card may be. Its next job is always stored, so
// only an overdue one counts as left undone.
const watchTakes = 15 * time.Second

// read reads a database.
func (w *world) read(url string) record {
	r, err := w.tryRead(url)
	if err != nil {
		w.fail("harness", "read the database: %v", err)
	}
	return r
}

// tryRead reads a database that may not exist yet.
func (w *world) tryRead(url string) (r record, err error) {
	ctx := context.Background()
	r.requests = map[string]store.Request{}
	s, err := store.OpenReadOnly(ctx, url)
	if err != nil {
		return r, err
	}
	defer func() { _ = s.Close() }()
	var ids []cancellation.ID
	text := func(all *[]string) func(store.Row) error {
		return func(row store.Row) error {
			var a, b string
			err := row.Scan(&a, &b)
			*all = append(*all, a+" "+b)
			return err
		}
	}
	errs := []error{
		s.Query(ctx, `SELECT id FROM request ORDER BY created_at`, func(row store.Row) error {
			var id cancellation.ID
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		}),
		s.Query(ctx, `SELECT step, subject FROM job WHERE step <> 'watch' OR due_at < $1`, text(&r.jobs), w.serviceNow().Add(-watchTakes).UnixMilli()),
		s.Query(ctx, `SELECT request, result FROM invited`, text(&r.invited)),
		s.Query(ctx, `SELECT kind, id FROM envelope WHERE handled_at IS NULL`, text(&r.open)),
		s.Query(ctx, `SELECT id FROM envelope`, func(row store.Row) error {
			var id string
			err := row.Scan(&id)
			r.stored = append(r.stored, id)
			return err
		}),
		s.Trail.Read(ctx, store.AuditFilter{}, func(row store.AuditRow) error { r.audit = append(r.audit, row); return nil }),
	}
	for _, id := range ids {
		q, err := s.Requests.Get(ctx, id)
		errs = append(errs, err)
		r.requests[string(id)] = q
	}
	return r, errors.Join(errs...)
}
