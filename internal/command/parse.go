package command

import (
	"slices"
	"strings"
	"unicode/utf8"

	"meetingbot/internal/spelling"
)

// MaxLine is the greatest length of a line, in characters. Invitations have a
// few hundred, with every language and dial-in number some two thousand.
const MaxLine = 4000

// Parse reads the text after /cancel-meeting. It also takes the whole line,
// because people paste what they were told to copy. The error is a [*Fault];
// with it comes the zero Command.
func Parse(line string) (Command, error) {
	if utf8.RuneCountInString(line) > MaxLine {
		return Command{}, &Fault{Kind: LineTooLong}
	}
	p := parser{text: newText(line), lenient: true}
	p.read()
	if !p.isText() {
		p = parser{text: p.text}
		p.read()
	}
	p.arguments()
	if len(p.faults) == 0 {
		return p.command, nil
	}
	fault := p.faults[0]
	fault.Corrected = p.corrected()
	return Command{}, &fault
}

// A parser reads one line. It reads on after a fault, so that the corrected
// line has everything that could be understood.
type parser struct {
	text
	// lenient is for invitations and other texts: a word with dashes may be
	// prose there.
	lenient bool
	words   []span // not read yet
	rest    []span // words that are no flags
	command Command
	faults  []Fault
	// open tells that the reason had no quotes, so that it may have swallowed
	// the meeting number behind it.
	open bool
}

// read takes the line apart.
func (p *parser) read() {
	p.words = split(p.folded)
	if len(p.words) > 0 && p.word(p.words[0]) == Name {
		p.words = p.words[1:]
	}
	p.verb()
	p.flags()
}

func (p *parser) word(s span) string { return string(p.folded[s.from:s.to]) }

// fault notes what is wrong with the words of s. Addresses are not shown: a
// join link can carry a token.
func (p *parser) fault(k Kind, s span) {
	part := p.original(s)
	if strings.ContainsAny(p.word(s), "@") || strings.Contains(p.word(s), "//") {
		part = ""
	}
	p.faults = append(p.faults, Fault{Kind: k, Part: cut(part, MaxPart)})
}

// verb takes the verb off the words, if there is one.
func (p *parser) verb() {
	if len(p.words) == 0 {
		return
	}
	p.command.Verb = Cancel
	switch p.word(p.words[0]) {
	case "help", "?", "-h", "-help", "--help":
		p.command.Verb, p.words = Help, nil
	case "list":
		p.command.Verb, p.words = List, p.words[1:]
	case "history":
		p.command.Verb, p.words = History, p.words[1:]
	}
}

// flags takes the flags and their values off the words and leaves the others
// in rest.
func (p *parser) flags() {
	for len(p.words) > 0 {
		w := p.words[0]
		p.words = p.words[1:]
		f, ok := p.flag(w)
		switch {
		case !ok || p.lenient && p.isProse(f):
			p.rest = append(p.rest, w)
		case p.command.Verb != Cancel:
			p.refuse(f)
		default:
			p.set(f)
		}
	}
}

// A flag is a word like --end or --reason=x.
type flag struct {
	name  string // end
	span  span   // --reason
	value span   // x; zero if the word has no "="
}

// flagNames are the flags there are.
var flagNames = []string{"end", "series", "occurrence", "reason"}

// flag reads w as a flag, if it is one: dashes of any kind, and a letter.
func (p *parser) flag(w span) (flag, bool) {
	start := w.from
	for start < w.to && p.folded[start] == '-' {
		start++
	}
	if start == w.from || start == w.to || !isLetter(p.folded[start]) && !isIdeograph(p.folded[start]) {
		return flag{}, false
	}
	f := flag{span: w}
	if i := slices.Index(p.folded[start:w.to], '='); i >= 0 {
		f.span.to = start + i
		if f.span.to+1 < w.to {
			f.value = span{f.span.to + 1, w.to}
		}
	}
	f.name = string(p.folded[start:f.span.to])
	return f, true
}

// isProse reports whether f may be part of a text: it has other than two dashes
// in front, and is no flag by name or stands in the middle of other words.
func (p *parser) isProse(f flag) bool {
	if strings.HasPrefix(p.original(f.span), "--") {
		return false
	}
	if !slices.Contains(flagNames, f.name) {
		return true
	}
	if len(p.words) == 0 || len(p.rest) == 0 {
		return false
	}
	_, ok := p.flag(p.words[0])
	return !ok && (f.name == "end" || f.name == "series")
}

// set carries out one flag.
func (p *parser) set(f flag) {
	switch {
	case f.name == "end" && f.value == span{}:
		p.command.End = true
	case f.name == "series" && f.value == span{}:
		p.command.Series = true
	case f.name == "help":
		*p = parser{text: p.text, command: Command{Verb: Help}}
	case f.name == "occurrence":
		p.occurrence(f)
	case f.name == "reason":
		p.reason(f)
	default:
		p.unknown(f)
	}
	if p.command.Series && !p.command.Occurrence.IsZero() {
		p.faults = append(p.faults, Fault{Kind: SeriesAndOccurrence})
		p.command.Series = false // the corrected line does the smaller harm
	}
}

// refuse notes a flag that is none, or that does not belong.
func (p *parser) refuse(f flag) {
	k := UnknownFlag
	if slices.Contains(flagNames, f.name) {
		k = MisusedFlag
	}
	p.fault(k, f.span)
}

// unknown notes a flag that is none, and takes the one it resembles into the
// corrected line.
func (p *parser) unknown(f flag) {
	p.refuse(f)
	near, ok := spelling.Nearest(f.name, flagNames)
	if !ok {
		return
	}
	if near == "end" || near == "series" {
		f.value = span{}
	}
	f.name = near
	p.set(f)
}

// corrected returns the line that was probably meant, or "".
func (p *parser) corrected() string {
	c := p.command
	if c.Verb == Pick || c.Verb == Cancel && c.Number == "" {
		return ""
	}
	return c.String()
}

// split returns the words of folded text. A flag that hangs on to the meeting
// number, as in 914087436—end, is a word of its own.
func split(r []rune) []span {
	var words []span
	for i := 0; i < len(r); {
		if isBlank(r[i]) {
			i++
			continue
		}
		start, number := i, isDigit(r[i])
		for i < len(r) && !isBlank(r[i]) {
			if number && i > start && r[i] == '-' && flagAhead(r, i) {
				words, start = append(words, span{start, i}), i
			}
			number = number && (isDigit(r[i]) || isGap(r[i]))
			i++
		}
		words = append(words, span{start, i})
	}
	return words
}

// flagAhead reports whether dashes and then a letter stand at i.
func flagAhead(r []rune, i int) bool {
	for i < len(r) && r[i] == '-' {
		i++
	}
	return i < len(r) && isLetter(r[i])
}

// isFlagAhead reports whether the next word ends a reason without quotes: a
// flag by name, or two typed dashes and a letter.
func (p *parser) isFlagAhead() bool {
	if len(p.words) == 0 {
		return false
	}
	f, ok := p.flag(p.words[0])
	return ok && (slices.Contains(flagNames, f.name) || strings.HasPrefix(p.original(f.span), "--"))
}
