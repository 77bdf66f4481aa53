package shape

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Fold returns the character that r is read as, or 0 for one that readers don't see:
// combining marks, control characters, and the zero-width and formatting characters that
// people copy from mail and web pages.
func Fold(r rune) rune {
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
		return Fold(f)
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
// decimal digits of every script in runs of ten, from zero to nine.
func digit(r rune) rune {
	zero := r
	for unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return '0' + (r-zero)%10
}

func base(r rune) rune {
	d := norm.NFD.PropertiesString(string(r)).Decomposition()
	if b, _ := utf8.DecodeRune(d); b < unicode.MaxLatin1 { // false if d is empty
		return b
	}
	return r
}

// IsDigit reports whether r is a digit, once folded.
func IsDigit(r rune) bool { return '0' <= r && r <= '9' }

// IsLetter reports whether r, once folded, is a letter of a script that puts blanks
// between words.
func IsLetter(r rune) bool {
	return 'a' <= r && r <= 'z' || r >= utf8.RuneSelf && unicode.IsLetter(r) && !IsIdeograph(r)
}

// IsIdeograph reports whether r belongs to a script without blanks between words.
func IsIdeograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// IsBlank reports whether r is a blank or a line end, once folded.
func IsBlank(r rune) bool { return r == ' ' || r == '\n' }

var closing = map[rune]rune{'"': '"', '\'': '\'', '(': ')', '[': ']', '<': '>'}

// Closing returns the quote or bracket that closes r, or 0.
func Closing(r rune) rune { return closing[r] }
