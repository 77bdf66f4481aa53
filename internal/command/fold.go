package command

import (
	"strings"
	"unicode"

	"meetingbot/internal/command/shape"
)

// A text is a line in two forms: as typed, and folded for matching. The folded form has
// one rune for each typed rune that matters: in lower case, without accents, with ASCII
// digits, quotes, dashes and blanks, and without markup around words.
type text struct {
	typed  string
	folded []rune
	at     []int // byte offset in typed of each folded rune, and one for the end
}

func newText(typed string) text {
	t := text{typed: typed, folded: make([]rune, 0, len(typed)), at: make([]int, 0, len(typed)+1)}
	for i, r := range typed {
		if f := shape.Fold(r); f != 0 {
			t.folded, t.at = append(t.folded, f), append(t.at, i)
		}
	}
	t.at = append(t.at, len(typed))
	t.unmark()
	return t
}

// unmark turns the markup for bold, italic and strikethrough around words into blanks.
// Backticks have already been folded to blanks everywhere.
func (t text) unmark() {
	r := t.folded
	for i := 0; i < len(r); i++ {
		from := i
		for i < len(r) && !shape.IsBlank(r[i]) {
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

// trimUnpaired removes markup from the ends of s if its counterpart isn't in s: it
// belongs to a larger piece of text.
func trimUnpaired(s string) string {
	for _, mark := range []string{"`", "*", "_", "~"} {
		if inner := strings.TrimRight(s, mark); !strings.Contains(inner, mark) {
			s = inner
		}
		if inner := strings.TrimLeft(s, mark); !strings.Contains(inner, mark) {
			s = inner
		}
	}
	return strings.TrimLeftFunc(strings.TrimSpace(s), func(r rune) bool { return shape.Fold(r) == 0 })
}

// original returns the text that was typed for the folded runes of s, on one line and
// without bidirectional control characters.
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
	// A combining mark at the start belongs to the character before s.
	return strings.TrimLeftFunc(raw, func(r rune) bool { return r == ' ' || shape.Fold(r) == 0 })
}

// A span is a piece of folded text, up to but not including index to.
type span struct{ from, to int }
