package command

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/command/shape"
)

// dayWords are the words for days in folded form. People type them in the language of
// their Slack.
var dayWords = map[string]Day{
	"today": Today, "hoje": Today, "hoy": Today, "今天": Today, "今日": Today,
	"tomorrow": Tomorrow, "amanha": Tomorrow, "manana": Tomorrow, "明天": Tomorrow, "明日": Tomorrow,
}

const between = `(?:\s*(?:\.{2,3}|…|-|~|至|到)\s*|\s+(?:to|a|ate|hasta)\s+)`

const dayPattern = `(\pL+|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})`

// daysPattern is a day, or two. Phones turn dots into one character, and people write
// a dash.
var daysPattern = regexp.MustCompile(`^` + dayPattern + `(?:` + between + dayPattern + `)?$`)

// readDays reads days from folded text. It reports whether the text is days at all; a
// day that does not exist stays as it was typed, and fails [Day.exists].
func readDays(folded string) (Days, bool) {
	m := daysPattern.FindStringSubmatch(strings.TrimSpace(folded))
	if m == nil {
		return Days{}, false
	}
	from, ok := readDay(m[1])
	if !ok {
		return Days{}, false
	}
	to := from
	if m[2] != "" {
		if to, ok = readDay(m[2]); !ok {
			return Days{}, false
		}
	}
	return Days{From: from, To: to}, true
}

func readDay(folded string) (Day, bool) {
	if day, ok := dayWords[folded]; ok {
		return day, true
	}
	if shape.Date([]rune(folded), 0) != len(folded) {
		return "", false
	}
	t, err := time.Parse("2006-1-2", strings.NewReplacer("/", "-", ".", "-").Replace(folded))
	if err != nil {
		return Day(folded), true
	}
	return Day(t.Format(time.DateOnly)), true
}

func (d Days) exist() bool { return d.From.exists() && d.To.exists() }

func (d Day) exists() bool {
	_, ok := d.date(time.Time{})
	return ok
}

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
	days, ok := readDays(typed)
	switch {
	case !ok && len(words) == 1 && shape.Date([]rune(typed), 0) == len([]rune(typed)):
		a.fault(BadDay, all) // 01.12.2026: which is the month?
		return true
	case !ok:
		return false
	}
	if !days.exist() {
		a.command.Days = a.badDay(days)
		return true
	}
	if kind, likely := days.check(); kind != 0 {
		a.fault(kind, all)
		if likely.IsZero() {
			a.likely = Days{days.To, days.To} // the earlier one
		}
		days = likely
	}
	a.command.Days = days
	return true
}

// badDay records days of which one does not exist, and returns the days that were
// probably meant: for the 30th of February, the end of February. It returns none if
// nobody can say.
func (a arguments) badDay(days Days) Days {
	bad, good := days.From, days.To
	if bad.exists() {
		bad, good = good, bad
	}
	a.faults = append(a.faults, Fault{Kind: BadDay, Part: string(bad)})
	if bad == good || !good.exists() {
		return Days{}
	}
	days = Days{days.From.mended(), days.To.mended()}
	if !days.exist() {
		a.likely = Days{good, good}
		return Days{}
	}
	if kind, likely := days.check(); kind != 0 {
		return likely
	}
	return days
}

// mended returns d, or the last day of its month if that has fewer days.
func (d Day) mended() Day {
	parts := strings.FieldsFunc(string(d), func(r rune) bool { return strings.ContainsRune("-/.", r) })
	if d.exists() || len(parts) != 3 || strings.Trim(parts[2], "0") == "" {
		return d
	}
	month, err := time.Parse("2006-1", parts[0]+"-"+parts[1])
	if err != nil {
		return d
	}
	return Day(month.AddDate(0, 1, -1).Format(time.DateOnly))
}

// looseDays looks for days, and for whose, among other words, for the corrected line.
// It returns the different days, and the other words.
func (a arguments) looseDays() (found []Days, others []span) {
	if a.command.Verb != Cancel {
		return nil, a.rest
	}
	dated := false
	for _, w := range a.rest {
		days, ok := readDays(a.word(w))
		if dated = dated || ok; ok && !days.exist() {
			days = a.badDay(days)
		} else if kind, likely := days.check(); ok && kind != 0 {
			days = likely
		}
		switch {
		case days.IsZero():
			others = append(others, w)
		case !slices.Contains(found, days):
			found = append(found, days)
		}
	}
	if !dated || !a.command.Of.IsZero() { // what --of says counts
		return found, others
	}
	for _, w := range others {
		if !strings.ContainsAny(a.word(w), "@") {
			continue
		}
		if who, ok := readPerson(a.original(a.withMarks(w))); ok && a.command.Of.IsZero() {
			a.command.Of = who
		} else if who != a.command.Of {
			a.command.Of, a.unnamed = Person{}, true
		}
	}
	return found, others
}

// severalDays records days side by side. If they follow one another they are a range.
func (a arguments) severalDays(found []Days) {
	a.faults = append(a.faults, Fault{Kind: SeveralDays})
	if whole, ok := joined(found); ok {
		a.command.Days = whole
	} else {
		a.several = found
	}
}

// joined returns the range that days are together, if no other day is between them.
func joined(found []Days) (whole Days, ok bool) {
	found = slices.SortedFunc(slices.Values(found), func(a, b Days) int {
		return cmp.Compare(a.From, b.From) // today is before tomorrow, as dates are
	})
	for i, d := range found {
		first, last, ok := d.dates(time.Time{})
		if !ok || d.From.isWord() != found[0].From.isWord() || d.From.isWord() != d.To.isWord() {
			return Days{}, false
		}
		if i == 0 {
			whole = d
			continue
		}
		_, end, _ := whole.dates(time.Time{})
		if first.After(end.AddDate(0, 0, 1)) {
			return Days{}, false
		}
		if last.After(end) {
			whole.To = d.To
		}
	}
	kind, _ := whole.check()
	return whole, kind == 0
}

// apart returns the words with days taken out of the commas, brackets and quotes that
// people put around and between them.
func (a arguments) apart() (words []span) {
	for _, w := range a.rest {
		var days []span
		for from := w.from; from <= w.to; {
			to := from
			for to < w.to && a.folded[to] != ',' && a.folded[to] != ';' {
				to++
			}
			if piece := a.undressed(span{from, to}); piece.from < piece.to {
				days = append(days, piece)
			}
			from = to + 1
		}
		if len(days) == 0 && a.command.Verb == Cancel && w.to-w.from == 1 {
			continue // a comma behind `2026-12-01`
		}
		if len(days) == 0 || a.command.Verb != Cancel || slices.ContainsFunc(days, func(d span) bool { _, ok := readDays(a.word(d)); return !ok }) {
			days = []span{w}
		}
		words = append(words, days...)
	}
	return words
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
		if day, ok := readDay(string(r[i : i+shape.Date(r, i)])); ok && day.exists() {
			return Days{day, day}
		}
	}
	return Days{}
}
