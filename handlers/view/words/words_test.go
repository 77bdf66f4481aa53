package words_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"meetingbot/handlers/view/words"
)

// catalogue reads a language's file without the program's own loader: key → plural form →
// text. A text without forms has the form "".
func catalogue(t *testing.T, name string) map[string]map[string]string {
	t.Helper()
	var raw map[string]any
	if _, err := toml.DecodeFile("active."+name+".toml", &raw); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for section, value := range raw {
		table, ok := value.(map[string]any)
		if !ok {
			all[section] = map[string]string{"": fmt.Sprint(value)}
			continue
		}
		for key, value := range table {
			forms := map[string]string{}
			if plural, ok := value.(map[string]any); ok {
				for form, text := range plural {
					forms[form] = fmt.Sprint(text)
				}
			} else {
				forms[""] = fmt.Sprint(value)
			}
			all[section+"."+key] = forms
		}
	}
	return all
}

// TestSameKeys: no language lacks a key or a plural form, and all name the same values.
func TestSameKeys(t *testing.T) {
	t.Parallel()
	plural := map[string][]string{
		"en": {"one", "other"}, "pt-BR": {"many", "one", "other"}, "es": {"many", "one", "other"}, "zh-CN": {"other"},
	}
	placeholder := regexp.MustCompile(`\{\{[^}]*\}\}`)
	named := func(forms map[string]string) []string {
		all := placeholder.FindAllString(strings.Join(slices.Collect(maps.Values(forms)), " "), -1)
		slices.Sort(all)
		return slices.Compact(all)
	}
	english := catalogue(t, "en")
	for _, name := range words.Languages() {
		said := catalogue(t, name)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(said))); diff != "" {
			t.Errorf("keys of en and %s (-en +%s):\n%s", name, name, diff)
		}
		for key, forms := range said {
			want := []string{""}
			if _, single := english[key][""]; !single {
				want = plural[name]
			}
			if got := slices.Sorted(maps.Keys(forms)); !slices.Equal(got, want) {
				t.Errorf("%s has forms %q in %s, want %q", key, got, name, want)
			}
			if got, want := named(forms), named(english[key]); !slices.Equal(got, want) {
				t.Errorf("%s names %q in %s, want %q", key, got, name, want)
			}
			for form, text := range forms {
				if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "<>&*_~") && !strings.HasPrefix(key, "date.") {
					t.Errorf("%s %s is %q in %s, want words without markup", key, form, text, name)
				}
			}
		}
	}
}

// TestDateFormats: the formats contain only date tokens that Slack understands.
func TestDateFormats(t *testing.T) {
	t.Parallel()
	token := regexp.MustCompile(`^([^{}^|<>]*\{(date_long_pretty|date_short_pretty|time|time_secs)\})+[^{}^|<>]*$`)
	for _, name := range words.Languages() {
		for _, key := range []string{"date.long", "date.short", "date.clock"} {
			if format := catalogue(t, name)[key][""]; !token.MatchString(format) {
				t.Errorf("%s is %q in %s, want tokens of Slack's date format", key, format, name)
			}
		}
	}
}

// TestPluralForms: every number has its form in every language.
func TestPluralForms(t *testing.T) {
	t.Parallel()
	loaded, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range words.Languages() {
		for key, forms := range catalogue(t, name) {
			if _, single := forms[""]; single {
				continue
			}
			for _, n := range []int{0, 1, 2, 5, 21, 100, 1000000} {
				got := loaded.In(name).Count(key, n, words.Vars{
					"Rule": "r", "Who": "w", "What": "x", "Dates": "d", "Example": "e", "Left": "l", "When": "n", "Button": "b",
					"Whose": "o", "Days": "y", "Names": "m", "Most": 20, "Told": "t", "All": 30,
				})
				if strings.HasPrefix(got, "[") || strings.Contains(got, "<no value>") {
					t.Errorf("Count(%q, %d) in %s = %q", key, n, name, got)
				}
			}
		}
	}
}

// TestKeysAreUsed: the code uses no missing key, and every key is used.
func TestKeysAreUsed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(../*/*.go) = %v, %v", files, err)
	}
	var code strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(b)
	}
	english := catalogue(t, "en")
	for _, call := range regexp.MustCompile(`\.(?:Say|Count|More)\("([a-z_.]+)", `).FindAllStringSubmatch(code.String(), -1) {
		if english[call[1]] == nil {
			t.Errorf("the code asks for %q, which no catalogue has", call[1])
		}
	}
	composed := regexp.MustCompile(`(_title|_ended|_bare|_full|_none|_dates|(?:_dates)?_end)$|d[0-6]$`)
	for key := range english {
		tail := key[strings.LastIndex(key, ".")+1:]
		found := false
		for _, literal := range []string{key, tail, composed.ReplaceAllString(key, ""), composed.ReplaceAllString(tail, ""), composed.ReplaceAllString(key, "d%d")} {
			found = found || strings.Contains(code.String(), `"`+literal+`"`)
		}
		if !found && !strings.HasPrefix(key, "help.second_") {
			t.Errorf("%s is not used", key)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	t.Parallel()
	loaded, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for locale, want := range map[string]string{
		"en-US": "Undo", "en-GB": "Undo", "de-DE": "Undo", "": "Undo", "no locale": "Undo", "xx-YY": "Undo", "ja-JP": "Undo",
		"pt-BR": "Desfazer", "pt-PT": "Desfazer", "pt": "Desfazer", "es-ES": "Deshacer", "es-419": "Deshacer", "es_MX": "Deshacer",
		"ES-mx": "Deshacer", "-": "Undo", "espagnol": "Undo", "zh_CN": "撤销", "zh-CN": "撤销", "zh-TW": "撤销", "zh-Hant-HK": "撤销", "zh": "撤销",
	} {
		if got := loaded.In(locale).Say("button.undo", nil); got != want {
			t.Errorf("In(%q) says %q, want %q", locale, got, want)
		}
	}
}

// TestReasonsSuitOwner: owners read why their own meeting was not cancelled, so no reason
// sends its reader to the owner.
func TestReasonsSuitOwner(t *testing.T) {
	t.Parallel()
	for name, sends := range map[string]string{
		"en": "[Aa]sk the owner", "pt-BR": "[Pp]eça ao organizador", "es": "[Pp]ídeselo a quien la organiza", "zh-CN": "请让?组织者",
	} {
		for key, forms := range catalogue(t, name) {
			for _, text := range forms {
				if strings.HasPrefix(key, "why.") && regexp.MustCompile(sends).MatchString(text) {
					t.Errorf("%s: %s sends its reader to the owner: %q", name, key, text)
				}
			}
		}
	}
}
