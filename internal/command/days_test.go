package command_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"meetingbot/internal/command"
)

func TestResolveFaults(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		from, to command.Day
		zone     string
		want     command.Fault
	}{
		{"2026-12-01", "2026-12-01", "Asia/Shanghai", command.Fault{Kind: command.DaysPast, Part: "2026-12-01", Kept: "--end"}},
		{"2025-12-01", "2025-12-31", "UTC", command.Fault{Kind: command.DaysPast, Part: "2025-12-01..2025-12-31", Kept: "--end"}},
		{command.Today, "2026-11-30", "UTC", command.Fault{
			Kind: command.DaysReversed, Part: "today..2026-11-30", Corrected: command.Name + " 2026-11-30..today --end",
		}},
		{command.Today, "2025-11-30", "UTC", command.Fault{Kind: command.DaysReversed, Part: "today..2025-11-30", Kept: "--end"}},
		{command.Today, "2028-01-05", "UTC", command.Fault{
			Kind: command.TooManyDays, Part: "today..2028-01-05", Corrected: command.Name + " today..2027-03-02 --end",
		}},
		{"2026-02-30", command.Today, "UTC", command.Fault{Kind: command.BadDay, Part: "2026-02-30..today", Kept: "--end"}},
	} {
		c := command.Command{Verb: command.CancelMany, Days: command.Days{From: tt.from, To: tt.to}, End: true}
		from, to, err := c.Resolve(now, zone(t, tt.zone))
		var fault *command.Fault
		if !errors.As(err, &fault) || !from.IsZero() || !to.IsZero() {
			t.Errorf("Resolve(%v) = %v, %v, %v, want a fault %v", c.Days, from, to, err, tt.want.Kind)
			continue
		}
		if diff := cmp.Diff(tt.want, *fault); diff != "" {
			t.Errorf("Resolve(%v) fault (-want +got):\n%s", c.Days, diff)
		}
	}
	c := command.Command{Verb: command.CancelMany, Days: command.Days{From: command.Today, To: command.Tomorrow}}
	if _, _, err := c.Resolve(now, time.UTC); err != nil {
		t.Errorf("Resolve(%v) = %v, want no fault", c.Days, err)
	}
}

// TestCurrent asserts that days that are over are not offered as the corrected line, and that
// what else was understood stays.
func TestCurrent(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	for line, want := range map[string]command.Fault{
		"1970-01-01..2026-12-01 --end --of @carol": {Kind: command.TooManyDays, Part: "1970-01-01..2026-12-01", Kept: "--of @carol --end"},
		"2026-11-30..2026-11-28":                   {Kind: command.DaysReversed, Part: "2026-11-30..2026-11-28"},
		"2026-12-05..2026-12-01":                   {Kind: command.DaysReversed, Part: "2026-12-05..2026-12-01", Corrected: "/stop 2026-12-01..2026-12-05"},
		"2026-11-28 please --end": {
			Kind: command.UnknownWord, Part: "please", Kept: "--end", Also: []command.Fault{{Kind: command.DaysPast, Part: "2026-11-28"}},
		},
		"2026-11-28,2026-12-05 --end": {Kind: command.SeveralDays, Corrected: "/stop 2026-12-05 --end", Also: []command.Fault{{Kind: command.DaysPast, Part: "2026-11-28"}}},
		"2026-11-26,2026-11-28 --end": {
			Kind: command.SeveralDays, Kept: "--end",
			Also: []command.Fault{{Kind: command.DaysPast, Part: "2026-11-26"}, {Kind: command.DaysPast, Part: "2026-11-28"}},
		},
		"2026-11-28.. --end": {Kind: command.BadDay, Part: "2026-11-28..", Kept: "--end"},
		"2026-12-05.. --end": {Kind: command.BadDay, Part: "2026-12-05..", Kept: "2026-12-05 --end"},
		"914087436 please":   {Kind: command.UnknownWord, Part: "please", Corrected: "/stop 914087436"},
		"--end":              {Kind: command.NoNumber, Kept: "--end"},
	} {
		_, err := command.ParseAs("/stop", line)
		fault, ok := errors.AsType[*command.Fault](err)
		if !ok {
			t.Errorf("ParseAs(%q) = %v, want a fault", line, err)
			continue
		}
		if diff := cmp.Diff(want, *fault.Current(now, time.UTC), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
	past := command.Fault{Kind: command.UnknownWord, Also: []command.Fault{{Kind: command.DaysPast}}, Kept: "--end"}
	if got := past.Example(number); got != "today --end" {
		t.Errorf("Example = %q, want a day", got)
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

// TestDatesAreNotNumbers asserts that punctuation doesn't hide a date, and that half a
// range is neither a day nor a meeting number.
func TestDatesAreNotNumbers(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"2026-12-01", "2026-12-01,", "2026-12-01.", "2026-12-01!", "2026-12-01?", "2026-12-01:",
		"(2026-12-01)", "“2026-12-01”", "'2026-12-01'", "[2026/12/01]", "2026-12-01; --end", "`2026-12-01`,",
	} {
		want := command.Days{From: "2026-12-01", To: "2026-12-01"}
		if got, err := command.Parse(line); err != nil || got.Verb != command.CancelMany || got.Days != want {
			t.Errorf("Parse(%q) = %+v, %v, want the meetings of that day", line, got, err)
		}
	}
	for _, line := range []command.Day{"0000-01-01", "1899-12-31", "1970-01-01", "2200-01-01", "9999-12-31"} {
		want := command.Days{From: line, To: line}
		if got, err := command.Parse(string(line)); err != nil || got.Days != want {
			t.Errorf("Parse(%q) = %+v, %v, want the meetings of that day", line, got, err)
		}
	}
	for line, want := range map[string]command.Fault{
		"2026-12-01..":                       {Kind: command.BadDay, Part: "2026-12-01..", Kept: "2026-12-01"},
		"tomorrow..":                         {Kind: command.BadDay, Part: "tomorrow..", Kept: "tomorrow"},
		"..today --end":                      {Kind: command.BadDay, Part: "..today", Kept: "today --end"},
		"..2026-12-05 --end":                 {Kind: command.BadDay, Part: "..2026-12-05", Kept: "2026-12-05 --end"},
		"2026-12-01-":                        {Kind: command.BadDay, Part: "2026-12-01-", Kept: "2026-12-01"},
		"2026-12-01..05":                     {Kind: command.BadDay, Part: "2026-12-01..05", Kept: "2026-12-01"},
		"2026-02-30..":                       {Kind: command.BadDay, Part: "2026-02-30.."},
		"2026-12-01..2026-12-05..2026-12-07": {Kind: command.BadDay, Part: "2026-12-01..2026-12-05..2026-12-07", Kept: "2026-12-01"},
		"01.12.2026,":                        {Kind: command.BadDay, Part: "01.12.2026,"},
		"history 2026-12-01":                 {Kind: command.NotANumber, Part: "2026-12-01", Corrected: command.Name + " history"},
		"2026-12-01,2026-12-02":              {Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01..2026-12-02"},
		"2026-12-01, 2026-12-02, 2026-12-03": {Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01..2026-12-03"},
		"2026-12-01,2026-12-05 --end": {
			Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01 --end", More: []string{command.Name + " 2026-12-05 --end"},
		},
		"<tel:2026-12-01|2026-12-01> please":                      {Kind: command.UnknownWord, Part: "please", Corrected: command.Name + " 2026-12-01"},
		"<tel:2026-12-01|2026-12-01> <tel:2026-12-02|2026-12-02>": {Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01..2026-12-02"},
		"914087436 <tel:2026-12-01|2026-12-01>":                   {Kind: command.DayWithNumber, Part: "2026-12-01", Corrected: command.Name + " " + number},
		"914087436 2026-12-01..":                                  {Kind: command.UnknownWord, Corrected: command.Name + " " + number},
	} {
		_, err := command.Parse(line)
		fault, ok := errors.AsType[*command.Fault](err)
		if !ok {
			t.Errorf("Parse(%q) = %v, want a fault", line, err)
			continue
		}
		if diff := cmp.Diff(want, *fault); diff != "" {
			t.Errorf("Parse(%q) fault (-want +got):\n%s", line, diff)
		}
	}
}
