package command

import (
	"slices"
	"strings"

	"meetingbot/internal/spelling"
)

// maxStrayWords is how many words may be next to a number before the line is read as
// a text that contains one.
const maxStrayWords = 5

// arguments reads everything that is neither a verb nor a flag.
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

// numberless records that there is no number, and looks for numbers at the end of an
// unquoted reason.
func (p *parser) numberless() {
	if !p.command.Of.IsZero() {
		return // the days are missing, see contradictions
	}
	p.faults = append(p.faults, Fault{Kind: NoNumber})
	if !p.open {
		return
	}
	words := strings.Fields(p.command.Reason)
	for len(words) > 1 {
		last := readTyped(newText(words[len(words)-1]).folded)
		if !last.clean || len(last.numbers) != 1 || len(last.strays) > 0 {
			return
		}
		words = words[:len(words)-1]
		p.numbers = add(last.numbers, p.numbers...)
		p.command.Reason = strings.Join(words, " ")
	}
}

// isText reports whether the words are an invitation or other text to search, as
// opposed to a number typed by hand: a link, a label or many words give it away.
func (p *parser) isText() bool {
	r := p.remaining(p.rest)
	for i, c := range r {
		if linkAt(r, i) > 0 {
			return true
		}
		if isWordy(c) {
			if kind, _ := labelAt(r, i); kind == meeting || kind == unclear {
				return true
			}
		}
	}
	wordy := 0
	for _, w := range p.rest {
		if slices.ContainsFunc(p.shown(w), isWordy) {
			wordy++
		}
	}
	return wordy > maxStrayWords
}

func isWordy(c rune) bool { return isLetter(c) || isIdeograph(c) }

// fromText searches the words as one text. A number next to a bare link was typed on
// purpose, and counts as much as the link.
func (p *parser) fromText() {
	numbers := scan(p.remaining(p.rest))
	var digits []span
	for _, w := range p.rest {
		if readTyped(p.shown(w)).clean {
			digits = append(digits, w)
		} else if n := linkAt(p.folded, w.from); n == 0 || n < w.to-w.from {
			digits = nil
			break
		}
	}
	numbers = add(numbers, readTyped(shownDigits(p.remaining(digits))).numbers...)
	switch len(numbers) {
	case 0:
		p.faults = append(p.faults, Fault{Kind: NoNumber})
	case 1:
		p.numbers = numbers
	default:
		p.twoNumbers(numbers)
	}
}

// remaining returns the folded text of words, with the gaps between them.
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

// twoNumbers records several numbers in a text, which may say that one of them is not
// meant.
func (p *parser) twoNumbers(numbers []string) {
	p.faults = append(p.faults, Fault{Kind: TwoNumbers, Numbers: numbers})
	p.numbers = numbers
}

// fromWords reads days, or numbers typed by hand. Other words are faults, except a
// bare "end".
func (p *parser) fromWords() {
	var what, digits, strays []span
	for _, w := range p.rest {
		switch {
		case p.word(w) == "end" && p.command.Verb == Cancel:
			p.command.End = true
		case p.isDash(w):
			what = append(what, w)
		case readTyped(p.shown(w)).clean:
			what, digits = append(what, w), append(digits, w)
		default:
			what, strays = append(what, w), append(strays, w)
		}
	}
	if p.days(what) {
		return
	}
	if len(strays) > 0 {
		p.strays(strays)
		return
	}
	read := readTyped(shownDigits(p.remaining(digits)))
	p.numbers = read.numbers
	switch {
	case len(read.numbers) > 1 && p.command.Verb == History:
		p.twoNumbers(read.numbers)
	case len(read.strays) > 0:
		p.misfit(read, digits)
	case len(read.numbers) == 0:
		p.numberless()
	}
}

// isDash reports whether w consists of dashes.
func (p *parser) isDash(w span) bool { return strings.Trim(p.word(w), "-") == "" }

// shown returns the words of s as they may be shown.
func (p *parser) shown(s span) []rune { return shownDigits(p.folded[s.from:s.to]) }

// misfit records digits that are not a number. They are shown only if there is
// nothing else: next to a number they may be its password.
func (p *parser) misfit(read typed, digits []span) {
	shown := span{digits[0].from, digits[len(digits)-1].to}
	switch {
	case len(read.numbers) > 0:
		p.faults = append(p.faults, Fault{Kind: StrayDigits})
	case len(read.strays) > 1:
		p.faults = append(p.faults, Fault{Kind: NotANumber})
	case len(read.strays[0]) < minDigits:
		p.fault(TooShort, shown)
	default:
		p.fault(TooLong, shown)
	}
}

// strays records words in place of the number, or next to it.
func (p *parser) strays(words []span) {
	// In a short line, more digits are taken for the number than in a text, but next
	// to a long one eight digits may be its password.
	all := p.remaining(p.rest)
	numbers := scanFor(all, minBareDigits, maxDigits)
	if len(numbers) == 0 {
		numbers = scanFor(all, minDigits, maxDigits)
	}
	switch len(numbers) {
	case 0:
	case 1:
		p.stray(UnknownWord, words[0])
		p.numbers = numbers
		return
	default:
		p.twoNumbers(numbers)
		return
	}
	if others := p.looseDays(); len(others) > 0 {
		p.stray(UnknownWord, others[0])
		return
	}
	p.stray(NotANumber, words[0])
	if len(p.rest) == 1 {
		p.guess(p.word(words[0]))
	}
}

// guess looks for what a single word misspells.
func (p *parser) guess(typed string) {
	// A capital O, an l or a capital I instead of a digit.
	likely := strings.NewReplacer("o", "0", "l", "1", "i", "1").Replace(typed)
	if read := readTyped([]rune(likely)); likely != typed && read.clean && len(read.numbers) == 1 {
		p.numbers = read.numbers
		return
	}
	if p.command.Verb != Cancel {
		return
	}
	known := []string{string(Today), string(Tomorrow)}
	if p.command.flags() == "" { // these take none
		known = append(known, "list", "history", "help")
	}
	switch word, _ := spelling.Nearest(typed, known); word {
	case "list":
		p.command.Verb = List
	case "history":
		p.command.Verb = History
	case "help":
		p.command.Verb = Help
	case string(Today), string(Tomorrow):
		p.command.Days = Days{Day(word), Day(word)}
	}
}

// stray records a word that doesn't belong. A word with letters and digits among
// others may be a password, and a link may contain one, so neither is shown.
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
