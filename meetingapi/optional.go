package meetingapi

import (
	"fmt"

	"meetingbot/meetingapi/internal/wire"
)

// Optional is a value that the service may leave out of an answer. A value that is not
// known is not the same as 0, "no" or "none"; Get makes the caller handle both cases.
// The zero value is not known.
type Optional[T any] struct {
	value T
	known bool
}

// Known returns an Optional with a value, for tests of code that takes meetings.
func Known[T any](value T) Optional[T] { return Optional[T]{value, true} }

// Get returns the value and whether it is known.
func (o Optional[T]) Get() (value T, known bool) { return o.value, o.known }

// Or returns the value, or fallback if it isn't known.
func (o Optional[T]) Or(fallback T) T {
	if o.known {
		return o.value
	}
	return fallback
}

// String returns the value as fmt prints it, or "not known".
func (o Optional[T]) String() string {
	if !o.known {
		return "not known"
	}
	return fmt.Sprint(o.value)
}

func count(n wire.Number) Optional[int] { return Optional[int]{n.Count().N, n.Count().Set} }

func flag(f wire.Flag) Optional[bool] { return Optional[bool]{f.On, f.Set} }
