package view

import (
	"testing"

	"meetingbot/handlers/view/words"
)

// TestPersonWithoutLocale: a person whose language is unknown reads the channels' language.
func TestPersonWithoutLocale(t *testing.T) {
	t.Parallel()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	v := &Renderer{Words: catalogue, Locale: "es"}
	for locale, want := range map[string]string{"": "Deshacer", "pt-BR": "Desfazer"} {
		if got := v.Person(locale).Say("button.undo", nil); got != want {
			t.Errorf("Person(%q) with BOT_LOCALE=es says %q, want %q", locale, got, want)
		}
	}
}
