package command

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// A text is a line in two forms: as typed, and folded for recognition. The folded
// form has one rune for each typed rune that matters: lower case, without accents,
// with ASCII digits, quotes, dashes and blanks, and without markup around words.
type text struct {
	typed  string
	folded []rune
	at     []int // byte offset in typed of each folded rune, and one for the end
}

func newText(typed string) text {
	t := text{typed: typed, folded: make([]rune, 0, len(typed)), at: make([]int, 0, len(typed)+1)}
	for i, r := range typed {
		if f := fold(r); f != 0 {
			t.folded, t.at = append(t.folded, f), append(t.at, i)
		}
	}
	t.at = append(t.at, len(typed))
	t.unmark()
	return t
}

// unmark turns the markup of bold, italic and struck text around words into blanks.
// Code's markup already is one, wherever it is.
func (t text) unmark() {
	r := t.folded
	for i := 0; i < len(r); i++ {
		from := i
		for i < len(r) && !isBlank(r[i]) {
			i++
		}
		to := i
		for ; from < to && isMark(r[from]); from++ {
			r[from] = ' '
		}
		for ; from < to && isMark(r[to-1]); to-- {
			r[to-1] = ' '
		}
	}
}

func isMark(r rune) bool { return r == '*' || r == '_' || r == '~' }

// wasMark reports whether the blank at i was typed as markup.
func (t text) wasMark(i int) bool {
	return i >= 0 && i < len(t.folded) && t.folded[i] == ' ' && strings.ContainsAny(t.typed[t.at[i]:t.at[i+1]], "`*_~")
}

// withMarks returns s including the markup around it.
func (t text) withMarks(s span) span {
	for t.wasMark(s.from - 1) {
		s.from--
	}
	for t.wasMark(s.to) {
		s.to++
	}
	return s
}

// trimUnpaired removes markup from the ends of s that has no partner in s: it belongs
// to a larger piece of text.
func trimUnpaired(s string) string {
	for _, mark := range []string{"`", "*", "_", "~"} {
		if inner := strings.TrimRight(s, mark); !strings.Contains(inner, mark) {
			s = inner
		}
		if inner := strings.TrimLeft(s, mark); !strings.Contains(inner, mark) {
			s = inner
		}
	}
	return strings.TrimLeftFunc(strings.TrimSpace(s), func(r rune) bool { return fold(r) == 0 })
}

// original returns what was typed for the folded runes of s, on one line and without
// characters that change the direction of what follows.
func (t text) original(s span) string {
	if s.from >= s.to {
		return ""
	}
	raw := t.typed[t.at[s.from]:t.at[s.to]]
	raw = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(raw, ""))
	raw = strings.Join(strings.FieldsFunc(raw, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	// A mark at the start belongs to what came before.
	return strings.TrimLeftFunc(raw, func(r rune) bool { return r == ' ' || fold(r) == 0 })
}

// A span is a piece of folded text: from is inside, to is not.
type span struct{ from, to int }

// fold returns what r is read as, or 0 if readers don't see it: zero-width and
// formatting characters, which come along when people copy from mail and web pages,
// combining marks and other control characters.
func fold(r rune) rune {
	if r < utf8.RuneSelf {
		return foldASCII(r)
	}
	switch r {
	case '“', '”', '„', '‟', '«', '»', '″', '「', '」', '『', '』', '〝', '〞':
		return '"'
	case '‘', '’', '‚', '‛', '′', '‹', '›':
		return '\''
	case '−', '⁃', '─', '﹘', '﹣', 'ー':
		return '-'
	case '。':
		return '.'
	case '、':
		return ','
	case '\u2028', '\u2029', '\u0085':
		return '\n'
	}
	switch {
	case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Pd, r):
		return '-'
	case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Cc, unicode.Me):
		return 0
	case unicode.Is(unicode.Nd, r):
		return digit(r)
	}
	if f := width.LookupRune(r).Folded(); f != 0 && f != r {
		return fold(f)
	}
	return unicode.ToLower(base(r))
}

func foldASCII(r rune) rune {
	switch {
	case r == '\n' || r == '\r':
		return '\n'
	case r == '\t' || r == '\v' || r == '\f' || r == '`':
		return ' '
	case r < ' ' || r == 0x7f:
		return 0
	}
	return unicode.ToLower(r)
}

// digit returns the ASCII digit with the same value as r. Unicode arranges the
// decimal digits of every script in runs of ten.
func digit(r rune) rune {
	for _, in := range unicode.Nd.R16 {
		if rune(in.Lo) <= r && r <= rune(in.Hi) {
			return '0' + (r-rune(in.Lo))%10
		}
	}
	for _, in := range unicode.Nd.R32 {
		if lo := int64(in.Lo); lo <= int64(r) && int64(r) <= int64(in.Hi) {
			return '0' + rune((int64(r)-lo)%10)
		}
	}
	return r
}

// base returns r without its accents.
func base(r rune) rune {
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	d := norm.NFD.Properties(buf[:n]).Decomposition()
	if d == nil {
		return r
	}
	if b, _ := utf8.DecodeRune(d); b < unicode.MaxLatin1 {
		return b
	}
	return r
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isLetter reports whether r is a letter of a script that puts blanks between words,
// as far as this package needs to know.
func isLetter(r rune) bool {
	return 'a' <= r && r <= 'z' || r >= utf8.RuneSelf && unicode.IsLetter(r) && !isIdeograph(r)
}

func isIdeograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' }
