package mrkdwn

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Reader parses markup for one person. The zero Reader uses English and UTC and knows no
// names.
type Reader struct {
	Zone   *time.Location         // nil means UTC
	Now    func() time.Time       // for "today"; nil means time.Now
	Locale string                 // e.g. "pt-BR"; unknown ones mean English
	Name   func(id string) string // of a person, a group or a channel; nil leaves ids
}

// Read splits text with Slack's markup into spans.
func (r Reader) Read(text string) []Span {
	var spans []Span
	for i, part := range strings.Split(text, "```") {
		switch {
		case i%2 == 1 && strings.Count(text, "```") > i:
			spans = append(spans, Span{Kind: Block, Text: unescape(strings.Trim(part, "\n"))})
		case i%2 == 1: // never closed
			spans = append(spans, r.lines("```"+part)...)
		default:
			spans = append(spans, r.lines(part)...)
		}
	}
	return spans
}

// lines parses text without code blocks. Lines that begin with > are quotes.
func (r Reader) lines(text string) []Span {
	var spans []Span
	for i, line := range strings.Split(text, "\n") {
		quoted, isQuote := cutQuote(line)
		if i > 0 {
			spans = append(spans, Span{Kind: Plain, Text: "\n"})
		}
		if isQuote {
			spans = append(spans, Span{Kind: Quote, Inside: r.line(quoted)})
		} else {
			spans = append(spans, r.line(line)...)
		}
	}
	return merge(spans)
}

func cutQuote(line string) (string, bool) {
	for _, sign := range []string{"&gt;", ">"} {
		if rest, ok := strings.CutPrefix(line, sign); ok {
			return strings.TrimPrefix(rest, " "), true
		}
	}
	return line, false
}

// styles are the characters that enclose styled text. Text inside code is not parsed.
var styles = map[byte]Kind{'*': Bold, '_': Italic, '~': Strike, '`': Code}

// line parses one line.
func (r Reader) line(text string) []Span {
	var spans []Span
	plain := func(s string) { spans = append(spans, Span{Kind: Plain, Text: unescape(s)}) }
	start := 0
	for i := 0; i < len(text); {
		span, end, ok := r.at(text, i)
		if !ok {
			i++
			continue
		}
		plain(text[start:i])
		spans = append(spans, span)
		start, i = end, end
	}
	plain(text[start:])
	return merge(spans)
}

// at parses the token that starts at text[i], if there is one, and returns where it ends.
func (r Reader) at(text string, i int) (span Span, end int, ok bool) {
	if text[i] == '<' {
		length := strings.IndexAny(text[i+1:], "<>")
		if length < 0 || text[i+1+length] == '<' {
			return Span{}, 0, false
		}
		return r.token(text[i+1 : i+1+length]), i + length + 2, true
	}
	kind, styled := styles[text[i]]
	if !styled || wordBefore(text, i) {
		return Span{}, 0, false
	}
	end = closing(text, i)
	if end < 0 {
		return Span{}, 0, false
	}
	inside := text[i+1 : end]
	if kind == Code {
		return Span{Kind: Code, Text: unescape(inside)}, end + 1, true
	}
	return Span{Kind: kind, Inside: r.line(inside)}, end + 1, true
}

// closing returns where the style opened at text[i] ends, or -1. It ends at the same
// character, with text before it and no letter or digit after it, outside of <…>.
func closing(text string, i int) int {
	if i+1 >= len(text) || text[i+1] == ' ' || text[i+1] == text[i] {
		return -1
	}
	depth := 0
	for j := i + 1; j < len(text); j++ {
		switch {
		case text[j] == '<':
			depth = 1
		case text[j] == '>':
			depth = 0
		case text[j] == text[i] && depth == 0 && text[j-1] != ' ' && !wordAfter(text, j):
			return j
		}
	}
	return -1
}

func wordBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return i > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func wordAfter(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i+1:])
	return i+1 < len(text) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// unescape undoes Slack's three escapes, and drops the joiner that keeps an @ from becoming a
// mention: a command that is copied from the demo has to work there.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "\u2060", "").Replace(s)
}

// merge joins adjacent plain text and drops empty spans.
func merge(spans []Span) []Span {
	var kept []Span
	for _, s := range spans {
		switch last := len(kept) - 1; {
		case s.Kind == Plain && s.Text == "":
		case s.Kind == Plain && last >= 0 && kept[last].Kind == Plain:
			kept[last].Text += s.Text
		default:
			kept = append(kept, s)
		}
	}
	return kept
}
