package command

import (
	"slices"
	"testing"
)

func TestReadTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		typed           string
		clean           bool
		numbers, strays []string
	}{
		{"", true, nil, nil},
		{" - ", true, nil, nil},
		{"914087436", true, []string{"914087436"}, nil},
		{"914-087.436", true, []string{"914087436"}, nil},
		{"*914087436*,_914087437_", true, []string{"914087436", "914087437"}, nil},
		{"914087436 x", false, []string{"914087436"}, nil},
		{"1234567", true, nil, []string{"1234567"}},
		{"1234567890123456", true, nil, []string{"1234567890123456"}},

		// Side by side.
		{"914087436 914087437", true, []string{"914087436", "914087437"}, nil},
		{"914 087 436 914 087 437 914 087 438", true, []string{"914087436", "914087437", "914087438"}, nil},
		{"91408 74361 91408 74362", true, []string{"9140874361", "9140874362"}, nil},
		{"12345678 12345679", true, []string{"12345678", "12345679"}, nil},
		{"914087436 914 087 437", true, []string{"914087436", "914087437"}, nil},
		{"914 087 436 914087437 914 087 438", true, []string{"914087436", "914087437", "914087438"}, nil},
		{"914 087 436 91", true, []string{"91408743691"}, nil}, // one number, oddly grouped

		// A possible password isn't a second number.
		{"914087436 1234", true, []string{"914087436"}, []string{"1234"}},
		{"914087436 482913", true, []string{"914087436"}, []string{"482913"}},
		{"914087436 12345678", true, []string{"914087436"}, []string{"12345678"}},
		{"914087436 48 29 13 77", true, []string{"914087436"}, []string{"48", "29", "13", "77"}},
		{"914087436 482 913", true, []string{"914087436"}, []string{"482", "913"}},
		{"914087436, 48291377", true, []string{"914087436"}, []string{"48291377"}},
	} {
		got := readTyped([]rune(tt.typed))
		if got.clean != tt.clean || !slices.Equal(got.numbers, tt.numbers) || !slices.Equal(got.strays, tt.strays) {
			t.Errorf("readTyped(%q) = %+v, want %v %v %v", tt.typed, got, tt.clean, tt.numbers, tt.strays)
		}
	}
}

func TestSlice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		groups []string
		size   int
		want   []string
	}{
		{[]string{"914", "087", "436"}, 9, []string{"914087436"}},
		{[]string{"914", "087", "436"}, 6, nil},
		{[]string{"914", "087", "436", "91"}, 9, nil},
		{[]string{"91", "4087436", "914087", "437"}, 9, []string{"914087436", "914087437"}},
	} {
		if got := slice(tt.groups, tt.size); !slices.Equal(got, tt.want) {
			t.Errorf("slice(%v, %d) = %v, want %v", tt.groups, tt.size, got, tt.want)
		}
	}
}

func TestReadPerson(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]Person{
		"<@U1>":                         {ID: "U1"},
		"<@W0123456789|carol>":          {ID: "W0123456789"},
		"&lt;@U0123456789&gt;":          {ID: "U0123456789"},
		"<@\u2060U0123456789>":          {ID: "U0123456789"},
		"@U0123456789":                  {ID: "U0123456789"},
		"@carol":                        {Name: "carol"},
		"@Carol_Smith":                  {Name: "Carol_Smith"},
		"@carol.":                       {Name: "carol"},
		"＠ｃａｒｏｌ":                        {Name: "carol"},
		"carol@example.com":             {Email: "carol@example.com"},
		"<carol@example.com>":           {Email: "carol@example.com"},
		"<mailto:c@example.com|c at x>": {Email: "c@example.com"},
		"_@carol_":                      {Name: "carol"},
		"*_c@example.com_*":             {Email: "c@example.com"},
		"_@carol":                       {Name: "carol"},
		"c@example.com_":                {Email: "c@example.com"},
		"“c@example.com”,":              {Email: "c@example.com"},
		"o'brien@example.com":           {Email: "o'brien@example.com"},
		"josé@exämple.com":              {Email: "josé@exämple.com"},
		"jose\u0301@example.com":        {Email: "josé@example.com"},
	} {
		got, ok := readPerson(typed)
		if !ok || got != want {
			t.Errorf("readPerson(%q) = %+v, %v, want %+v", typed, got, ok, want)
		}
		if again, ok := readPerson(got.String()); !ok || again != want {
			t.Errorf("readPerson(%q) = %+v, %v, want %+v", got, again, ok, want)
		}
	}
	for _, typed := range []string{
		"", "@", "<@>", "<@u1>", "<@B0123456789>", "<@everyone>", "<!here>", "<#C0123456789>", "carol", "carol@", "@example.com@", "carol@localhost",
		"a@b@example.com", "carol smith@example.com", "--end@example.com", "_c@example.com", "@carol_", "@-carol", "https://example.com/@carol",
		"<mailto:https://x@example.com>", "carol@example..com", "carol@example.com/x",
	} {
		if got, ok := readPerson(typed); ok {
			t.Errorf("readPerson(%q) = %+v, want no person", typed, got)
		}
	}
}
