package wire

import (
	"cmp"
	"context"
	"sync"
)

// How lists are read.
const (
	PageSize    = 500 // the most rows that a list call returns
	maxPages    = 20  // the most pages to read of one list
	pagesAtOnce = 4
)

// Part is one page of a list, with converted rows.
type Part[T any] struct {
	Rows   []T
	Length int    // the number of rows by the service's count, including malformed ones
	Limit  Number // the page size, if the service said
	Total  Number // of the whole list
	Silent bool   // the answer says nothing about the list
}

// Parts is the pages of a list that could be read.
type Parts[T any] struct {
	Rows  []T
	Total Number
	More  bool  // there are, or may be, more
	Err   error // why a page is missing
}

// Pager reads one list: up to Most rows (all if 0), in at most maxPages calls of Size
// rows each (PageSize if 0).
type Pager[T any] struct {
	Most, Size int
	Read       func(ctx context.Context, offset, limit int) (Part[T], error)
	Key        func(T) any // rows with the same key are the same row
}

// All reads the first page alone, because it has the total and the page size, and then
// the others a few at a time. If one fails, All stops and returns the pages read so far,
// with the reason in Parts.Err. Only the first page's error is returned as an error.
func (p Pager[T]) All(ctx context.Context) (Parts[T], error) {
	if p.Most <= 0 {
		p.Most = maxPages * PageSize
	}
	limit := min(p.Most, cmp.Or(p.Size, PageSize))
	first, err := p.Read(ctx, 0, limit)
	if err != nil {
		return Parts[T]{}, err
	}
	if first.Silent {
		return Parts[T]{More: true}, nil
	}
	if first.Limit.N > 0 {
		limit = min(limit, first.Limit.N)
	}
	r := listReader[T]{Pager: p, limit: limit, step: first.Length, seen: map[any]bool{}}
	r.add(first)
	r.rest(ctx)
	return r.got, nil
}

// listReader is a list that is being read.
type listReader[T any] struct {
	Pager[T]
	limit int // of rows per page
	step  int // between the offsets of two pages: the length of the first

	got    Parts[T]
	seen   map[any]bool // the keys of got.Rows
	offset int          // of the next page
	last   int          // the length of the last page read
	gap    bool         // a row may have been missed because it moved between pages
}

// rest reads the other pages. It stops early if a round brings nothing new: a service
// that ignores the offset would send the first page forever.
func (r *listReader[T]) rest(ctx context.Context) {
	for calls := maxPages - 1; calls > 0 && len(r.got.Rows) < r.Most && !r.ended(r.offset, r.last); {
		before, n := len(r.got.Rows), r.batchSize(calls)
		r.round(ctx, n)
		calls -= n
		if r.got.Err != nil {
			break
		}
		if len(r.got.Rows) == before {
			r.gap = r.gap || r.got.Total.N > before
			break
		}
	}
	r.got.More = r.got.Err != nil || r.gap || len(r.got.Rows) > r.Most || !r.ended(r.offset, r.last)
	r.got.Rows = r.got.Rows[:min(len(r.got.Rows), r.Most)]
}

// batchSize returns how many pages to read next: one if the total is unknown.
func (r *listReader[T]) batchSize(calls int) int {
	if !r.got.Total.Set {
		return 1
	}
	rows := min(r.got.Total.N-r.offset, r.Most-len(r.got.Rows))
	return min(pagesAtOnce, calls, max(1, (rows+r.step-1)/r.step))
}

func (r *listReader[T]) round(ctx context.Context, n int) {
	pages, errs := make([]Part[T], n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { pages[i], errs[i] = r.Read(ctx, r.offset+i*r.step, r.limit) })
	}
	all.Wait()
	for i, page := range pages {
		if errs[i] != nil {
			r.got.Err = errs[i]
			continue
		}
		r.add(page)
	}
}

func (r *listReader[T]) add(page Part[T]) {
	// A total that is less than the rows so far is wrong: there may be more pages.
	if page.Total.Set && page.Total.N >= r.offset+page.Length {
		// If a row has left the list, later rows have moved up, perhaps onto a page that
		// was already read.
		r.gap = r.gap || page.Total.N < r.got.Total.N
		r.got.Total = page.Total
	}
	for _, row := range page.Rows {
		if k := r.Key(row); !r.seen[k] {
			r.seen[k] = true
			r.got.Rows = append(r.got.Rows, row)
		}
	}
	r.gap = r.gap || page.Length < r.step && !r.ended(r.offset+page.Length, page.Length)
	r.offset += r.step
	r.last = page.Length
}

// ended reports whether the list ends at an offset: by the service's count, or else
// because the last page, of that length, was not full.
func (r *listReader[T]) ended(offset, length int) bool {
	if r.got.Total.Set {
		return offset >= r.got.Total.N
	}
	return length < r.limit
}
