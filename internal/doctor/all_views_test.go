package doctor

import (
	"os"
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers/view/words"
)

// TestAllViews asserts that every view is drawn in every language, as something that Slack
// can validate.
func TestAllViews(t *testing.T) {
	t.Parallel()
	all, err := allViews()
	if err != nil {
		t.Fatal(err)
	}
	locales := map[string]int{}
	for _, v := range all {
		locales[v.Locale]++
		if info, err := os.Stat("../../" + v.File); err != nil || info.IsDir() {
			t.Errorf("%s is drawn in %q, want a file", v.Name, v.File)
		}
		switch v.What.(type) {
		case bot.Message, bot.Modal, bot.Home:
		default:
			t.Errorf("%s is a %T, want a message, a modal or a Home", v.Name, v.What)
		}
	}
	for _, locale := range words.Languages() {
		if n := locales[locale]; n < 100 || n != locales["en"] {
			t.Errorf("%d views in %s, %d in en; want all of them in every language", n, locale, locales["en"])
		}
	}
}
