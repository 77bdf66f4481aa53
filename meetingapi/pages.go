package meetingapi

import (
	"cmp"
	"context"
	"sync"

	"meetingbot/meetingapi/internal/wire"
)

const (
	pageSize    = 500 // the most that a list call returns
	maxPages    = 20  // where paging ends, whatever the service says
	pagesAtOnce = 4
)

// part is one page of a list. rows counts as the service does: some of them may have
// been unusable.
type part[T any] struct {
	rows   []T
	length int
	limit  wire.Number   // the page's size, if the service said
	total  Optional[int] // of the whole list
	untold bool          // the answer says nothing about the list
}

// parts are the pages of a list that could be read.
type parts[T any] struct {
	rows  []T
	total Optional[int]
	more  bool  // there are, or may be, more
	err   error // why a page is missing
}

// pager reads the pages of one list. It wants most rows (all if 0), in at most pages
// calls (maxPages if 0) of size rows each (pageSize if 0).
type pager[T any] struct {
	most, pages, size int
	read              func(ctx context.Context, offset, limit int) (part[T], error)
	key               func(T) any // rows with the same key are the same row
}

// turn reads the first page alone, because it says how many rows there are and how
// many the service returns per page, and then the others a few at a time. If one
// fails, no more are started, and what was read is returned with the reason in it.
// Only the first page's error is returned as an error.
//
// It stops early if a round brings nothing new: a service that ignores the offset
// would send the first page forever.
func (p pager[T]) turn(ctx context.Context) (parts[T], error) {
	if p.most <= 0 {
		p.most = maxPages * pageSize
	}
	if p.pages <= 0 || p.pages > maxPages {
		p.pages = maxPages
	}
	limit := min(p.most, cmp.Or(p.size, pageSize))
	first, err := p.read(ctx, 0, limit)
	if err != nil {
		return parts[T]{}, err
	}
	if first.untold {
		return parts[T]{more: true}, nil
	}
	got := parts[T]{total: first.total}
	seen := map[any]bool{}
	got.add(first.rows, seen, p.key)
	if first.limit.N > 0 {
		limit = min(limit, first.limit.N)
	}
	step, offset, last, gap := first.length, first.length, first.length, false
	for pages := p.pages - 1; pages > 0 && len(got.rows) < p.most && !ended(got.total, offset, last, limit); {
		n := p.round(got, offset, step, pages)
		round, errs := p.readRound(ctx, offset, step, limit, n)
		pages -= n
		before := len(got.rows)
		for i, page := range round {
			if errs[i] != nil {
				got.err = errs[i]
				continue
			}
			if page.total.known {
				got.total = page.total
			}
			got.add(page.rows, seen, p.key)
			offset += step
			last = page.length
			gap = gap || page.length < step && !ended(got.total, offset-step+page.length, page.length, limit)
		}
		if got.err != nil || len(got.rows) == before {
			break
		}
	}
	got.more = got.err != nil || gap || len(got.rows) > p.most || !ended(got.total, offset, last, limit)
	got.rows = got.rows[:min(len(got.rows), p.most)]
	return got, nil //nolint:nilerr // a partial result is a result; got.err says why it is partial
}

// round is how many pages to read at once: one if their number is unknown.
func (p pager[T]) round(got parts[T], offset, step, pages int) int {
	total, known := got.total.Get()
	if !known {
		return 1
	}
	rows := min(total-offset, p.most-len(got.rows))
	return min(pagesAtOnce, pages, max(1, (rows+step-1)/step))
}

func (p pager[T]) readRound(ctx context.Context, offset, step, limit, n int) ([]part[T], []error) {
	round, errs := make([]part[T], n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { round[i], errs[i] = p.read(ctx, offset+i*step, limit) })
	}
	all.Wait()
	return round, errs
}

// ended reports whether a list ends after so many rows: by the service's count, or
// else because the last page was not full.
func ended(total Optional[int], offset, last, limit int) bool {
	if n, known := total.Get(); known {
		return offset >= n
	}
	return last < limit
}

func (got *parts[T]) add(rows []T, seen map[any]bool, key func(T) any) {
	for _, row := range rows {
		if k := key(row); !seen[k] {
			seen[k] = true
			got.rows = append(got.rows, row)
		}
	}
}
