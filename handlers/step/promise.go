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
	at   time.Time // when it was read
}

// justRead is how old a reading may be to count as made for the call that follows from it. A
// busy queue, a process that was suspended, or a look-up in between may make it older.
const justRead = 3 * time.Second

// Begin starts read in the background, bounded in time, and by the life of in.
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

// Wait returns the result. A nil promise reads now.
func (p *Promise[T]) Wait(ctx context.Context, read func(context.Context) (T, error)) (got T, err error) {
	if p == nil {
		return read(ctx)
	}
	select {
	case <-p.made: // what has been read counts, however little time is left
	default:
		select {
		case <-p.made:
		case <-ctx.Done():
			return got, ctx.Err()
		}
	}
	return p.got, p.err
}

// Recent is p, or nil if its reading was made too long ago: a nil promise reads now.
func (p *Promise[T]) Recent() *Promise[T] {
	if p == nil {
		return nil
	}
	select {
	case <-p.made:
		if time.Now().Round(0).Sub(p.at) > justRead { // by the wall clock: the monotonic one stops while a machine is suspended
			return nil
		}
	default:
	}
	return p
}

// Kept is a promise of something that has already been read.
func Kept[T any](got T, err error) *Promise[T] {
	p := &Promise[T]{made: make(chan struct{}), got: got, err: err, at: time.Now().Round(0)}
	close(p.made)
	return p
}
