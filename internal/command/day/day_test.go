package day_test

import (
	"testing"
	"time"

	"meetingbot/internal/command/day"
)

func TestResolveDays(t *testing.T) {
	t.Parallel()
	// Already the 2nd in Shanghai, still the 1st in São Paulo.
	now := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		from, to   day.Day
		zone       string
		start, end string
	}{
		{day.Today, day.Today, "Asia/Shanghai", "2026-12-01T16:00:00Z", "2026-12-02T16:00:00Z"},
		{day.Today, day.Today, "America/Sao_Paulo", "2026-12-01T03:00:00Z", "2026-12-02T03:00:00Z"},
		{day.Today, day.Today, "UTC", "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"},
		{day.Tomorrow, day.Tomorrow, "Asia/Shanghai", "2026-12-02T16:00:00Z", "2026-12-03T16:00:00Z"},
		{day.Today, day.Tomorrow, "Asia/Kolkata", "2026-12-01T18:30:00Z", "2026-12-03T18:30:00Z"},
		{"2026-12-02", "2026-12-02", "Asia/Shanghai", "2026-12-01T16:00:00Z", "2026-12-02T16:00:00Z"},
		{"2026-11-30", day.Today, "UTC", "2026-11-30T00:00:00Z", "2026-12-02T00:00:00Z"},
		{"2026-12-31", "2027-01-01", "UTC", "2026-12-31T00:00:00Z", "2027-01-02T00:00:00Z"},
		// Clocks go forward on the 28th: the day has 23 hours.
		{"2027-03-28", "2027-03-28", "Europe/Berlin", "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"},
		// 92 days, one of which has 25 hours.
		{"2027-09-01", "2027-12-01", "America/New_York", "2027-09-01T04:00:00Z", "2027-12-02T05:00:00Z"},
	} {
		d := day.Days{From: tt.from, To: tt.to}
		span, wrong, _ := d.Resolve(now, zone(t, tt.zone))
		if got := span.From.UTC().Format(time.RFC3339); wrong != day.OK || got != tt.start {
			t.Errorf("%v in %s starts %s, problem %d, want %s", d, tt.zone, got, wrong, tt.start)
		}
		if got := span.To.UTC().Format(time.RFC3339); got != tt.end {
			t.Errorf("%v in %s ends %s, want %s", d, tt.zone, got, tt.end)
		}
	}
}

// TestResolveAroundMidnightChanges has days that begin at 01:00, and one whose first hour
// happens twice.
func TestResolveAroundMidnightChanges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day        day.Day
		zone       string
		start, end string
	}{
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		{"2018-02-17", "America/Sao_Paulo", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"},
		{"2017-03-26", "Asia/Beirut", "2017-03-25T22:00:00Z", "2017-03-26T21:00:00Z"},
		{"2018-11-04", "America/Havana", "2018-11-04T04:00:00Z", "2018-11-05T05:00:00Z"},
	} {
		z := zone(t, tt.zone)
		span, wrong, _ := day.Days{From: tt.day, To: tt.day}.Resolve(time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC), z)
		if wrong != day.OK || span.From.UTC().Format(time.RFC3339) != tt.start || span.To.UTC().Format(time.RFC3339) != tt.end {
			t.Errorf("%s in %s = %s to %s, problem %d, want %s to %s", tt.day, tt.zone, span.From.UTC(), span.To.UTC(), wrong, tt.start, tt.end)
		}
	}
}

func TestReadDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		folded string
		want   day.Days
		ok     bool
	}{
		{"today", day.Days{From: day.Today, To: day.Today}, true},
		{" tomorrow ", day.Days{From: day.Tomorrow, To: day.Tomorrow}, true},
		{"today..tomorrow", day.Days{From: day.Today, To: day.Tomorrow}, true},
		{"today...tomorrow", day.Days{From: day.Today, To: day.Tomorrow}, true},
		{"2026-12-01 a 2026-12-05", day.Days{From: "2026-12-01", To: "2026-12-05"}, true},
		{"2026-12-01 ate 2026-12-05", day.Days{From: "2026-12-01", To: "2026-12-05"}, true},
		{"2026-12-01 hasta 2026-12-05", day.Days{From: "2026-12-01", To: "2026-12-05"}, true},
		{"今天到明天", day.Days{From: day.Today, To: day.Tomorrow}, true},
		{"2026-12-01到2026-12-05", day.Days{From: "2026-12-01", To: "2026-12-05"}, true},
		{"2026-02-30", day.Days{From: "2026-02-30", To: "2026-02-30"}, true}, // doesn't exist; Exists tells
		{"2024-2-29", day.Days{From: "2024-02-29", To: "2024-02-29"}, true},
		{"", day.Days{}, false},
		{"..", day.Days{}, false},
		{"today..", day.Days{}, false},
		{"..today", day.Days{}, false},
		{"today tomorrow", day.Days{}, false},
		{"today..friday", day.Days{}, false},
		{"01.12.2026", day.Days{}, false},
		{"12-01", day.Days{}, false},
		{"2026-12", day.Days{}, false},
		{"20261201", day.Days{}, false},
		{"2026-12/01", day.Days{}, false},
		{"0914-08-7", day.Days{}, false},
	} {
		if got, ok := day.Read(tt.folded); got != tt.want || ok != tt.ok {
			t.Errorf("day.Read(%q) = %v, %v, want %v, %v", tt.folded, got, ok, tt.want, tt.ok)
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no zone files: %v", err)
	}
	return z
}
