package meetingapi

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// The service leaves fields out, sends null, and has changed types between
// versions. The types of this file take what they can get and never fail, so
// that one odd field does not hide a meeting.

// text is a string that may arrive as a number or a boolean.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch b[0] {
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = text(strings.TrimSpace(s))
	case '{', '[', 'n':
	default:
		*t = text(b)
	}
	return nil
}

// number is a whole number that may arrive as a string. set tells a 0 from
// nothing.
type number struct {
	n   int
	set bool
}

func (n *number) UnmarshalJSON(b []byte) error {
	*n = number{}
	f, err := strconv.ParseFloat(strings.Trim(string(b), `" `), 64)
	if err == nil && math.Abs(f) < 1<<53 {
		*n = number{int(f), true}
	}
	return nil
}

// flag is a boolean that may arrive as 0, 1 or a string.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(strings.Trim(string(b), `" `)) {
	case "true", "1", "y", "yes":
		*f = true
	default:
		*f = false
	}
	return nil
}

// list is an array; anything else is an empty one, and an element of a wrong
// type is left out.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	if b[0] != '[' {
		return nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	for _, r := range raw {
		var v T
		if json.Unmarshal(r, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

// object is a struct; anything else is its zero value, with set false.
type object[T any] struct {
	v   T
	set bool
}

func (o *object[T]) UnmarshalJSON(b []byte) error {
	*o = object[T]{}
	if b[0] == '{' && json.Unmarshal(b, &o.v) == nil {
		o.set = true
	}
	return nil
}

// utc reads a time of the service, which is UTC and says so nowhere; the
// longer forms were never documented and cost nothing. The zero time means
// that there was none.
func utc(s text) time.Time {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, string(s), time.UTC); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
