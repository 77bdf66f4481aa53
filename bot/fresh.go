package bot

import (
	"context"
	"errors"
	"time"

	"meetingbot/internal/memo"
)

// How old an answer about people and groups may be travels in the context, because the caller who decides something with it
// is far from the look-up.
type (
	freshKey  struct{} // the moment since which an answer counts
	strictKey struct{} // no older answer does instead
)

// FreshSince returns a context whose look-ups of people and groups don't rely on answers asked for before that moment. If
// Slack can't answer within a second, or doesn't accept the token, the remembered answer has to do. Look-ups of the same
// context share their answers.
func FreshSince(ctx context.Context, since time.Time) context.Context {
	return context.WithValue(ctx, freshKey{}, since)
}

// FreshOnly returns a context in which no older answer does if Slack can't answer: the look-up fails.
func FreshOnly(ctx context.Context) context.Context { return context.WithValue(ctx, strictKey{}, true) }

// AnyAge returns a context in which FreshSince does not count: what is remembered will do.
func AnyAge(ctx context.Context) context.Context { return FreshSince(ctx, time.Time{}) }

// Since returns the moment given to FreshSince; zero if any remembered answer will do.
func Since(ctx context.Context) time.Time {
	since, _ := ctx.Value(freshKey{}).(time.Time)
	return since
}

// patienceForFresh is how long a look-up waits for Slack while there is an older answer to fall back on.
const patienceForFresh = time.Second

// Patience returns how long a look-up may take while a remembered answer would do after all; zero if none would, or if any
// does anyway.
func Patience(ctx context.Context) time.Duration {
	if Since(ctx).IsZero() || ctx.Value(strictKey{}) != nil {
		return 0
	}
	return patienceForFresh
}

// lookUp asks m for an answer of the age that ctx wants.
func lookUp[K ~string, V any](ctx context.Context, m *memo.Memo[K, V], key K, load func(context.Context) (V, error)) (V, error) {
	excuses := func(err error) bool { return inconclusive(classify("", err, true)) }
	return m.GetSince(ctx, key, Since(ctx), Patience(ctx), excuses, load)
}

// inconclusive reports whether a failed look-up says nothing about what was looked up: Slack did not answer, or wants another
// token first.
func inconclusive(err error) bool { return Temporary(err) || errors.Is(err, ErrCredentials) }
