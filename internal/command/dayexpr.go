package command

import (
	"regexp"
	"strings"
	"time"
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
	if date([]rune(folded), 0) != len(folded) {
		return "", false
	}
	t, err := time.Parse("2006-1-2", strings.NewReplacer("/", "-", ".", "-").Replace(folded))
	if err != nil {
		return Day(folded), true
	}
	return Day(t.Format(time.DateOnly)), true
}

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
	case !ok && len(words) == 1 && date([]rune(typed), 0) == len([]rune(typed)):
		a.fault(BadDay, all) // 01.12.2026: which is the month?
		return true
	case !ok:
		return false
	}
	for _, day := range []Day{days.From, days.To} {
		if !day.exists() {
			a.faults = append(a.faults, Fault{Kind: BadDay, Part: string(day)})
			return true
		}
	}
	if kind, likely := days.check(); kind != 0 {
		a.fault(kind, all)
		days = likely
	}
	a.command.Days = days
	return true
}

// looseDays looks for days, and for whose, among other words, for the corrected line.
// It returns the other words, or nil if there are no days, or several.
func (a arguments) looseDays() (others []span) {
	if a.command.Verb != Cancel {
		return nil
	}
	var found Days
	for _, w := range a.rest {
		days, ok := readDays(a.word(w))
		switch {
		case !ok || !days.From.exists() || !days.To.exists():
			others = append(others, w)
		case !found.IsZero():
			return nil
		default:
			found = days
		}
	}
	if kind, _ := found.check(); kind != 0 {
		return nil
	}
	a.command.Days = found
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
	return others
}
