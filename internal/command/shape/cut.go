package shape

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Cut shortens s to at most n characters, the last of which is then "…". It doesn't
// split what a reader sees as one character.
func Cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	kept := 0
	for left, rest, state := n-1, s, -1; ; {
		var one string
		one, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if left -= utf8.RuneCountInString(one); left < 0 {
			return s[:kept] + "…"
		}
		kept += len(one)
	}
}

// Beginning returns as many whole words of text as fit into n characters. Half a number
// would be a different number.
func Beginning(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return strings.TrimRightFunc(string(r[:n]), func(r rune) bool { return !unicode.IsSpace(r) })
}
