package day_test

import (
	"testing"
	"time"

	"meetingbot/internal/command/day"
)

// TestCheck checks days without knowing today's date, and the suggestions for them.
func TestCheck(t *testing.T) {
	t.Parallel()
	none := day.Days{}
	for _, tt := range []struct {
		from, to day.Day
		wrong    day.Problem
		likely   day.Days
	}{
		{day.Today, day.Today, day.OK, none},
		{day.Today, day.Tomorrow, day.OK, none},
		{"2026-12-01", "2026-12-01", day.OK, none},
		{day.Today, "2020-01-01", day.OK, none},
		{"2099-01-01", day.Today, day.OK, none}, // depends on today's date
		{day.Tomorrow, day.Today, day.Reversed, day.Days{From: day.Today, To: day.Tomorrow}},
		{"2026-12-05", "2026-12-01", day.Reversed, day.Days{From: "2026-12-01", To: "2026-12-05"}},
		{"2027-12-05", "2026-12-01", day.Reversed, none}, // too many the other way round, too
		{"2026-12-01", "2027-03-02", day.OK, none},       // 92 days
		{"2026-12-01", "2027-03-03", day.TooMany, day.Days{From: "2026-12-01", To: "2027-03-02"}},
		{"2026-12-01", "2028-12-05", day.TooMany, day.Days{From: "2026-12-01", To: "2027-03-02"}},
		{"2026-02-30", "2026-03-01", day.Missing, none},
		{"2026-02-01", "2026-02-29", day.Missing, none},
		{"2028-02-29", "2028-02-29", day.OK, none},
		{"", "", day.Missing, none},
		{"friday", "friday", day.Missing, none},
	} {
		d := day.Days{From: tt.from, To: tt.to}
		if tt.wrong == day.OK {
			tt.likely = d
		}
		if wrong, likely := d.Check(); wrong != tt.wrong || likely != tt.likely {
			t.Errorf("Check(%s) = %d, %s, want %d, %s", d, wrong, likely, tt.wrong, tt.likely)
		}
		if likely := tt.likely; likely != none {
			if wrong, _ := likely.Check(); wrong != day.OK {
				t.Errorf("Check(%s) suggests %s, which has problem %d", d, likely, wrong)
			}
		}
	}
}

// TestResolveProblems checks days given today's date in the asker's time zone.
func TestResolveProblems(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC) // already the 2nd in Shanghai
	none := day.Days{}
	for _, tt := range []struct {
		from, to day.Day
		zone     string
		wrong    day.Problem
		likely   day.Days
	}{
		{"2026-12-01", "2026-12-01", "UTC", day.OK, none},
		{"2026-12-01", "2026-12-01", "Asia/Shanghai", day.Past, none},
		{"2026-11-01", "2026-12-01", "Asia/Shanghai", day.Past, none},
		{"2026-11-01", "2026-12-02", "Asia/Shanghai", day.OK, none},
		{"2026-11-30", "2026-11-30", "UTC", day.Past, none},
		{"0001-01-01", "0001-01-01", "UTC", day.Past, none},
		{day.Today, "2026-12-01", "Asia/Shanghai", day.Reversed, day.Days{From: "2026-12-01", To: day.Today}},
		{day.Today, "2026-12-01", "UTC", day.OK, none},
		{day.Tomorrow, "2020-01-01", "UTC", day.Reversed, none},
		{day.Today, "2027-03-02", "UTC", day.OK, none},
		{day.Today, "2027-03-03", "UTC", day.TooMany, day.Days{From: day.Today, To: "2027-03-02"}},
		{day.Today, "2027-03-03", "Asia/Shanghai", day.OK, none},
		{"2026-02-30", day.Today, "UTC", day.Missing, none},
		{"1970-01-01", day.Today, "UTC", day.TooMany, none}, // the first 92 of them are over
		{"1970-01-01", "2026-12-01", "UTC", day.TooMany, none},
		{"2026-11-30", "2026-11-28", "UTC", day.Reversed, none},
		{"2026-09-01", "2026-12-31", "UTC", day.TooMany, day.Days{From: "2026-09-01", To: "2026-12-01"}},
		{"2026-09-01", "2026-12-31", "Asia/Shanghai", day.TooMany, none},
	} {
		d := day.Days{From: tt.from, To: tt.to}
		span, wrong, likely := d.Resolve(now, zone(t, tt.zone))
		if wrong != tt.wrong || likely != tt.likely || (wrong == day.OK) == span.From.IsZero() {
			t.Errorf("%s in %s = %v, problem %d, likely %s, want %d, %s", d, tt.zone, span, wrong, likely, tt.wrong, tt.likely)
		}
	}
}

// TestJoin asserts that days form a range if there is no gap between them.
func TestJoin(t *testing.T) {
	t.Parallel()
	one := func(d day.Day) day.Days { return day.Days{From: d, To: d} }
	span := func(a, b day.Day) day.Days { return day.Days{From: a, To: b} }
	for _, tt := range []struct {
		found []day.Days
		want  day.Days
		ok    bool
	}{
		{[]day.Days{one(day.Today), one(day.Tomorrow)}, span(day.Today, day.Tomorrow), true},
		{[]day.Days{one(day.Tomorrow), one(day.Today)}, span(day.Today, day.Tomorrow), true},
		{[]day.Days{one("2026-12-02"), one("2026-12-01")}, span("2026-12-01", "2026-12-02"), true},
		{[]day.Days{one("2026-12-31"), one("2027-01-01")}, span("2026-12-31", "2027-01-01"), true},
		{[]day.Days{span("2026-12-01", "2026-12-05"), one("2026-12-03")}, span("2026-12-01", "2026-12-05"), true},
		{[]day.Days{span("2026-12-01", "2026-12-03"), span("2026-12-04", "2026-12-06")}, span("2026-12-01", "2026-12-06"), true},
		{[]day.Days{one("2026-12-01"), one("2026-12-03")}, day.Days{}, false},
		{[]day.Days{one("2026-12-01"), one("2026-12-03"), one("2026-12-02")}, span("2026-12-01", "2026-12-03"), true},
		{[]day.Days{one(day.Today), one("2026-12-01")}, day.Days{}, false},
		{[]day.Days{one("2026-12-01"), span("2026-12-02", day.Today)}, day.Days{}, false},
		{[]day.Days{one("2026-02-30"), one("2026-03-01")}, day.Days{}, false},
		{[]day.Days{span("2026-12-01", "2027-03-02"), one("2027-03-03")}, day.Days{}, false},
	} {
		got, ok := day.Join(tt.found)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("Join(%v) = %s, %t, want %s, %t", tt.found, got, ok, tt.want, tt.ok)
		}
	}
}

// TestBetween asserts that two dates, in either order, become a range unless it is too long.
func TestBetween(t *testing.T) {
	t.Parallel()
	date := func(d day.Day) day.Days { return day.Days{From: d, To: d} }
	for _, tt := range []struct {
		one, other day.Days
		want       day.Days
		ok         bool
	}{
		{date("2026-11-28"), date("2026-11-30"), day.Days{From: "2026-11-28", To: "2026-11-30"}, true},
		{date("2026-11-30"), date("2026-11-28"), day.Days{From: "2026-11-28", To: "2026-11-30"}, true},
		{date("2026-11-28"), date("2027-11-30"), day.Days{}, false},
		{date("2027-11-30"), date("2026-11-28"), day.Days{}, false},
		{date("2026-11-28"), date("2026-11-31"), day.Days{}, false},
		{date(day.Today), date("2026-11-30"), day.Days{}, false},
		{date("2026-11-28"), date(day.Tomorrow), day.Days{}, false},
		{day.Days{From: "2026-11-28", To: "2026-11-29"}, date("2026-11-30"), day.Days{}, false},
	} {
		got, ok := day.Between(tt.one, tt.other)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("Between(%s, %s) = %s, %t, want %s, %t", tt.one, tt.other, got, ok, tt.want, tt.ok)
		}
	}
}

// TestClamp asserts that a day past the end of its month becomes the month's last day.
func TestClamp(t *testing.T) {
	t.Parallel()
	for typed, want := range map[day.Day]day.Day{
		"2026-02-30": "2026-02-28", "2028-02-30": "2028-02-29", "2026-04-31": "2026-04-30", "2026-12-32": "2026-12-31",
		"2026/2/30": "2026-02-28", "2026年2月30日": "2026-02-28", "2026.11.31": "2026-11-30",
		"2026-12-01": "2026-12-01", day.Today: day.Today, "2026-13-01": "2026-13-01", "2026-12-00": "2026-12-00", "2026-12": "2026-12", "": "", "friday": "friday",
	} {
		if got := (day.Days{From: typed, To: day.Tomorrow}).Clamp(); got.From != want || got.To != day.Tomorrow {
			t.Errorf("Clamp(%s) = %s, want %s", typed, got.From, want)
		}
	}
}

// TestDays covers String, Exist and IsZero, and reads the result back.
func TestDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		d     day.Days
		text  string
		exist bool
	}{
		{day.Days{From: day.Today, To: day.Today}, "today", true},
		{day.Days{From: day.Today, To: "2026-12-05"}, "today..2026-12-05", true},
		{day.Days{From: "2026-12-01", To: "2026-12-01"}, "2026-12-01", true},
		{day.Days{From: "2026-02-30", To: day.Today}, "2026-02-30..today", false},
		{day.Days{From: day.Today, To: "2026-02-30"}, "today..2026-02-30", false},
		{day.Days{}, "", false},
	} {
		if tt.d.String() != tt.text || tt.d.Exist() != tt.exist || tt.d.IsZero() != (tt.text == "") {
			t.Errorf("%+v: %q, exist %t, zero %t, want %q, %t", tt.d, tt.d, tt.d.Exist(), tt.d.IsZero(), tt.text, tt.exist)
		}
		if again, ok := day.Read(tt.text); ok != (tt.text != "") || again != tt.d {
			t.Errorf("Read(%q) = %v, %t, want %+v", tt.text, again, ok, tt.d)
		}
	}
}

// TestWords accepts days in every language and format we support, and no others.
func TestWords(t *testing.T) {
	t.Parallel()
	for folded, want := range map[string]day.Day{
		"today": day.Today, "hoje": day.Today, "hoy": day.Today, "今天": day.Today, "今日": day.Today,
		"tomorrow": day.Tomorrow, "amanha": day.Tomorrow, "manana": day.Tomorrow, "明天": day.Tomorrow, "明日": day.Tomorrow,
		"2026-12-1": "2026-12-01", "2026/12/01": "2026-12-01", "2026.12.01": "2026-12-01", "2026年12月1日": "2026-12-01",
		"2026年2月30日": "2026年2月30日", "2026-02-30": "2026-02-30", "2026/13/1": "2026/13/1",
	} {
		if got, ok := day.ReadDay(folded); !ok || got != want {
			t.Errorf("ReadDay(%q) = %q, %t, want %q", folded, got, ok, want)
		}
	}
	for _, folded := range []string{"", "Today", "amanhã", "yesterday", "monday", "12-01", "1.12.26", "2026-12", "12月1日", "2026年12月1", "2026-12-01 ", "2026-12-011", "914087436"} {
		if got, ok := day.ReadDay(folded); ok {
			t.Errorf("ReadDay(%q) = %q, want no day", folded, got)
		}
	}
}
