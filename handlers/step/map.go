package step

import "golang.org/x/sync/errgroup"

// mapAtOnce is how many meetings one run reads at once, or people it looks up or tells.
const mapAtOnce = 4

// Map calls do for each of all, a few at a time, and returns the results in order.
func Map[T, R any](all []T, do func(T) (R, error)) ([]R, []error) {
	results, errs := make([]R, len(all)), make([]error, len(all))
	var g errgroup.Group
	g.SetLimit(mapAtOnce)
	for i, one := range all {
		g.Go(func() error { results[i], errs[i] = do(one); return nil })
	}
	_ = g.Wait()
	return results, errs
}
