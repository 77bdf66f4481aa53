package step

import "golang.org/x/sync/errgroup"

// eachAtOnce is how many meetings one run reads, or people it looks up or tells, at once.
const eachAtOnce = 4

// Each calls do with the index of each of n things, a few at a time, and waits for all.
func Each(n int, do func(i int)) {
	var g errgroup.Group
	g.SetLimit(eachAtOnce)
	for i := range n {
		g.Go(func() error { do(i); return nil })
	}
	_ = g.Wait()
}

// Map is Each for what has results: it returns those of do for each of all, in their order.
func Map[T, R any](all []T, do func(T) (R, error)) ([]R, []error) {
	results, errs := make([]R, len(all)), make([]error, len(all))
	Each(len(all), func(i int) { results[i], errs[i] = do(all[i]) })
	return results, errs
}
