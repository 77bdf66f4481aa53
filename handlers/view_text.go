package handlers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of a foreign text is shown, in characters after escaping.
const (
	maxSubject = 256
	maxName    = 120
	maxNumber  = 40
	maxReason  = 2600 // a reason of 500 characters, each of them escaped, fits
	maxBrief   = 300  // of a reason in a notification or a row
)

// joiner is an invisible character that parts what Slack would read as one.
const joiner = "\u2060"

// foreign makes a text that a person or the meeting service supplied harmless
// inside mrkdwn, on one line of at most limit characters: no markup, no link,
// no mention, no emoji code, no control or direction character.
func foreign(s string, limit int) string {
	runes := []rune(oneLine(s))
	pieces := make([]string, len(runes))
	for i, r := range runes {
		pieces[i] = harmless(runes, i, r)
	}
	return cut(pieces, limit)
}

// harmless returns what runes[i] is written as. Zero-width characters do not
// stop Slack from seeing a pair of asterisks, so those that could format get a
// look-alike; inside a word they are only letters.
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
		if i+1 < len(runes) && !unicode.IsSpace(runes[i+1]) && !unicode.IsDigit(runes[i+1]) {
			return ":" + joiner
		}
	}
	return string(r)
}

func wordAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
}

// verbatim makes s harmless inside a code span or block, where only the
// escapes and the backtick mean something, so that it can be copied. A joiner
// that comes along in a copy is dropped when it is read again.
func verbatim(s string, limit int) string {
	runes := []rune(oneLine(s))
	pieces := make([]string, len(runes))
	for i, r := range runes {
		switch r {
		case '&', '<', '>', '@':
			pieces[i] = harmless(runes, i, r)
		case '`':
			pieces[i] = "'"
		default:
			pieces[i] = string(r)
		}
	}
	return cut(pieces, limit)
}

// plain cuts s for a plain_text element, where Slack interprets nothing.
func plain(s string, limit int) string {
	return cut(strings.Split(oneLine(s), ""), limit)
}

// oneLine drops what cannot be seen but changes what is: control and direction
// characters, invisible ones, broken UTF-8. Any run of blanks becomes one.
// Joiners stay, emoji and several scripts are made of them.
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

// cut joins pieces up to limit characters, with "…" where some were left out.
// It never splits a piece, nor leaves a joiner at the end or takes the accent
// off a letter.
func cut(pieces []string, limit int) string {
	total, fits := 0, 0
	for i, p := range pieces {
		total += utf8.RuneCountInString(p)
		if total <= limit-1 {
			fits = i + 1
		}
	}
	if total <= limit {
		return strings.Join(pieces, "")
	}
	for fits > 0 && (extends(pieces[fits]) || joins(pieces[fits-1])) {
		fits--
	}
	return strings.Join(pieces[:fits], "") + "…"
}

func joins(piece string) bool { return piece == "\u200d" || piece == "\u200c" }

func extends(piece string) bool {
	r, _ := utf8.DecodeRuneInString(piece)
	return joins(piece) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Sk) && r > unicode.MaxASCII
}

// isID reports whether id is an identifier of Slack that begins with one of
// the letters of kinds. Nothing else may become a mention.
func isID(id, kinds string) bool {
	return len(id) > 1 && len(id) <= 30 && strings.ContainsRune(kinds, rune(id[0])) &&
		strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// mention names a person, a user group or a channel by its Slack id.
func mention(id string) string {
	switch {
	case isID(id, "UW"):
		return "<@" + id + ">"
	case isID(id, "S"):
		return "<!subteam^" + id + ">"
	case isID(id, "CG"):
		return "<#" + id + ">"
	}
	return foreign(id, maxName)
}

// link is label leading to url, or only the label if url is not a link that
// Slack itself gave out.
func link(url, label string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") ||
		strings.ContainsAny(url, "<>|\" \n\t") || len(url) > 1000 {
		return label
	}
	return "<" + strings.ReplaceAll(url, "&", "&amp;") + "|" + label + ">"
}

// grouped sets a meeting number in threes, as invitations do: 914 087 436.
// A number that is not only digits stays as it is, made harmless.
func grouped(number string) string {
	if !isNumber(number) {
		return foreign(number, maxNumber)
	}
	var groups []string
	for len(number) > 4 {
		groups, number = append(groups, number[:3]), number[3:]
	}
	groups = append(groups, number)
	return strings.Join(groups, " ")
}

func isNumber(s string) bool {
	return s != "" && len(s) <= maxNumber/2 && strings.Trim(s, "0123456789") == ""
}
