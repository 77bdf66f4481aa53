// Package secret has a string that prints as dots.
package secret

import (
	"fmt"
	"log/slog"
)

// dots is what every Secret prints as, whatever its length.
const dots = "•••"

// Secret is a string that people must not read: a token, a password, or an address that holds one. It prints as dots
// everywhere; only Reveal returns it. The zero value means no secret and prints as the empty string, so you can tell a
// missing token from a hidden one.
type Secret string

// Reveal returns the secret itself. Review every call.
func (s Secret) Reveal() string { return string(s) }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s == "" }

// String returns dots, or nothing for the zero value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return dots
}

// Format keeps every other verb (%x, %q and %#v among them) from printing the secret.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue keeps the secret out of structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the secret out of text and JSON. To store it, store the result of Reveal.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
