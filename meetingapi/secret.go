package meetingapi

import (
	"fmt"
	"io"
	"log/slog"
)

const dots = "••••••"

// Secret is a key, a password or a token. It prints as dots with every verb of fmt,
// in slog, in JSON and in text; string(s) is the only way to get its value, so you
// can search for that. The zero value is "no secret". Don't use it as the key of a
// map: encoding/json writes those as they are.
type Secret string

// String returns dots, never the value.
func (Secret) String() string { return dots }

// Format writes dots for every verb, including %x, %q and %#v.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, dots) }

// LogValue returns dots for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// MarshalText returns dots for every encoder, that of JSON among them.
func (Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }
