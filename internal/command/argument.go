package command

import (
	"maps"
	"slices"
	"strings"

	"meetingbot/internal/command/day"
	"meetingbot/internal/command/label"
	"meetingbot/internal/command/shape"
	"meetingbot/internal/spelling"
)

// maxStrayWords is how many words a line may have before it is read as text that
// contains a number, rather than as a number.
const maxStrayWords = 5

// arguments are the words of a line that are neither its verb nor flags: numbers,
// days, or a text that contains a number.
type arguments struct {
	*reading
	rest []span
}

// read interprets the words and records the result in the reading.
func (a arguments) read() {
	switch {
	case a.command.Verb == Pick || a.command.Verb == Help:
	case a.command.Verb == List:
		if len(a.rest) > 0 {
			a.stray(UnknownWord, a.rest[0])
		}
	case len(a.rest) == 0 && a.command.Verb == History:
	case len(a.rest) == 0:
		a.noNumber()
	case a.isText():
		a.fromText()
	default:
		a.fromWords()
	}
	a.numbersInReason()
}

func (r *reading) noNumber() {
	if r.command.Of.IsZero() { // with --of, the days are missing: see contradictions
		r.faults = append(r.faults, Fault{Kind: NoNumber})
	}
}

// isText reports whether the words are an invitation or other text to search, not a
// number typed by hand: a link, a label or many words give it away.
func (a arguments) isText() bool {
	r := a.remaining(a.rest)
	for i, c := range r {
		if linkAt(r, i) > 0 {
			return true
		}
		if isWordy(c) {
			if kind, _ := label.At(r, i); kind == label.Meeting || kind == label.Unclear {
				return true
			}
		}
	}
	wordy := 0
	for _, w := range a.rest {
		if slices.ContainsFunc(a.shown(w), isWordy) {
			wordy++
		}
	}
	return wordy > maxStrayWords
}

func isWordy(c rune) bool { return shape.IsLetter(c) || shape.IsIdeograph(c) }

// fromText searches the words as one text. A number next to a bare link was typed
// deliberately, so it counts as much as the link.
func (a arguments) fromText() {
	numbers := scan(a.remaining(a.rest))
	var digits []span
	for _, w := range a.rest {
		if readTyped(a.shown(w)).clean {
			digits = append(digits, w)
		} else if n := linkAt(a.folded, w.from); n == 0 || n < w.to-w.from {
			digits = nil
			break
		}
	}
	numbers = add(numbers, readTyped(shownDigits(a.remaining(digits))).numbers...)
	switch len(numbers) {
	case 0:
		a.faults = append(a.faults, Fault{Kind: NoNumber})
	case 1:
		a.numbers = numbers
	default:
		a.twoNumbers(numbers)
	}
}

// remaining returns the folded text of words, joined by the gaps between them.
func (t text) remaining(words []span) []rune {
	var r []rune
	for i, w := range words {
		if i > 0 {
			gap := ' '
			if slices.Contains(t.folded[words[i-1].to:w.from], '\n') {
				gap = '\n'
			}
			r = append(r, gap)
		}
		r = append(r, t.folded[w.from:w.to]...)
	}
	return r
}

// twoNumbers records that the text has several numbers. We can't choose: the text may
// say not to use one of them.
func (r *reading) twoNumbers(numbers []string) {
	r.faults = append(r.faults, Fault{Kind: TwoNumbers, Numbers: numbers})
	r.numbers = numbers
}

// fromWords reads days or hand-typed numbers. Any other word is a fault, except a bare
// "end".
func (a arguments) fromWords() {
	var what, digits, dated, strays []span
	a.rest = a.separateDays()
	for _, w := range a.rest {
		switch {
		case a.word(w) == "end" && a.command.Verb == Cancel:
			a.command.End = true
		case a.isDash(w):
			what = append(what, w)
		case a.isDays(w):
			what, dated = append(what, w), append(dated, w)
		case readTyped(a.shown(w)).clean && !a.hasDate(w):
			what, digits = append(what, w), append(digits, w)
		default:
			what, strays = append(what, w), append(strays, w)
		}
	}
	if a.days(what) {
		return
	}
	if len(strays)+len(dated) > 0 {
		a.strays(strays, dated)
		return
	}
	read := readTyped(shownDigits(a.remaining(digits)))
	a.numbers = read.numbers
	switch {
	case len(read.numbers) > 1 && a.command.Verb == History:
		a.twoNumbers(read.numbers)
	case len(read.strays) > 0:
		a.badDigits(read, digits)
	case len(read.numbers) == 0:
		a.noNumber()
	}
}

func (t text) isDash(w span) bool { return strings.Trim(t.word(w), "-") == "" }

// shown returns the text of s with telephone links replaced by what they display.
func (t text) shown(s span) []rune { return shownDigits(t.folded[s.from:s.to]) }

// badDigits records digits that aren't a meeting number. The fault quotes them only if
// there is no number: next to one, they may be its password.
func (a arguments) badDigits(read typed, digits []span) {
	shown := span{digits[0].from, digits[len(digits)-1].to}
	switch {
	case len(read.numbers) > 0:
		a.faults = append(a.faults, Fault{Kind: StrayDigits})
	case len(read.strays) > 1:
		a.faults = append(a.faults, Fault{Kind: NotANumber})
	case len(read.strays[0]) < minDigits:
		a.fault(TooShort, shown)
	default:
		a.fault(TooLong, shown)
	}
}

// isDays reports whether w is days, rather than digits grouped like a date.
func (a arguments) isDays(w span) bool {
	days, ok := a.readDays(w)
	return ok && a.command.Verb == Cancel && (days.Exist() || days.From != days.To)
}

// strays records words and days found instead of a meeting number, or next to one.
func (a arguments) strays(words, dated []span) {
	// A short line may use shorter and longer numbers than a text, but eight digits
	// next to a longer number may be its password.
	all := a.remaining(a.rest)
	numbers := scanFor(all, minBareDigits, maxDigits)
	if len(numbers) == 0 {
		numbers = scanFor(all, minDigits, maxDigits)
	}
	if len(numbers) == 0 {
		a.withoutNumber()
		return
	}
	switch {
	case len(words) == 0:
	case len(numbers) > 1:
		a.twoNumbers(numbers)
	default:
		a.stray(UnknownWord, words[0])
	}
	for _, w := range dated {
		a.fault(DayWithNumber, w)
	}
	a.numbers = numbers
}

// withoutNumber records words that contain no number, though perhaps days.
func (a arguments) withoutNumber() {
	found, others := a.findDays()
	switch {
	case len(found) > 1:
		a.faults = append(a.faults, Fault{Kind: SeveralDays})
		if whole, ok := day.Join(found); ok {
			a.command.Days = whole // they are consecutive
		} else if whole, ok := a.ends(found); ok {
			a.command.Days = whole
		} else {
			a.several, a.likely = found, found[0]
		}
	case len(found) == 1:
		a.command.Days = found[0]
		if len(others) > 0 { // else the same day was typed twice
			a.stray(UnknownWord, others[0])
		}
	case a.command.Verb == Cancel && (a.hasDate(others[0]) || !a.firstDay(others[0]).IsZero()):
		a.fault(BadDay, others[0])
		a.likely = a.firstDay(others[0])
	default:
		a.stray(NotANumber, others[0])
		if len(a.rest) == 1 {
			a.guess(a.word(others[0]))
		}
	}
}

// guess looks for the word that typed may be a misspelling of.
func (a arguments) guess(typed string) {
	// A capital O, an l or a capital I instead of a digit.
	likely := strings.NewReplacer("o", "0", "l", "1", "i", "1").Replace(typed)
	if number := readTyped([]rune(likely)).only(); likely != typed && number != "" {
		a.numbers = []string{number}
		return
	}
	if a.command.Verb != Cancel {
		return
	}
	known := []string{string(Today), string(Tomorrow)}
	if a.command.flags() == "" { // these take none
		known = append(known, slices.Sorted(maps.Keys(verbs))...)
	}
	word, _ := spelling.Nearest(typed, known)
	if verb, ok := verbs[word]; ok {
		a.command.Verb = verb
	} else {
		a.command.Days = Days{From: Day(word), To: Day(word)}
	}
}

// stray records a word that doesn't belong. Among other words, one with digits may be a
// password, and a link may contain one, so neither is quoted.
func (a arguments) stray(k Kind, w span) {
	word := a.word(w)
	if strings.ContainsAny(word, "/@") || strings.ContainsAny(word, "0123456789") && len(a.rest) > 1 {
		w.to = w.from
	}
	a.fault(k, w)
}
