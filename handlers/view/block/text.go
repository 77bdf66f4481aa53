package block

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// How much of a foreign text to show, in characters after escaping.
const (
	MaxSubject = 256
	MaxName    = 120
	MaxNumber  = 40
	MaxReason  = 2600 // a reason of 500 characters, each of them escaped, fits
	MaxBrief   = 300  // of a reason in a notification or a row
)

// joiner is an invisible character that parts what Slack would read as one.
const joiner = "\u2060"

// Foreign makes a text that a person or the meeting service supplied harmless
// inside mrkdwn, on one line of at most limit characters: no markup, no link,
// no mention, no emoji code, no control or direction character.
func Foreign(s string, limit int) string {
	return written(s, limit, harmless)
}

// harmless returns how r, which is runes[i], is written. Zero-width characters don't stop Slack
// from pairing asterisks, so those that could format get a look-alike; inside a word
// they are just letters.
func harmless(runes []rune, i int, r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '`':
		return "ˋ"
	case '*', '_', '~':
		if wordAt(runes, i-1) && wordAt(runes, i+1) {
			return string(r)
		}
		return strings.NewReplacer("*", "∗", "_", "ˍ", "~", "∼").Replace(string(r))
	case '@':
		if wordAt(runes, i+1) {
			return "@" + joiner
		}
	case '#':
		if wordAt(runes, i+1) && !wordAt(runes, i-1) {
			return "#" + joiner
		}
	case ':':
		if i+1 < len(runes) && !unicode.IsSpace(runes[i+1]) && !isTime(runes, i) {
			return ":" + joiner
		}
	}
	return string(r)
}

// isTime reports whether the colon at i is one of 10:30. That of :100: begins an emoji.
func isTime(runes []rune, i int) bool {
	return i > 0 && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
}

func wordAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
}

// Verbatim makes s harmless inside a code span or block, where only the escapes and
// the backtick mean anything, so that it can be copied. A joiner that is copied along
// is dropped when the text is read again.
func Verbatim(s string, limit int) string {
	return written(s, limit, func(runes []rune, i int, r rune) string {
		switch r {
		case '&', '<', '>', '@':
			return harmless(runes, i, r)
		case '`':
			return "'"
		}
		return string(r)
	})
}

// Plain cuts s for a plain_text element, where Slack interprets nothing.
func Plain(s string, limit int) string {
	return written(s, limit, func(_ []rune, _ int, r rune) string { return string(r) })
}

// oneLine drops invisible characters that affect others: control and direction
// characters, broken UTF-8. Any run of blanks becomes one. Joiners stay, because
// emoji and several scripts need them.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case r == '\u200c', r == '\u200d':
			return r
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// written is s on one line with each rune as write has it, up to limit characters, with
// "…" if some were left out. It never splits what a reader sees as one character: a
// letter and its accent, a flag, a family.
func written(s string, limit int, write func(runes []rune, i int, r rune) string) string {
	runes := []rune(oneLine(s))
	pieces := make([]string, len(runes))
	for i, r := range runes {
		pieces[i] = write(runes, i, r)
	}
	whole := strings.Join(pieces, "")
	if utf8.RuneCountInString(whole) <= limit {
		return whole
	}
	var kept strings.Builder
	count, next := 0, 0
	for g := uniseg.NewGraphemes(string(runes)); g.Next(); {
		first := next
		next += len(g.Runes())
		character := strings.Join(pieces[first:next], "")
		if count += utf8.RuneCountInString(character); count > limit-1 {
			break
		}
		kept.WriteString(character)
	}
	return kept.String() + "…"
}

// IsID reports whether id is a Slack identifier that starts with one of the letters
// in kinds. Nothing else may become a mention.
func IsID(id, kinds string) bool {
	return len(id) > 1 && len(id) <= 30 && strings.ContainsRune(kinds, rune(id[0])) &&
		strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// Mention names a person, a user group or a channel by its Slack id.
func Mention(id string) string {
	switch {
	case IsID(id, "UW"):
		return "<@" + id + ">"
	case IsID(id, "S"):
		return "<!subteam^" + id + ">"
	case IsID(id, "CG"):
		return "<#" + id + ">"
	}
	return Foreign(id, MaxName)
}

// Link is label linked to url; empty if url is not a link that Slack itself issued.
func Link(url, label string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") ||
		strings.ContainsAny(url, "<>|\" \n\t") || len(url) > 1000 {
		return ""
	}
	return "<" + strings.ReplaceAll(url, "&", "&amp;") + "|" + label + ">"
}

// Grouped writes a meeting number in threes, as invitations do: 914 087 436. A number
// with other characters stays as it is, made harmless.
func Grouped(number string) string {
	if !IsNumber(number) {
		return Foreign(number, MaxNumber)
	}
	var groups []string
	for len(number) > 4 {
		groups, number = append(groups, number[:3]), number[3:]
	}
	groups = append(groups, number)
	return strings.Join(groups, " ")
}

// IsNumber reports whether s is a meeting number of digits alone.
func IsNumber(s string) bool {
	return s != "" && len(s) <= MaxNumber/2 && strings.Trim(s, "0123456789") == ""
}

// Sentence starts text with a capital letter, in scripts that have them.
func Sentence(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + text[n:]
}

// OwnLine is foreign text that begins a line. A joiner keeps Slack from turning it
// into a quotation.
func OwnLine(s string, limit int) string {
	text := Foreign(s, limit)
	if strings.HasPrefix(text, "&gt;") {
		return joiner + text
	}
	return text
}
