package meetingapi

import (
	"fmt"

	"meetingbot/meetingapi/internal/wire"
)

// Optional is something that the service may leave out of an answer. Then it is not
// known, which is not the same as 0, "no" or "none": Get makes the caller deal with
// both cases. The zero value is not known.
type Optional[T any] struct {
	value T
	known bool
}

// Known returns an Optional with a value, for tests of code that takes meetings.
func Known[T any](value T) Optional[T] { return Optional[T]{value, true} }

// Get returns the value and whether it is known.
func (o Optional[T]) Get() (value T, known bool) { return o.value, o.known }

// Or returns the value, or otherwise if it isn't known.
func (o Optional[T]) Or(otherwise T) T {
	if o.known {
		return o.value
	}
	return otherwise
}

// String returns the value as fmt prints it, or "not known".
func (o Optional[T]) String() string {
	if !o.known {
		return "not known"
	}
	return fmt.Sprint(o.value)
}

func count(n wire.Number) Optional[int] { return Optional[int]{n.Count().N, n.Count().Set} }

func yesNo(f wire.Flag) Optional[bool] { return Optional[bool]{f.On, f.Set} }
