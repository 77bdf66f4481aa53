package config

import (
	"fmt"
	"io"
	"log/slog"
)

const dots = "••••••"

// A Secret is a token, a key, a password or an address that may hold one. It
// prints as dots in fmt (with every verb), slog, JSON and other encodings;
// [Secret.Reveal] is the only way to its value. The zero Secret is "not set".
type Secret string

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// String returns dots, never the value.
func (Secret) String() string { return dots }

// Format writes dots for every verb of fmt, %x, %q and %#v among them.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, dots) }

// LogValue returns dots for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// MarshalText returns dots for every encoder of text, that of JSON among them.
func (Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }
