package meetingapi

import (
	"fmt"
	"io"
	"log/slog"
)

const dots = "••••••"

// Secret is a key, a password or a token. It prints as dots with every verb of fmt,
// in slog, in JSON and in text; only the conversion string(s) returns its value, so
// uses are easy to find. Don't use it as the key of a map: encoding/json writes keys as
// they are.
type Secret string

// String returns dots, never the value.
func (Secret) String() string { return dots }

// Format writes dots for every verb, including %x, %q and %#v.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, dots) }

// LogValue returns dots for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// MarshalText returns dots for encoders, including JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }
