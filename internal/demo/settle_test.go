package demo

import (
	"testing"

	"meetingbot/handlers/view/words"
)

// TestUnderWay asserts that underWay recognises a card in every language.
func TestUnderWay(t *testing.T) {
	t.Parallel()
	all, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range words.Languages() {
		say := all.In(language).Say
		for title, want := range map[string]bool{say("working.title", nil): true, say("undo.title", nil): false} {
			a := &act{target: "card"}
			if got := a.underWay([]item{{key: "card", sheet: &sheet{lines: []string{title}}}}); got != want {
				t.Errorf("underWay(%q) = %t, want %t", title, got, want)
			}
		}
	}
}
