package view

import (
	"testing"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// newRenderer are views whose channels read locale.
func newRenderer(tb testing.TB, locale string) *Renderer {
	tb.Helper()
	words, err := LoadWords()
	if err != nil {
		tb.Fatalf("LoadWords() = %v", err)
	}
	return &Renderer{Words: words, Locale: locale, Second: cancellation.SecondNever, Command: command.Name}
}
