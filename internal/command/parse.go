package command

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"meetingbot/internal/command/shape"
	"meetingbot/internal/spelling"
)

// MaxLine is the maximum length of a line, in characters. An invitation has a few
// hundred, or about two thousand with every language and dial-in number.
const MaxLine = 4000

// maxRead is the length up to which a line is read at all, to suggest a shorter one.
const maxRead = 4 * MaxLine

// Parse parses the text after /cancel-meeting. It also accepts the whole line, because
// people paste what they were told to copy. An error is always a [*Fault], and the
// Command is then zero.
func Parse(line string) (Command, error) { return ParseAs(Name, line) }

// ParseAs is [Parse] for a workspace that has renamed the command: lines to copy start
// with name.
func ParseAs(name, line string) (Command, error) {
	length := utf8.RuneCountInString(line)
	if length > maxRead {
		return Command{}, &Fault{Kind: LineTooLong}
	}
	named := Command{}
	if name != Name {
		named.As = name
	}
	p := parser{reading: reading{text: newText(line), command: named}, lenient: true}
	p.read()
	if !p.arguments().isText() {
		p = parser{reading: reading{text: p.text, command: named}}
		p.read()
	}
	p.arguments().read()
	p.contradictions()
	if length > MaxLine {
		first := Fault{Kind: LineTooLong}
		if long := (Fault{Kind: ReasonTooLong}); long.among(p.faults) { // the likely cause
			first = long
		}
		p.faults = slices.Insert(p.faults, 0, first)
	}
	if len(p.faults) == 0 {
		if c := p.result(); utf8.RuneCountInString(c.String()) <= MaxLine {
			return c, nil
		}
		p.faults = append(p.faults, Fault{Kind: LineTooLong})
	}
	fault := p.faults[0]
	p.correct(&fault)
	return Command{}, &fault
}

// A reading is a line and what has been understood of it so far. Reading continues after
// a fault, so that the corrected line has everything that could be understood.
type reading struct {
	text
	numbers []string
	command Command // without the numbers
	faults  []Fault
	// unquoted are the reasons typed without quotes, in full. The meeting number may have
	// ended up in one of them: see numbersInReason.
	unquoted []string
	// several are days that don't form a range, and get a line each.
	several []Days
	// likely are days to use in an example, if there is no telling which were meant.
	likely Days
	// again set the further values of a flag that was typed with different ones. Each gets a
	// line of its own.
	again []func(*Command)
	// valueless are the flags whose value is missing or can't be read.
	valueless []string
	// unnamed means that another person's meetings were asked for, but we can't tell whose.
	unnamed bool
}

// A parser takes a line apart: it reads the verb and the flags, and leaves the rest
// to [arguments].
type parser struct {
	reading
	// lenient is for invitations and other texts, where words with dashes may be prose.
	lenient bool
	words   []span // not read yet
	rest    []span // words that are not flags
	// wrappedTo is where the quotes around a flag and its value end, or zero.
	wrappedTo int
}

func (p *parser) arguments() arguments { return arguments{&p.reading, p.rest} }

func (p *parser) read() {
	p.words = split(p.folded)
	if len(p.words) > 0 && (p.word(p.words[0]) == Name || p.word(p.words[0]) == p.command.As) {
		p.words = p.words[1:]
	}
	p.verb()
	p.flags()
}

func (t text) word(s span) string { return string(t.folded[s.from:s.to]) }

// fault records a fault in the words of s. It quotes neither links nor anything with an @:
// a join link can carry a token, and a password can have that sign.
func (r *reading) fault(k Kind, s span) {
	part := r.quote(s)
	if strings.Contains(r.word(s), "@") {
		part = ""
	}
	r.faults = append(r.faults, Fault{Kind: k, Part: part})
}

// badValue records that the value of f, at s, is missing or can't be read. The value may be
// most of an address.
func (r *reading) badValue(k Kind, f flag, s span) {
	r.faults = append(r.faults, Fault{Kind: k, Part: r.quote(s)})
	if !slices.Contains(r.valueless, f.name) {
		r.valueless = append(r.valueless, f.name)
	}
}

// login matches a name and a password before a host.
var login = regexp.MustCompile(`:.+@`)

// quote returns the words of s as a fault quotes them, or nothing if they have a link or a
// password.
func (r *reading) quote(s span) string {
	if typed := r.word(s); strings.Contains(typed, "//") || login.MatchString(typed) {
		return ""
	}
	return shape.Cut(Readable(r.original(s)), MaxPart)
}

func (p *parser) verb() {
	if len(p.words) == 0 {
		return
	}
	p.command.Verb = Cancel
	switch word := p.word(p.words[0]); word {
	case "help", "?", "-h", "-help", "--help":
		p.command.Verb, p.words = Help, nil
	case "list", "history":
		p.command.Verb, p.words = verbs[word], p.words[1:]
	}
}

// flags consumes the flags and their values, and leaves the other words in rest.
func (p *parser) flags() {
	for len(p.words) > 0 {
		w := p.words[0]
		p.words = p.words[1:]
		f, ok := p.flag(p.unwrap(p.bare(w)))
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

func (p *parser) set(f flag) {
	switch {
	case f.name == "end" && f.value == span{}:
		p.command.End = true
	case f.name == "series" && f.value == span{}:
		p.command.Series = true
	case f.name == "help":
		*p = parser{reading: reading{text: p.text, command: Command{As: p.command.As, Verb: Help}}}
	case f.name == "occurrence":
		p.occurrence(f)
	case f.name == "of":
		p.person(f)
	case f.name == "reason":
		p.reason(f)
	default:
		p.unknown(f)
	}
	if p.command.Series && !p.command.Occurrence.IsZero() {
		p.faults = append(p.faults, Fault{Kind: SeriesAndOccurrence})
		p.command.Series = false // the corrected line is the less destructive one
	}
}

// refuse records a word that is not a flag, or a flag that doesn't belong.
func (p *parser) refuse(f flag) {
	k := UnknownFlag
	if slices.Contains(flagNames, f.name) {
		k = MisusedFlag
	}
	p.fault(k, f.span)
}

// unknown records a word that is not a flag, and puts the flag it resembles into the
// corrected line.
func (p *parser) unknown(f flag) {
	p.refuse(f)
	near, ok := spelling.Nearest(f.name, flagNames)
	if !ok {
		return
	}
	if near == "end" || near == "series" {
		if p.isNo(f.value) {
			return
		}
		f.value = span{}
	}
	f.name = near
	p.set(f)
}

// isNo reports whether the value of a flag that takes none says that it isn't meant.
func (t text) isNo(value span) bool {
	return slices.Contains([]string{"no", "false", "off", "0"}, strings.Trim(t.word(value), `"'`))
}

// split returns the words of folded text. A flag attached to the meeting number, as in
// 914087436—end, is a word of its own; anything Slack wraps in <…> is one word, blanks
// included.
func split(r []rune) []span {
	var words []span
	for i := 0; i < len(r); {
		if shape.IsBlank(r[i]) {
			i++
			continue
		}
		_, tel := telAt(r, i)
		start, number := i, shape.IsDigit(r[i]) || tel > 0
		for i < len(r) && !shape.IsBlank(r[i]) {
			if n := markup(r, i); n > 0 {
				_, tel := telAt(r, i)
				i, number = i+n, number && tel > 0
				continue
			}
			if number && i > start && r[i] == '-' && flagAhead(r, i) {
				words, start = append(words, span{start, i}), i
			}
			number = number && (shape.IsDigit(r[i]) || isGap(r[i]) || isMark(r[i]))
			i++
		}
		words = append(words, span{start, i})
	}
	return words
}
