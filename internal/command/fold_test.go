package command

import "testing"

func TestFold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ typed, folded, original string }{
		{"ID da Reunião", "id da reuniao", "ID da Reunião"},
		{"９１４—End", "914-end", "９１４—End"},
		{"٩١٤", "914", "٩١٤"},
		{"“x”\u00a0‘y’", `"x" 'y'`, "“x” ‘y’"},
		{"9\u200b1\ufeff4", "914", "9\u200b1\ufeff4"},
		{"a\r\nb", "a\n\nb", "a b"},
		{"turned \u202eround", "turned round", "turned round"},
		{"会议ID：１", "会议id:1", "会议ID：１"},
		{"\xff\xfe9", "\ufffd\ufffd9", "9"},

		// Markup around words, and characters that look like it inside them.
		{"*x*", " x ", "*x*"},
		{"*_x_* `y`", "  x    y ", "*_x_* `y`"},
		{"~x~,", " x~,", "~x~,"},
		{"a_b*c", "a_b*c", "a_b*c"},
		{"```", "   ", "```"},
		{"x`y`z", "x y z", "x`y`z"},
		{"https://x.example/a_b?c=*d", "https://x.example/a_b?c=*d", "https://x.example/a_b?c=*d"},
	} {
		text := newText(tt.typed)
		if got := string(text.folded); got != tt.folded {
			t.Errorf("newText(%q) folds to %q, want %q", tt.typed, got, tt.folded)
		}
		if got := text.original(span{0, len(text.folded)}); got != tt.original {
			t.Errorf("newText(%q).original() = %q, want %q", tt.typed, got, tt.original)
		}
		if len(text.at) != len(text.folded)+1 {
			t.Errorf("newText(%q) has %d offsets for %d runes", tt.typed, len(text.at), len(text.folded))
		}
	}
}

func TestWithMarks(t *testing.T) {
	t.Parallel()
	text := newText("a *_b_* `c`d")
	for from, want := range map[int]string{0: "a", 4: "*_b_*", 9: "`c`"} {
		if got := text.original(text.withMarks(span{from, from + 1})); got != want {
			t.Errorf("withMarks at %d = %q, want %q", from, got, want)
		}
	}
}

func TestTrimUnpaired(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":               "",
		"moved":          "moved",
		"moved*":         "moved",
		"moved```":       "moved",
		"*urgent* thing": "*urgent* thing",
		"a `b`":          "a `b`",
		"*_moved":        "moved",
		"*":              "",
		"2*3":            "2*3",
	} {
		if got := trimUnpaired(in); got != want {
			t.Errorf("trimUnpaired(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTelAt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, shown string
		length      int
	}{
		{"<tel:914087436|914 087 436> x", "914 087 436", 27},
		{"<tel:914087436>", "914087436", 15},
		{"<tel:|>", "", 7},
		{"<tel:+864008300830|400 830 0830>", "+400 830 0830", 32},
		{"<tel:+864008300830|+86 400 830 0830>", "+86 400 830 0830", 36},
		{"<tel:914087436", "", 0},
		{"<mailto:a@b.cn>", "", 0},
		{"<", "", 0},
		{"tel:1", "", 0},
	} {
		if shown, n := telAt([]rune(tt.text), 0); string(shown) != tt.shown || n != tt.length {
			t.Errorf("telAt(%q) = %q, %d, want %q, %d", tt.text, string(shown), n, tt.shown, tt.length)
		}
	}
}

func TestKindString(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for k := UnknownFlag; k <= SeveralDays; k++ {
		name := k.String()
		if name == "" || name == "unknown fault" || seen[name] {
			t.Errorf("Kind(%d) = %q, want a phrase of its own", k, name)
		}
		seen[name] = true
	}
	for _, k := range []Kind{-1, 0, SeveralDays + 1} {
		if got := k.String(); got != "unknown fault" {
			t.Errorf("Kind(%d) = %q, want unknown", k, got)
		}
	}
}
