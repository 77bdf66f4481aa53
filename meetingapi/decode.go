package meetingapi

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// The service leaves fields out, sends null, and has changed types between versions.
// The types in this file take what they can get and never fail, so that one odd field
// doesn't hide a meeting. They don't make anything up: what they can't read counts as
// left out.

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

// number is a whole number that may arrive as a string. set distinguishes 0 from
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

// count is the number as a count of people or rows.
func (n number) count() Optional[int] { return Optional[int]{max(n.n, 0), n.set && n.n >= 0} }

// flag is a boolean that may arrive as 0, 1 or a string. set distinguishes false from
// nothing, and from a word that is neither.
type flag struct{ on, set bool }

func (f *flag) UnmarshalJSON(b []byte) error {
	*f = flag{}
	switch strings.ToLower(strings.Trim(string(b), `" `)) {
	case "true", "1", "y", "yes":
		*f = flag{true, true}
	case "false", "0", "n", "no":
		*f = flag{false, true}
	}
	return nil
}

func (f flag) optional() Optional[bool] { return Optional[bool]{f.on, f.set} }

// list is an array. set distinguishes an empty one from none, and odd counts elements
// of a wrong type, which rows doesn't have.
type list[T any] struct {
	rows []T
	odd  int
	set  bool
}

func (l *list[T]) UnmarshalJSON(b []byte) error {
	*l = list[T]{}
	if b[0] != '[' {
		return nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	l.set = true
	for _, r := range raw {
		var v T
		if string(r) == "null" || json.Unmarshal(r, &v) != nil {
			l.odd++
			continue
		}
		l.rows = append(l.rows, v)
	}
	return nil
}

// object is a struct; anything else becomes its zero value, with set false.
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

// utc reads a time of the service, which is in UTC although nothing says so. The
// longer formats were never documented, but accepting them costs nothing. The zero
// time means that there was none.
func utc(s text) time.Time {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, string(s), time.UTC); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
