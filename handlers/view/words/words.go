package words

import (
	"embed"
	"fmt"
	"maps"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed active.*.toml
var catalogues embed.FS

// Languages returns the languages that have a catalogue. The first is the default.
func Languages() []string { return []string{"en", "pt-BR", "es", "zh-CN"} }

// Words holds the sentences of every language. It is safe for concurrent use.
type Words struct {
	languages map[string]Language // by language, without region
}

// Load reads the embedded catalogues. An error means that the program was built
// with a broken one.
func Load() (*Words, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	w := &Words{languages: map[string]Language{}}
	for _, name := range Languages() {
		file, err := bundle.LoadMessageFileFS(catalogues, "active."+name+".toml")
		if err != nil {
			return nil, fmt.Errorf("load the words of %s: %w", name, err)
		}
		w.languages[base(name)] = Language{&catalogue{i18n.NewLocalizer(bundle, name), verbatim(file.Messages)}}
	}
	return w, nil
}

// verbatim returns the sentences that name no values and have no plural.
func verbatim(all []*i18n.Message) map[string]string {
	sentences := map[string]string{}
	for _, m := range all {
		if m.One+m.Few+m.Many+m.Two+m.Zero == "" && !strings.Contains(m.Other, "{{") {
			sentences[m.ID] = m.Other
		}
	}
	return sentences
}

// In returns the language that fits locale best, such as Español for es-419. A locale in no
// language of ours gets the default. Chinese readers of any script are better served by 简体中文
// than by English.
func (w *Words) In(locale string) Language {
	if l, known := w.languages[base(locale)]; known {
		return l
	}
	return w.languages[base(Languages()[0])]
}

// base returns the language of a locale, without script and region.
func base(locale string) string {
	end := strings.IndexAny(locale, "-_")
	if end < 0 {
		end = len(locale)
	}
	return strings.ToLower(locale[:end])
}

// A Language is the catalogue of one language.
type Language struct{ *catalogue }

type catalogue struct {
	words    *i18n.Localizer
	verbatim map[string]string // the sentences that need no template, by key
}

// Vars are the values that a sentence names. They are inserted as they are: escape external
// text first.
type Vars map[string]any

// Say returns the sentence that the catalogue has under key.
func (l Language) Say(key string, v Vars) string {
	if s, ok := l.verbatim[key]; ok {
		return s
	}
	return l.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: v})
}

// Count is Say in the plural form for n, which the sentence may name as Count.
func (l Language) Count(key string, n int, v Vars) string {
	all := Vars{"Count": n}
	maps.Copy(all, v)
	return l.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: all, PluralCount: n})
}

// localize marks a missing key instead of failing: people get the rest of the message, and the
// tests reject the mark.
func (l Language) localize(c *i18n.LocalizeConfig) string {
	s, err := l.words.Localize(c)
	if err != nil && s == "" {
		return "[" + c.MessageID + "]"
	}
	return s
}
