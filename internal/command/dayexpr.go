package command

import (
	"slices"
	"strings"

	"meetingbot/internal/command/day"
	"meetingbot/internal/command/shape"
)

// days consumes the words if all of them are days, and reports whether they are.
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
		a.fault(BadDay, all) // 01.12.2026: which is the month?
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

// badDay records days of which one does not exist, and returns the days that were
// probably meant: for the 30th of February, the end of February. It returns none if
// nobody can say.
func (a arguments) badDay(days Days) Days {
	bad, good := days.From, days.To
	if bad.Exists() {
		bad, good = good, bad
	}
	a.faults = append(a.faults, Fault{Kind: BadDay, Part: string(bad)})
	if bad == good || !good.Exists() {
		return Days{}
	}
	days = days.Mended()
	if !days.Exist() {
		a.likely = Days{From: good, To: good}
		return Days{}
	}
	_, likely := days.Check()
	return likely
}

// looseDays looks for days, and for whose, among other words, for the corrected line.
// It returns the different days, and the other words.
func (a arguments) looseDays() (found []Days, others []span) {
	if a.command.Verb != Cancel {
		return nil, a.rest
	}
	dated := false
	for _, w := range a.rest {
		days, ok := a.likelyDays(w)
		dated = dated || ok
		switch {
		case days.IsZero():
			others = append(others, w)
		case !slices.Contains(found, days):
			found = append(found, days)
		}
	}
	if dated && a.command.Of.IsZero() { // else what --of says counts
		a.loosePerson(others)
	}
	return found, others
}

// readDays reads w as days. It may be a date that Slack took for a telephone number.
func (t text) readDays(w span) (Days, bool) { return day.Read(string(t.shown(w))) }

// likelyDays reads w as days, and reports whether it is any. They are zero if nobody can
// say which were meant.
func (a arguments) likelyDays(w span) (days Days, ok bool) {
	switch days, ok = a.readDays(w); {
	case ok && days.Exist():
		_, days = days.Check()
	case ok:
		days = a.badDay(days)
	}
	return days, ok
}

// loosePerson looks among words for the person whose meetings are meant. Of different
// people, none is taken.
func (a arguments) loosePerson(words []span) {
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

// apart returns the words with days taken out of the commas, brackets and quotes that
// people put around and between them.
func (a arguments) apart() (words []span) {
	if a.command.Verb != Cancel {
		return a.rest
	}
	isOther := func(s span) bool { _, ok := a.readDays(s); return !ok }
	for _, w := range a.rest {
		pieces := a.pieces(w)
		switch {
		case len(pieces) == 0 && w.to-w.from == 1: // a comma behind `2026-12-01`
		case len(pieces) == 0, slices.ContainsFunc(pieces, isOther):
			words = append(words, w)
		default:
			words = append(words, pieces...)
		}
	}
	return words
}

// pieces returns what the commas and semicolons in w separate, without the punctuation
// around each.
func (t text) pieces(w span) (all []span) {
	for from := w.from; from <= w.to; {
		to := from
		for to < w.to && t.folded[to] != ',' && t.folded[to] != ';' {
			to++
		}
		if piece := t.undressed(span{from, to}); piece.from < piece.to {
			all = append(all, piece)
		}
		from = to + 1
	}
	return all
}

// undressed returns s without the punctuation around it. Two dots are half of a range.
func (t text) undressed(s span) span {
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

// hasDate reports whether w contains a date with the year first, or is one, and so is
// no meeting number.
func (t text) hasDate(w span) bool {
	r := t.shown(w)
	for i := range r {
		if isDateAt(r, i) {
			return true
		}
	}
	r = t.shown(t.undressed(w))
	n := shape.Date(r, 0)
	return n > 0 && n == len(r)
}

func isDateAt(r []rune, i int) bool {
	return (i == 0 || !shape.IsDigit(r[i-1])) && shape.Run(r, i) == len("2026") && shape.Date(r, i) > 0
}

// dayIn returns the first day in w that exists, or none.
func (t text) dayIn(w span) Days {
	r := t.shown(w)
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
