package step

import (
	"context"
	"time"

	"meetingbot/internal/background"
)

// A Promise is a reading that was started before it is needed: while the envelope that
// needs it is being stored. Reading changes nothing, so an unused promise is simply
// dropped.
type Promise[T any] struct {
	made chan struct{}
	got  T
	err  error
}

// Begin starts read in the background, bounded in time, and by the life of in.
func Begin[T any](in *background.Group, read func(context.Context) (T, error)) *Promise[T] {
	p := &Promise[T]{made: make(chan struct{})}
	begun := in.Go(context.Background(), LookUpTime, func(ctx context.Context) { //nolint:forbidigo // outlives the hand-over that began it
		defer close(p.made)
		p.got, p.err = read(ctx)
	})
	if !begun {
		p.err = context.Canceled
		close(p.made)
	}
	return p
}

// Wait returns the result. A nil promise reads now.
func (p *Promise[T]) Wait(ctx context.Context, read func(context.Context) (T, error)) (got T, err error) {
	if p == nil {
		return read(ctx)
	}
	select {
	case <-p.made:
		return p.got, p.err
	case <-ctx.Done():
		return got, ctx.Err()
	}
}

// Within reports whether the reading is done within d.
func (p *Promise[T]) Within(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.made:
		return true
	case <-t.C:
		return false
	}
}

// Kept is a promise of something that has already been read.
func Kept[T any](got T, err error) *Promise[T] {
	p := &Promise[T]{made: make(chan struct{}), got: got, err: err}
	close(p.made)
	return p
}
