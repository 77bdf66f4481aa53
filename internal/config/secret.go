package config

import (
	"fmt"
	"io"
	"log/slog"
)

const dots = "••••••"

// A Secret is a token, key or password, or an address that may contain one. It prints as
// dots in fmt (with every verb), slog, JSON and other encodings; only [Secret.Reveal]
// returns its value. The zero Secret is not set.
type Secret string

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// String returns dots, never the value.
func (Secret) String() string { return dots }

// Format writes dots for every verb of fmt, including %x, %q and %#v.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, dots) }

// LogValue returns dots for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(dots) }

// MarshalText returns dots for every encoder of text, including JSON's.
func (Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }
