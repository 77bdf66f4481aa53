package block

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// How much external text to show, in characters after escaping.
const (
	MaxSubject = 256
	MaxName    = 120
	MaxNumber  = 40
	MaxReason  = 2600 // a reason of 500 characters, each of them escaped, fits
	MaxBrief   = 300  // of a reason in a notification or a row
)

// joiner is an invisible character that keeps Slack from reading two characters together.
const joiner = "\u2060"

// Escape makes text from a person or the meeting service safe inside mrkdwn, on one line of at
// most limit characters: no markup, no link, no mention, no emoji code, no control or
// direction character.
func Escape(s string, limit int) string {
	return render(s, limit, escapeRune)
}

// escapeRune returns what to write for r, which is runes[i]. Zero-width characters don't stop
// Slack from pairing asterisks, so those that could format get a look-alike; inside a word
// they are just letters.
func escapeRune(runes []rune, i int, r rune) string {
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
		if isWordAt(runes, i-1) && isWordAt(runes, i+1) {
			return string(r)
		}
		return strings.NewReplacer("*", "∗", "_", "ˍ", "~", "∼").Replace(string(r))
	case '@':
		if isWordAt(runes, i+1) {
			return "@" + joiner
		}
	case '#':
		if isWordAt(runes, i+1) && !isWordAt(runes, i-1) {
			return "#" + joiner
		}
	case ':':
		if i+1 < len(runes) && !unicode.IsSpace(runes[i+1]) && !isTime(runes, i) {
			return ":" + joiner
		}
	}
	return string(r)
}

// isTime reports whether the colon at i is that of a time such as 10:30. The colon in :100:
// starts an emoji.
func isTime(runes []rune, i int) bool {
	return i > 0 && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
}

func isWordAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
}

// Verbatim makes s safe inside a code span or block, where only escapes and the backtick mean
// anything, so that it can be copied. A joiner that is copied along is dropped when the text
// is parsed again.
func Verbatim(s string, limit int) string {
	return render(s, limit, func(runes []rune, i int, r rune) string {
		switch r {
		case '&', '<', '>', '@':
			return escapeRune(runes, i, r)
		case '`':
			return "'"
		}
		return string(r)
	})
}

// Plain cuts s for a plain_text element, in which Slack interprets nothing.
func Plain(s string, limit int) string {
	return render(s, limit, func(_ []rune, _ int, r rune) string { return string(r) })
}

// oneLine drops invisible characters that affect others (control and direction characters,
// broken UTF-8) and collapses blanks. Joiners stay, because emoji and several scripts need
// them.
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

// render returns s on one line with each rune replaced by what write returns, cut to limit
// characters with "…" if need be. It never splits what a reader sees as one character: a
// letter and its accent, a flag, a family.
func render(s string, limit int, write func(runes []rune, i int, r rune) string) string {
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

// IsID reports whether id is a Slack id that starts with one of the letters in kinds. Nothing
// else may become a mention.
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
	return Escape(id, MaxName)
}

// Link returns label linked to url, or "" if url is not a link that Slack itself issued.
func Link(url, label string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") ||
		strings.ContainsAny(url, "<>|\" \n\t") || len(url) > 1000 {
		return ""
	}
	return "<" + strings.ReplaceAll(url, "&", "&amp;") + "|" + label + ">"
}

// Grouped writes a meeting number in threes, as invitations do: 914 087 436. A number with
// other characters is escaped and otherwise unchanged.
func Grouped(number string) string {
	if !IsNumber(number) {
		return Escape(number, MaxNumber)
	}
	var groups []string
	for len(number) > 4 {
		groups, number = append(groups, number[:3]), number[3:]
	}
	groups = append(groups, number)
	return strings.Join(groups, " ")
}

// IsNumber reports whether s is a meeting number that consists of digits.
func IsNumber(s string) bool {
	return s != "" && len(s) <= MaxNumber/2 && strings.Trim(s, "0123456789") == ""
}

// Capitalize makes the first letter a capital, in scripts that have them.
func Capitalize(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + text[n:]
}

// EscapeLine is Escape for text at the start of a line. A joiner keeps Slack from turning it
// into a quotation.
func EscapeLine(s string, limit int) string {
	text := Escape(s, limit)
	if strings.HasPrefix(text, "&gt;") {
		return joiner + text
	}
	return text
}
