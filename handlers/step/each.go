package step

import "golang.org/x/sync/errgroup"

// eachAtOnce is how many meetings one run reads at once, or people it looks up or tells.
const eachAtOnce = 4

// Each calls do with 0 to n-1, a few at a time, and waits for all of them.
func Each(n int, do func(i int)) {
	var g errgroup.Group
	g.SetLimit(eachAtOnce)
	for i := range n {
		g.Go(func() error { do(i); return nil })
	}
	_ = g.Wait()
}

// Map calls do for each of all, a few at a time, and returns the results in order.
func Map[T, R any](all []T, do func(T) (R, error)) ([]R, []error) {
	results, errs := make([]R, len(all)), make([]error, len(all))
	Each(len(all), func(i int) { results[i], errs[i] = do(all[i]) })
	return results, errs
}
