package step

import (
	"context"
	"time"

	"meetingbot/internal/background"
)

// A Promise is a reading started before it is needed, while the envelope that needs it is
// being stored. Reading changes nothing, so an unused promise is simply dropped.
type Promise[T any] struct {
	made chan struct{}
	got  T
	err  error
	at   time.Time // when it was read
}

// maxReadingAge is how old a reading may be for a call to rely on it. A busy queue, a
// suspended process or a slow look-up in between may make it older.
const maxReadingAge = 3 * time.Second

// Begin starts read in the background. It is canceled after LookUpTime or when in closes.
func Begin[T any](in *background.Group, read func(context.Context) (T, error)) *Promise[T] {
	p := &Promise[T]{made: make(chan struct{})}
	begun := in.Go(context.Background(), LookUpTime, func(ctx context.Context) { //nolint:forbidigo // outlives the hand-over that began it
		defer close(p.made)
		p.got, p.err = read(ctx)
		p.at = time.Now().Round(0)
	})
	if !begun {
		p.err = context.Canceled
		close(p.made)
	}
	return p
}

// Wait returns the result.
func (p *Promise[T]) Wait(ctx context.Context) (got T, err error) {
	select {
	case <-p.made: // a result that is there is returned even if ctx is done
	default:
		select {
		case <-p.made:
		case <-ctx.Done():
			return got, ctx.Err()
		}
	}
	return p.got, p.err
}

// Recent returns p, or nil if its reading is too old.
func (p *Promise[T]) Recent() *Promise[T] {
	if p == nil {
		return nil
	}
	select {
	case <-p.made:
		if time.Now().Round(0).Sub(p.at) > maxReadingAge { // wall clock: the monotonic one stops while the machine is suspended
			return nil
		}
	default:
	}
	return p
}

// Resolved returns a promise of something already read.
func Resolved[T any](got T, err error) *Promise[T] {
	p := &Promise[T]{made: make(chan struct{}), got: got, err: err, at: time.Now().Round(0)}
	close(p.made)
	return p
}
