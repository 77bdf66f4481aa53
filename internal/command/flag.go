package command

import (
	"slices"
	"strings"

	"meetingbot/internal/command/shape"
)

// A flag is a word like --end or --reason=x.
type flag struct {
	name  string // end
	span  span   // --reason
	value span   // x; zero if the word has no "="
}

var flagNames = []string{"end", "series", "occurrence", "of", "reason"}

// flag reads w as a flag: dashes of any kind, then a letter.
func (t text) flag(w span) (flag, bool) {
	start := w.from
	for start < w.to && t.folded[start] == '-' {
		start++
	}
	dashes := start
	for start < w.to && isMark(t.folded[start]) { // --*end*
		start++
	}
	if dashes == w.from || start == w.to || !shape.IsLetter(t.folded[start]) && !shape.IsIdeograph(t.folded[start]) {
		return flag{}, false
	}
	f := flag{span: w}
	if i := slices.Index(t.folded[start:w.to], '='); i >= 0 {
		f.span.to = start + i
		if f.span.to+1 < w.to {
			f.value = span{f.span.to + 1, w.to}
		}
	}
	f.name = string(t.folded[start:f.span.to])
	return f, true
}

// bare strips the quotes or brackets around a flag that takes no value, as in "--end" or
// (--end). Around anything else they may belong to a value, and stay.
func (t text) bare(w span) span {
	inner := w
	for inner.to-inner.from > 1 && shape.Closing(t.folded[inner.from]) == t.folded[inner.to-1] {
		inner.from, inner.to = inner.from+1, inner.to-1
	}
	for inner.from < inner.to && isMark(t.folded[inner.from]) && isMark(t.folded[inner.to-1]) {
		inner.from, inner.to = inner.from+1, inner.to-1
	}
	f, ok := t.flag(inner)
	if ok && (f.name == "end" || f.name == "series") && (f.value == span{}) {
		return inner
	}
	return w
}

// unwrap strips the quote or bracket before a flag that takes a value, as in
// "--reason moved", and the one that closes it from the end of the value.
func (p *parser) unwrap(w span) span {
	end := shape.Closing(p.folded[w.from])
	inner := span{w.from + 1, w.to}
	f, ok := p.flag(inner)
	if end == 0 || !ok || !slices.Contains(flagNames, f.name) {
		return w
	}
	if w.to-1 > f.span.to && p.folded[w.to-1] == end { // "--reason=moved"
		return span{inner.from, w.to - 1}
	}
	for i, v := range p.words {
		if p.folded[v.to-1] == end && v.to-1 > v.from {
			p.words[i].to--
			p.wrappedTo = p.words[i].to
			return inner
		}
	}
	return w
}

// isProse reports whether f may be part of a sentence: it wasn't typed with two dashes,
// and isn't a flag's name or has other words around it.
func (p *parser) isProse(f flag) bool {
	if strings.HasPrefix(p.original(f.span), "--") {
		return false
	}
	if !slices.Contains(flagNames, f.name) {
		return true
	}
	if f.name == "of" { // "Review –of Q4"
		return len(p.words) == 0 || !strings.ContainsAny(p.word(p.words[0]), "@")
	}
	if len(p.words) == 0 || len(p.rest) == 0 {
		return false
	}
	_, ok := p.flag(p.words[0])
	return !ok && (f.name == "end" || f.name == "series")
}

func flagAhead(r []rune, i int) bool {
	for i < len(r) && r[i] == '-' {
		i++
	}
	return i < len(r) && shape.IsLetter(r[i])
}

// isValueAhead reports whether the next word belongs to a flag's value. A flag's name
// doesn't, nor do two typed dashes and a letter.
func (p *parser) isValueAhead() bool {
	if len(p.words) == 0 {
		return false
	}
	f, ok := p.flag(p.words[0])
	return !ok || !slices.Contains(flagNames, f.name) && !strings.HasPrefix(p.original(f.span), "--")
}
