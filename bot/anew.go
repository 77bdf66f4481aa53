package bot

import (
	"context"
	"errors"
	"time"

	"meetingbot/internal/memo"
)

// anewPatience is how long a repeated look-up waits for Slack while there is an answer to fall back on.
const anewPatience = time.Second

type (
	anewKey   struct{}
	strictKey struct{}
)

// AnewSince returns a context whose look-ups of people and groups don't rely on answers asked for before that moment. If
// Slack can't answer within a second, or doesn't accept the token, the remembered answer has to do. Look-ups of the same
// context share their answers.
func AnewSince(ctx context.Context, since time.Time) context.Context {
	return context.WithValue(ctx, anewKey{}, since)
}

// Strictly returns a context in which no older answer does if Slack can't answer: the look-up fails.
func Strictly(ctx context.Context) context.Context { return context.WithValue(ctx, strictKey{}, true) }

// Patience returns how long a look-up may take while a remembered answer would do after all; zero if none would, or if any
// does anyway.
func Patience(ctx context.Context) time.Duration {
	if Since(ctx).IsZero() || ctx.Value(strictKey{}) != nil {
		return 0
	}
	return anewPatience
}

// Lately returns a context in which AnewSince does not count: what is remembered will do.
func Lately(ctx context.Context) context.Context {
	if Since(ctx).IsZero() {
		return ctx
	}
	return AnewSince(ctx, time.Time{})
}

// Since returns the moment given to AnewSince; zero if any remembered answer will do.
func Since(ctx context.Context) time.Time {
	since, _ := ctx.Value(anewKey{}).(time.Time)
	return since
}

// unasked reports whether a failed look-up says nothing about what was looked up: Slack did not answer, or wants another
// token first.
func unasked(err error) bool { return Temporary(err) || errors.Is(err, ErrCredentials) }

// lookUp asks m for an answer of the age that ctx wants.
func lookUp[K ~string, V any](ctx context.Context, m *memo.Memo[K, V], key K, load func(context.Context) (V, error)) (V, error) {
	excuses := func(err error) bool { return unasked(classify("", err, true)) }
	return m.GetSinceOr(ctx, key, Since(ctx), Patience(ctx), excuses, load)
}
