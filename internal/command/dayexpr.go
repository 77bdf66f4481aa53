package command

import (
	"slices"
	"strings"

	"meetingbot/internal/command/day"
	"meetingbot/internal/command/shape"
)

// days reads words if all of them are days, and reports whether they are.
func (a arguments) days(words []span) bool {
	for len(words) > 0 && a.isDash(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && a.isDash(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if len(words) == 0 || a.command.Verb != Cancel {
		return false
	}
	all := span{words[0].from, words[len(words)-1].to}
	typed := strings.TrimSpace(string(shownDigits(a.remaining(words))))
	days, ok := day.Read(typed)
	switch {
	case !ok && len(words) == 1 && typed != "" && shape.Date([]rune(typed), 0) == len([]rune(typed)):
		a.fault(BadDay, all) // 01.12.2026: which one is the month?
		return true
	case !ok:
		return false
	}
	if !days.Exist() {
		a.command.Days = a.badDay(days)
		return true
	}
	wrong, likely := days.Check()
	if wrong != day.OK {
		a.fault(kindOf[wrong], all)
		if likely.IsZero() {
			a.likely = Days{From: days.To, To: days.To} // the earlier one
		}
	}
	a.command.Days = likely
	return true
}

// badDay records that one of the days doesn't exist, and returns the days that were
// probably meant: the end of February for the 30th of February. It returns none if there
// is no telling.
func (a arguments) badDay(days Days) Days {
	bad, good := days.From, days.To
	if bad.Exists() {
		bad, good = good, bad
	}
	a.faults = append(a.faults, Fault{Kind: BadDay, Part: string(bad)})
	if bad == good || !good.Exists() {
		return Days{}
	}
	days = days.Clamp()
	if !days.Exist() {
		a.likely = Days{From: good, To: good}
		return Days{}
	}
	_, likely := days.Check()
	return likely
}

// findDays looks for days among other words, and for the person whose meetings are meant,
// to put into the corrected line. It returns the different days and the other words.
func (a arguments) findDays() (found []Days, others []span) {
	if a.command.Verb != Cancel {
		return nil, a.rest
	}
	dated := false
	for _, w := range a.rest {
		days, ok := a.guessDays(w)
		dated = dated || ok
		switch {
		case days.IsZero():
			others = append(others, w)
		case !slices.Contains(found, days):
			found = append(found, days)
		}
	}
	if dated && a.command.Of.IsZero() { // --of takes precedence
		a.findPerson(others)
	}
	return found, others
}

// ends reads two dates with nothing but blanks between them as the first and the last day of
// a range.
func (a arguments) ends(found []Days) (whole Days, ok bool) {
	if len(found) != 2 || len(a.rest) != 2 || strings.TrimSpace(string(a.folded[a.rest[0].to:a.rest[1].from])) != "" {
		return Days{}, false
	}
	return day.Between(found[0], found[1])
}

// readDays reads w as days. It may be a date that Slack turned into a telephone link.
func (t text) readDays(w span) (Days, bool) { return day.Read(string(t.shown(w))) }

// guessDays reads w as days, and reports whether it is days. They are zero if there is
// no telling which were meant.
func (a arguments) guessDays(w span) (days Days, ok bool) {
	switch days, ok = a.readDays(w); {
	case ok && days.Exist():
		_, days = days.Check()
	case ok:
		days = a.badDay(days)
	}
	return days, ok
}

// findPerson looks among words for the person whose meetings are meant. If there are
// several, it takes none.
func (a arguments) findPerson(words []span) {
	for _, w := range words {
		if !strings.ContainsAny(a.word(w), "@") {
			continue
		}
		if who, ok := readPerson(a.original(a.withMarks(w))); ok && a.command.Of.IsZero() {
			a.command.Of = who
		} else if who != a.command.Of {
			a.command.Of, a.unnamed = Person{}, true
			return
		}
	}
}

// separateDays returns the words, with days freed from the commas, brackets and quotes
// around and between them.
func (a arguments) separateDays() (words []span) {
	if a.command.Verb != Cancel {
		return a.rest
	}
	isOther := func(s span) bool { _, ok := a.readDays(s); return !ok }
	for _, w := range a.rest {
		pieces := a.pieces(w)
		switch {
		case len(pieces) == 0 && w.to-w.from == 1: // a comma after `2026-12-01`
		case len(pieces) == 0, slices.ContainsFunc(pieces, isOther):
			words = append(words, w)
		default:
			words = append(words, pieces...)
		}
	}
	return words
}

// pieces splits w at commas and semicolons, and trims the punctuation around each piece.
func (t text) pieces(w span) (all []span) {
	for from := w.from; from <= w.to; {
		to := from
		for to < w.to && t.folded[to] != ',' && t.folded[to] != ';' {
			to++
		}
		if piece := t.trimPunctuation(span{from, to}); piece.from < piece.to {
			all = append(all, piece)
		}
		from = to + 1
	}
	return all
}

// trimPunctuation returns s without the punctuation around it. It keeps two dots, which
// are half of a range.
func (t text) trimPunctuation(s span) span {
	for s.from < s.to && strings.ContainsRune(`("'[{<`, t.folded[s.from]) {
		s.from++
	}
	for s.from < s.to && strings.ContainsRune(`)"']}>:!?,;`, t.folded[s.to-1]) {
		s.to--
	}
	if n := s.to - 1; n > s.from && t.folded[n] == '.' && t.folded[n-1] != '.' {
		s.to--
	}
	return s
}

// hasDate reports whether w contains a date with the year first, or is a date in any
// order, and so can't be a meeting number.
func (t text) hasDate(w span) bool {
	r := t.shown(w)
	for i := range r {
		if isDateAt(r, i) {
			return true
		}
	}
	r = t.shown(t.trimPunctuation(w))
	n := shape.Date(r, 0)
	return n > 0 && n == len(r)
}

func isDateAt(r []rune, i int) bool {
	return (i == 0 || !shape.IsDigit(r[i-1])) && shape.Run(r, i) == len("2026") && shape.Date(r, i) > 0
}

// firstDay returns the day of a range that lacks its other end, else the first date in w
// that exists, or none.
func (t text) firstDay(w span) Days {
	r := t.shown(w)
	if days, ok := day.Read(strings.Trim(string(r), ".-")); ok && days.From == days.To && days.Exist() {
		return days
	}
	for i := range r {
		if !isDateAt(r, i) {
			continue
		}
		if d, ok := day.ReadDay(string(r[i : i+shape.Date(r, i)])); ok && d.Exists() {
			return Days{From: d, To: d}
		}
	}
	return Days{}
}
