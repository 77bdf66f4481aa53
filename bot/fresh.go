package bot

import (
	"context"
	"errors"
	"time"

	"meetingbot/internal/memo"
)

// The context says how old an answer about people and groups may be, because the caller who decides that is far from the
// look-up.
type (
	freshKey  struct{} // the oldest acceptable time of an answer
	strictKey struct{} // no falling back to an older answer
)

// FreshSince returns a context for look-ups of people and groups that ignore answers requested before since. If Slack
// doesn't answer within a second, or rejects the token, a look-up falls back to the cached answer. Look-ups with the same context
// share their answers.
func FreshSince(ctx context.Context, since time.Time) context.Context {
	return context.WithValue(ctx, freshKey{}, since)
}

// NoFallback returns a context in which FreshSince doesn't fall back to an older answer: the look-up fails instead.
func NoFallback(ctx context.Context) context.Context {
	return context.WithValue(ctx, strictKey{}, true)
}

// AnyAge returns a context without the effect of FreshSince: any cached answer will do.
func AnyAge(ctx context.Context) context.Context { return FreshSince(ctx, time.Time{}) }

// FreshnessOf returns the time given to FreshSince, or zero if any cached answer will do.
func FreshnessOf(ctx context.Context) time.Time {
	since, _ := ctx.Value(freshKey{}).(time.Time)
	return since
}

// freshTimeout is how long a look-up waits for Slack before it falls back to an older answer.
const freshTimeout = time.Second

// FreshTimeout returns how long a look-up waits before it falls back to a cached answer. It is zero if ctx allows no fallback,
// or accepts any cached answer to begin with.
func FreshTimeout(ctx context.Context) time.Duration {
	if FreshnessOf(ctx).IsZero() || ctx.Value(strictKey{}) != nil {
		return 0
	}
	return freshTimeout
}

// lookUp gets the answer of a method from m, as fresh as ctx asks. Its error is an *Error.
func lookUp[K ~string, V any](ctx context.Context, m *memo.Memo[K, V], method string, key K, load func(context.Context) (V, error)) (V, error) {
	inconclusive := func(err error) bool { // it says nothing about the person or group
		err = classify(method, err, true)
		return Temporary(err) || errors.Is(err, ErrCredentials)
	}
	v, err := m.GetSince(ctx, key, FreshnessOf(ctx), FreshTimeout(ctx), inconclusive, load)
	return v, classify(method, err, true)
}
