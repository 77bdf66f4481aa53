package cancellation

import (
	"errors"
	"strings"
)

// A SecondPerson says when somebody other than the asker has to confirm.
type SecondPerson string

// The values of SECOND_PERSON. The zero SecondPerson means SecondNever.
const (
	SecondNever  SecondPerson = "never"
	SecondEnd    SecondPerson = "end"    // to end a running meeting
	SecondSeries SecondPerson = "series" // to cancel a whole series
	SecondAlways SecondPerson = "always"
)

// UnmarshalText reads a value in any letter case.
func (s *SecondPerson) UnmarshalText(text []byte) error {
	switch v := SecondPerson(strings.ToLower(string(text))); v {
	case SecondNever, SecondEnd, SecondSeries, SecondAlways:
		*s = v
		return nil
	}
	return errors.New("is none of never, end, series and always")
}

// Needs reports whether a second person has to confirm: running says that a
// running meeting would be ended, series that a whole series would go.
func (s SecondPerson) Needs(running, series bool) bool {
	switch s {
	case SecondAlways:
		return true
	case SecondEnd:
		return running
	case SecondSeries:
		return series
	case SecondNever:
	}
	return false
}
