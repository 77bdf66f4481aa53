package day

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/command/shape"
)

// dayWords are the words for days, folded. People type them in the language of their
// Slack.
var dayWords = map[string]Day{
	"today": Today, "hoje": Today, "hoy": Today, "今天": Today, "今日": Today,
	"tomorrow": Tomorrow, "amanha": Tomorrow, "manana": Tomorrow, "明天": Tomorrow, "明日": Tomorrow,
}

const between = `(?:\s*(?:\.{2,3}|…|-|~|至|到)\s*|\s+(?:to|a|ate|hasta)\s+)`

const dayPattern = `(\pL+?|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)`

// daysPattern matches one day or a range. Phones turn two dots into one character, and
// people use dashes.
var daysPattern = regexp.MustCompile(`^` + dayPattern + `(?:` + between + dayPattern + `)?$`)

// Read parses days from folded text and reports whether the text is days at all. A day
// that doesn't exist stays as typed, and fails [Day.Exists].
func Read(folded string) (Days, bool) {
	m := daysPattern.FindStringSubmatch(strings.TrimSpace(folded))
	if m == nil {
		return Days{}, false
	}
	from, isDay := ReadDay(m[1])
	to, isToo := ReadDay(cmp.Or(m[2], m[1]))
	if !isDay || !isToo {
		return Days{}, false
	}
	return Days{From: from, To: to}, true
}

// ReadDay parses one day from folded text.
func ReadDay(folded string) (Day, bool) {
	if day, ok := dayWords[folded]; ok {
		return day, true
	}
	if r := []rune(folded); len(r) == 0 || shape.Date(r, 0) != len(r) {
		return "", false
	}
	t, err := ParseDate(folded)
	if err != nil {
		return Day(folded), true
	}
	return Day(t.Format(time.DateOnly)), true
}

// ParseDate parses a date with the year first from folded text: 2026-12-01, 2026/12/1,
// 2026.12.1 or 2026年12月1日.
func ParseDate(folded string) (time.Time, error) {
	folded = strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "").Replace(folded)
	return time.Parse("2006-1-2", folded)
}

// Join merges found into one range. ok is false if they leave a gap or the range isn't OK.
func Join(found []Days) (whole Days, ok bool) {
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
	wrong, _ := whole.Check()
	return whole, wrong == OK
}

// Between returns the days from one date to another, whichever comes first. ok is false if
// either is a word or a range, or if the days between them aren't OK.
func Between(one, other Days) (whole Days, ok bool) {
	if one.From != one.To || other.From != other.To || one.From.isWord() || other.From.isWord() {
		return Days{}, false
	}
	wrong, whole := Days{From: one.From, To: other.From}.Check()
	return whole, wrong == OK || wrong == Reversed && !whole.IsZero()
}

// Clamp returns d with any day past the end of its month moved to the month's last day.
func (d Days) Clamp() Days { return Days{d.From.clamp(), d.To.clamp()} }

func (d Day) clamp() Day {
	parts := strings.FieldsFunc(string(d), func(r rune) bool { return strings.ContainsRune("-/.年月日", r) })
	if d.Exists() || len(parts) != 3 || strings.Trim(parts[2], "0") == "" {
		return d
	}
	month, err := time.Parse("2006-1", parts[0]+"-"+parts[1])
	if err != nil {
		return d
	}
	return Day(month.AddDate(0, 1, -1).Format(time.DateOnly))
}
