package wire

import (
	"cmp"
	"context"
	"sync"
)

// How lists are read.
const (
	PageSize    = 500 // the most that a list call returns
	maxPages    = 20  // where paging ends, whatever the service says
	pagesAtOnce = 4
)

// Part is one page of a list, with its rows as they are wanted.
type Part[T any] struct {
	Rows   []T
	Length int    // how many the service counts: some may have been unusable
	Limit  Number // the page's size, if the service said
	Total  Number // of the whole list
	Untold bool   // the answer says nothing about the list
}

// Parts are the pages of a list that could be read.
type Parts[T any] struct {
	Rows  []T
	Total Number
	More  bool  // there are, or may be, more
	Err   error // why a page is missing
}

// Pager reads the pages of one list. It wants Most rows (all if 0), in at most Pages
// calls (maxPages if 0) of Size rows each (PageSize if 0).
type Pager[T any] struct {
	Most, Pages, Size int
	Read              func(ctx context.Context, offset, limit int) (Part[T], error)
	Key               func(T) any // rows with the same key are the same row
}

// Turn reads the first page alone, because it says how many rows there are and how
// many the service returns per page, and then the others a few at a time. If one
// fails, no more are started, and what was read is returned with the reason in it.
// Only the first page's error is returned as an error.
//
// It stops early if a round brings nothing new: a service that ignores the offset
// would send the first page forever.
func (p Pager[T]) Turn(ctx context.Context) (Parts[T], error) {
	if p.Most <= 0 {
		p.Most = maxPages * PageSize
	}
	if p.Pages <= 0 || p.Pages > maxPages {
		p.Pages = maxPages
	}
	limit := min(p.Most, cmp.Or(p.Size, PageSize))
	first, err := p.Read(ctx, 0, limit)
	if err != nil {
		return Parts[T]{}, err
	}
	if first.Untold {
		return Parts[T]{More: true}, nil
	}
	got := Parts[T]{Total: first.Total}
	seen := map[any]bool{}
	got.add(first.Rows, seen, p.Key)
	if first.Limit.N > 0 {
		limit = min(limit, first.Limit.N)
	}
	step, offset, last, gap := first.Length, first.Length, first.Length, false
	for pages := p.Pages - 1; pages > 0 && len(got.Rows) < p.Most && !ended(got.Total, offset, last, limit); {
		n := p.round(got, offset, step, pages)
		round, errs := p.readRound(ctx, offset, step, limit, n)
		pages -= n
		before := len(got.Rows)
		for i, page := range round {
			if errs[i] != nil {
				got.Err = errs[i]
				continue
			}
			if page.Total.Set {
				gap = gap || page.Total.N < got.Total.N // what stood after it has moved up a row, perhaps onto a page that was read before
				got.Total = page.Total
			}
			got.add(page.Rows, seen, p.Key)
			offset += step
			last = page.Length
			gap = gap || page.Length < step && !ended(got.Total, offset-step+page.Length, page.Length, limit)
		}
		if got.Err != nil || len(got.Rows) == before {
			break
		}
	}
	got.More = got.Err != nil || gap || len(got.Rows) > p.Most || !ended(got.Total, offset, last, limit)
	got.Rows = got.Rows[:min(len(got.Rows), p.Most)]
	return got, nil //nolint:nilerr // a partial result is a result; got.Err says why it is partial
}

// round is how many pages to read at once: one if their number is unknown.
func (p Pager[T]) round(got Parts[T], offset, step, pages int) int {
	if !got.Total.Set {
		return 1
	}
	rows := min(got.Total.N-offset, p.Most-len(got.Rows))
	return min(pagesAtOnce, pages, max(1, (rows+step-1)/step))
}

func (p Pager[T]) readRound(ctx context.Context, offset, step, limit, n int) ([]Part[T], []error) {
	round, errs := make([]Part[T], n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { round[i], errs[i] = p.Read(ctx, offset+i*step, limit) })
	}
	all.Wait()
	return round, errs
}

// ended reports whether a list ends after so many rows: by the service's count, or
// else because the last page was not full.
func ended(total Number, offset, last, limit int) bool {
	if total.Set {
		return offset >= total.N
	}
	return last < limit
}

func (got *Parts[T]) add(rows []T, seen map[any]bool, key func(T) any) {
	for _, row := range rows {
		if k := key(row); !seen[k] {
			seen[k] = true
			got.Rows = append(got.Rows, row)
		}
	}
}
