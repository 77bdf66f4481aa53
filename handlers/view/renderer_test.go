package view_test

import (
	"testing"

	"meetingbot/handlers/view"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// newRenderer returns views whose channels read locale.
func newRenderer(tb testing.TB, locale string) *view.Renderer {
	tb.Helper()
	catalogue, err := words.Load()
	if err != nil {
		tb.Fatalf("Load() = %v", err)
	}
	return &view.Renderer{Words: catalogue, Locale: locale, Second: cancellation.SecondNever}
}
