package command

import (
	"slices"
	"strings"

	"meetingbot/internal/spelling"
)

// maxStrayWords is how many words may stand beside a number before the line is
// read as a text that holds one.
const maxStrayWords = 5

// arguments reads what is neither verb nor flag.
func (p *parser) arguments() {
	switch {
	case p.command.Verb == Pick || p.command.Verb == Help:
	case p.command.Verb == List:
		if len(p.rest) > 0 {
			p.stray(UnknownWord, p.rest[0])
		}
	case len(p.rest) == 0 && p.command.Verb == History:
	case len(p.rest) == 0:
		p.numberless()
	case p.isText():
		p.fromText()
	default:
		p.fromWords()
	}
}

// numberless notes that there is no number, and looks for it at the end of a
// reason without quotes.
func (p *parser) numberless() {
	p.faults = append(p.faults, Fault{Kind: NoNumber})
	words := strings.Fields(p.command.Reason)
	if !p.open || len(words) < 2 {
		return
	}
	last := readTyped(newText(words[len(words)-1]).folded)
	if last.clean && len(last.numbers) == 1 {
		p.command.Number = last.numbers[0]
		p.command.Reason = strings.Join(words[:len(words)-1], " ")
	}
}

// isText reports whether the words are an invitation or other text to search,
// not a number typed by hand: a link, a label or many words tell.
func (p *parser) isText() bool {
	r := p.remaining(p.rest)
	for i, c := range r {
		if linkAt(r, i) > 0 {
			return true
		}
		if isWordy(c) {
			if kind, _ := labelAt(r, i); kind == meeting {
				return true
			}
		}
	}
	wordy := 0
	for _, w := range p.rest {
		if slices.ContainsFunc(p.folded[w.from:w.to], isWordy) {
			wordy++
		}
	}
	return wordy > maxStrayWords
}

func isWordy(c rune) bool { return isLetter(c) || isIdeograph(c) }

// fromText searches the words as one text. A number beside a bare link was
// typed there on purpose, and counts as much as the link.
func (p *parser) fromText() {
	numbers := scan(p.remaining(p.rest))
	var digits []span
	for _, w := range p.rest {
		if readTyped(p.folded[w.from:w.to]).clean {
			digits = append(digits, w)
		} else if n := linkAt(p.folded, w.from); n == 0 || n < w.to-w.from {
			digits = nil
			break
		}
	}
	for _, n := range readTyped(p.remaining(digits)).numbers {
		numbers = add(numbers, n)
	}
	switch len(numbers) {
	case 0:
		p.faults = append(p.faults, Fault{Kind: NoNumber})
	case 1:
		p.command.Number = numbers[0]
	default:
		p.twoNumbers(numbers)
	}
}

// remaining returns the folded text of words, with its own gaps between them.
func (p *parser) remaining(words []span) []rune {
	var r []rune
	for i, w := range words {
		if i > 0 {
			gap := ' '
			for _, c := range p.folded[words[i-1].to:w.from] {
				if c == '\n' {
					gap = c
				}
			}
			r = append(r, gap)
		}
		r = append(r, p.folded[w.from:w.to]...)
	}
	return r
}

// twoNumbers notes that there are several, and takes the first into the
// corrected line.
func (p *parser) twoNumbers(numbers []string) {
	p.faults = append(p.faults, Fault{Kind: TwoNumbers, Numbers: numbers})
	p.command.Number = numbers[0]
}

// fromWords reads a number typed by hand. Words beside it are faults, but for
// a bare "end".
func (p *parser) fromWords() {
	var digits, strays []span
	for _, w := range p.rest {
		switch {
		case p.word(w) == "end" && p.command.Verb == Cancel:
			p.command.End = true
		case strings.Trim(p.word(w), "-") == "":
		case readTyped(p.folded[w.from:w.to]).clean && !p.isDate(w):
			digits = append(digits, w)
		default:
			strays = append(strays, w)
		}
	}
	if len(strays) > 0 {
		p.strays(strays)
		return
	}
	read := readTyped(p.remaining(digits))
	switch {
	case len(read.numbers) > 1:
		p.twoNumbers(read.numbers)
	case len(read.strays) > 0:
		p.misfit(read, digits)
	case len(read.numbers) == 0:
		p.numberless()
	default:
		p.command.Number = read.numbers[0]
	}
}

// isDate reports whether w is a date and nothing stands beside it: as part of
// a longer line 2000.0.0 may be digits in groups.
func (p *parser) isDate(w span) bool {
	return len(p.rest) == 1 && date(p.folded, w.from) == w.to-w.from
}

// misfit notes digits that are no number. They are shown only if they are all
// there is: beside a number they may be its password.
func (p *parser) misfit(read typed, digits []span) {
	shown := span{digits[0].from, digits[len(digits)-1].to}
	switch {
	case len(read.numbers) > 0:
		p.faults = append(p.faults, Fault{Kind: StrayDigits})
		p.command.Number = read.numbers[0]
	case len(read.strays) > 1:
		p.faults = append(p.faults, Fault{Kind: NotANumber})
	case len(read.strays[0]) < minDigits:
		p.fault(TooShort, shown)
	default:
		p.fault(TooLong, shown)
	}
}

// strays notes words where the number should be, or beside it.
func (p *parser) strays(words []span) {
	switch numbers := scan(p.remaining(p.rest)); len(numbers) {
	case 0:
		p.stray(NotANumber, words[0])
	case 1:
		p.stray(UnknownWord, words[0])
		p.command.Number = numbers[0]
		return
	default:
		p.twoNumbers(numbers)
		return
	}
	if len(p.rest) > 1 {
		return
	}
	typed := p.word(words[0])
	// A capital O, an l or a capital I in the place of a digit.
	likely := strings.NewReplacer("o", "0", "l", "1", "i", "1").Replace(typed)
	if read := readTyped([]rune(likely)); likely != typed && read.clean && len(read.numbers) == 1 {
		p.command.Number = read.numbers[0]
		return
	}
	if p.command.Verb != Cancel {
		return
	}
	switch verb, _ := spelling.Nearest(typed, []string{"list", "history", "help"}); verb {
	case "list":
		p.command = Command{Verb: List}
	case "history":
		p.command = Command{Verb: History}
	case "help":
		p.command = Command{Verb: Help}
	}
}

// stray notes a word that does not belong. A word with letters and digits
// beside others may be a password, and a link may hold one: neither is shown.
func (p *parser) stray(k Kind, w span) {
	digits, link := false, false
	for i := w.from; i < w.to; i++ {
		digits = digits || isDigit(p.folded[i])
		link = link || p.folded[i] == '/' || p.folded[i] == '@'
	}
	if link || digits && len(p.rest) > 1 {
		w.to = w.from
	}
	p.fault(k, w)
}
