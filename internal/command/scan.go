package command

import (
	"slices"

	"meetingbot/internal/command/label"
	"meetingbot/internal/command/shape"
)

// How many digits a meeting number has: typed or labelled, as a bare run of digits in a
// text, and in each group of such a run.
const (
	minDigits, maxDigits           = 8, 15
	minBareDigits, maxBareDigits   = 9, 12
	minGroupInText, maxGroupInText = 3, 5
)

// maxText is how much of a text FindNumber reads, in characters. Slack's longest message
// fits.
const maxText = 40_000

// FindNumber returns the only meeting number in text, which may be a message, an
// invitation or an e-mail, with or without Slack's markup. The error is a [*Fault] of
// kind NoNumber, or of kind TwoNumbers with the line to copy.
func FindNumber(text string) (string, error) {
	t := newText(shape.Beginning(text, maxText))
	if number := readTyped(shownDigits(t.folded)).only(); number != "" {
		return number, nil
	}
	switch numbers := scan(t.folded); len(numbers) {
	case 0:
		return "", &Fault{Kind: NoNumber}
	case 1:
		return numbers[0], nil
	default:
		fault := &Fault{Kind: TwoNumbers, Numbers: numbers}
		(&reading{numbers: numbers, command: Command{Verb: Cancel}}).correct(fault)
		return "", fault
	}
}

// scan returns the different meeting numbers in a text, in order: those with a label or
// in a link if there are any, otherwise the bare ones.
func scan(r []rune) []string { return scanFor(r, minBareDigits, maxBareDigits) }

// scanFor is scan with bare numbers of shortest to longest digits.
func scanFor(r []rune, shortest, longest int) []string {
	s := scanner{r: r, shortest: shortest, longest: longest}
	for s.i < len(r) {
		s.step()
	}
	if len(s.strong) > 0 {
		return s.strong
	}
	return s.bare
}

// A scanner goes through a text once, from left to right.
type scanner struct {
	r            []rune
	i            int
	class        label.Class // of the last label, until its digits or the end of its sentence
	labelEnd     int         // where that label ended
	strong, bare []string
	// shortest and longest are how many digits a bare number has.
	shortest, longest int
}

func (s *scanner) step() {
	c := s.r[s.i]
	if shape.IsDigit(c) {
		s.digits()
		return
	}
	if n := markup(s.r, s.i); n > 0 {
		s.telephone()
		s.i += n
		return
	}
	if n := linkAt(s.r, s.i); n > 0 {
		if number := linkNumber(string(s.r[s.i : s.i+n])); number != "" {
			s.strong = add(s.strong, number)
		}
		s.i += n
		return
	}
	if shape.IsLetter(c) || shape.IsIdeograph(c) {
		s.word()
		return
	}
	if s.endsSentence() {
		s.class = label.None
	}
	s.i++
}

// telephone reads the telephone link at s.i. Slack makes one out of any digits that could
// be dialled, meeting numbers included, so it counts wherever plain digits would. A label
// for telephone numbers covers all of them in its sentence.
func (s *scanner) telephone() {
	shown, n := telAt(s.r, s.i)
	if n == 0 || s.class == label.Other {
		return
	}
	c := s.class
	s.class = label.None
	if c == label.Secret || s.dialled() || shape.Date(shown, 0) > 0 || shape.Address(shown, 0) > 0 {
		return
	}
	switch number := readTyped(shown).only(); {
	case number == "":
	case c == label.Meeting:
		s.strong = add(s.strong, number)
	default:
		s.addBare(number)
	}
}

// dialled reports whether a + or a country code comes just before s.i.
func (s *scanner) dialled() bool {
	const longestCode = 3
	i := s.i
	for i > 0 && isGap(s.r[i-1]) {
		i--
	}
	for code := i; i > 0 && code-i < longestCode && shape.IsDigit(s.r[i-1]); {
		i--
	}
	return plusBefore(s.r, i)
}

// plusBefore reports whether the digits at i follow a + to dial, as opposed to GMT+8.
func plusBefore(r []rune, i int) bool {
	return i > 0 && r[i-1] == '+' && (i == 1 || !shape.IsLetter(r[i-2]))
}

// addBare adds a number without a label, unless it is too short, too long, or looks like
// something else.
func (s *scanner) addBare(number string) {
	if len(number) >= s.shortest && len(number) <= s.longest && !shape.Telephone(number) && !shape.Timestamp(number) {
		s.bare = add(s.bare, number)
	}
}

// markup returns the length of the <…> at i if readers see something else instead: it is
// a mention, channel, date, mail address or telephone number.
func markup(r []rune, i int) int {
	if r[i] != '<' || i+1 == len(r) {
		return 0
	}
	rest := r[i+1:]
	switch {
	case rest[0] == '@', rest[0] == '#', rest[0] == '!':
	case shape.Word(rest, "tel:") > 0, shape.Word(rest, "mailto:") > 0, shape.Word(rest, "sip:") > 0:
	default:
		return 0
	}
	const longest = 1000 // keeps a text of many "<@" linear
	end := slices.Index(rest[:min(len(rest), longest)], '>')
	if end < 0 {
		return 0
	}
	return end + 2
}

// word reads a label, or skips any other word. Letters and digits without a gap, such as
// ab12cd, are one word.
func (s *scanner) word() {
	if c, n := label.At(s.r, s.i); n > 0 {
		s.class, s.labelEnd = c, s.i+n
		s.i += n
		return
	}
	if shape.IsIdeograph(s.r[s.i]) {
		s.i++
		return
	}
	for s.i < len(s.r) && (shape.IsLetter(s.r[s.i]) || shape.IsDigit(s.r[s.i])) {
		s.i++
	}
}

// endsSentence reports whether the last label doesn't reach beyond s.i because a sentence
// or line ends there. A line that ends right after the label's colon doesn't count.
func (s *scanner) endsSentence() bool {
	switch s.r[s.i] {
	case '\n':
		for _, c := range s.r[min(s.labelEnd, s.i):s.i] {
			if c != ':' && c != ' ' && c != '*' && c != '\n' {
				return true
			}
		}
		return false
	case '.', ';', '!', '?':
		// "Tel. 123" and "No. 123" continue.
		return s.i > s.labelEnd && (s.i+1 == len(s.r) || shape.IsBlank(s.r[s.i+1]))
	}
	return false
}

// digits reads a date, a time, an address or a number that starts at s.i.
func (s *scanner) digits() {
	for _, length := range []func([]rune, int) int{shape.Date, shape.Clock, shape.Address} {
		if n := length(s.r, s.i); n > 0 {
			s.i += n
			return
		}
	}
	c := s.class
	if plusBefore(s.r, s.i) {
		c = label.Other
	}
	inPath := s.i > 0 && (s.r[s.i-1] == '/' || s.r[s.i-1] == '=')
	labelled := c == label.Meeting || s.i > 2 && string(s.r[s.i-3:s.i]) == "/j/"
	numbers := s.numbers(c)
	s.class = label.None
	for _, number := range numbers {
		switch {
		case c == label.Secret || c == label.Other:
		case labelled && complete(number):
			s.strong = add(s.strong, number)
		case !inPath:
			s.addBare(number)
		}
	}
}

// numbers reads the groups of digits at s.i that belong together: one number or, if they are
// too many for that, several of the same length. It returns none if they don't add up, since
// part of them would be a number that nobody wrote, or if a letter or an @ is attached: then
// they are part of a code or an address.
func (s *scanner) numbers(c label.Class) []string {
	smallest, largest := groupSizes(c)
	var groups []string
	length := 0
	for {
		n := shape.Run(s.r, s.i)
		groups = append(groups, string(s.r[s.i:s.i+n]))
		length += n
		s.i += n
		if s.i < len(s.r) && (s.r[s.i] == '@' || s.r[s.i] == '_' || shape.IsLetter(s.r[s.i])) {
			for s.i < len(s.r) && !endsLink(s.r[s.i]) {
				s.i++
			}
			return nil
		}
		next := s.nextGroup()
		m := shape.Run(s.r, next)
		if next == s.i || n < smallest || n > largest || m < smallest || m > largest || c == label.Other && length+m > maxDigits {
			return together(groups, length)
		}
		s.i = next
	}
}

// groupSizes returns how many digits a group may have to be joined to its neighbours.
// Telephone numbers are grouped in every way. Groups of a password are never joined: it
// could swallow the meeting number after it.
func groupSizes(c label.Class) (smallest, largest int) {
	switch c {
	case label.Meeting:
		return 2, minDigits
	case label.Other:
		return 1, maxDigits
	case label.Secret:
		return maxDigits, 0
	case label.None, label.Unclear:
	}
	return minGroupInText, maxGroupInText
}

// nextGroup returns where the digits after a gap at s.i start, or s.i if there is no gap,
// or a date, time or address after it.
func (s *scanner) nextGroup() int {
	const widest = 3 // " - "
	next := s.i
	for next < len(s.r) && next-s.i < widest && isGap(s.r[next]) {
		next++
	}
	if shape.Date(s.r, next) > 0 || shape.Clock(s.r, next) > 0 || shape.Address(s.r, next) > 0 {
		return s.i
	}
	return next
}

// isGap reports whether c can separate groups of digits in one number.
func isGap(c rune) bool { return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' }

// add appends the elements of more that numbers doesn't have yet.
func add(numbers []string, more ...string) []string {
	for _, number := range more {
		if !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}
