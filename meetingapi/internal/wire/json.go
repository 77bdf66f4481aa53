package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// The service leaves fields out, sends null, and has changed types between versions.
// The types in this file accept any JSON, so that one odd field doesn't hide a meeting.
// A value they can't read counts as left out.

// Text is a string that may arrive as a number or a boolean.
type Text string

// UnmarshalJSON takes what it can get.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch b[0] {
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = Text(strings.TrimSpace(s))
	case '{', '[', 'n':
	default:
		*t = Text(b)
	}
	return nil
}

// Number is a whole number that may arrive as a string. Set distinguishes 0 from a
// missing value.
type Number struct {
	N   int
	Set bool
}

// UnmarshalJSON takes what it can get.
func (n *Number) UnmarshalJSON(b []byte) error {
	*n = Number{}
	f, err := strconv.ParseFloat(strings.Trim(string(b), `" `), 64)
	if err == nil && math.Abs(f) < 1<<53 {
		*n = Number{int(f), true}
	}
	return nil
}

// Count returns n as a count, which can't be negative.
func (n Number) Count() Number {
	if n.N < 0 {
		return Number{}
	}
	return n
}

// Flag is a boolean that may arrive as 0, 1 or a string. Set distinguishes false from a
// missing or unreadable value.
type Flag struct{ On, Set bool }

// UnmarshalJSON takes what it can get.
func (f *Flag) UnmarshalJSON(b []byte) error {
	*f = Flag{}
	switch strings.ToLower(strings.Trim(string(b), `" `)) {
	case "true", "1", "y", "yes":
		*f = Flag{true, true}
	case "false", "0", "n", "no":
		*f = Flag{false, true}
	}
	return nil
}

// List is an array. Set distinguishes an empty one from a missing one. Odd counts the
// elements of a wrong type, which Rows omits.
type List[T any] struct {
	Rows []T
	Odd  int
	Set  bool
}

// UnmarshalJSON takes what it can get.
func (l *List[T]) UnmarshalJSON(b []byte) error {
	*l = List[T]{}
	if b[0] != '[' {
		return nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	l.Set = true
	for _, r := range raw {
		var v T
		if string(r) == "null" || json.Unmarshal(r, &v) != nil {
			l.Odd++
			continue
		}
		l.Rows = append(l.Rows, v)
	}
	return nil
}

// Object is a struct; anything else becomes its zero value.
type Object[T any] struct{ V T }

// UnmarshalJSON takes what it can get.
func (o *Object[T]) UnmarshalJSON(b []byte) error {
	*o = Object[T]{}
	if b[0] == '{' {
		_ = json.Unmarshal(b, &o.V) // never fails: its fields accept anything
	}
	return nil
}

// UTC parses a time, which is in UTC although nothing says so. Only the first format is
// documented; accepting the others costs nothing. It returns the zero time if t is not a
// time.
func (t Text) UTC() time.Time {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, string(t), time.UTC); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
