package command_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/command"
)

// TestOccurrences reads a day and a time as people write them. If only the time is wrong,
// the corrected line keeps the day, unless a zone may make it another day.
func TestOccurrences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ typed, want string }{
		{"2026-12-01", "2026-12-01"},
		{"2026-12-1", "2026-12-01"},
		{"2026/12/01", "2026-12-01"},
		{"2026.12.01", "2026-12-01"},
		{"2026-12-01T10:00", "2026-12-01T10:00"},
		{"2026-12-01T9:05", "2026-12-01T09:05"},
		{"2026-12-01T10:00:00", "2026-12-01T10:00"},
		{"2026-12-01 10:00", "2026-12-01T10:00"},
		{"2026-12-01T23:59", "2026-12-01T23:59"},
		{`"2026-12-01"`, "2026-12-01"},
		{"<2026-12-01>", "2026-12-01"},
		{"`2026-12-01T10:00`", "2026-12-01T10:00"},
		{"２０２６－１２－０１", "2026-12-01"},
		{"<tel:2026-12-01|2026-12-01>", "2026-12-01"},
		{"<tel:20261201|2026.12.01>,", "2026-12-01"},
		{"(2026-12-01 10:00),", "2026-12-01T10:00"},
		{`"<tel:2026-12-01|2026-12-01>"`, "2026-12-01"},
		{"<tel:2026-12-01|2026-12-01> 10:00", "2026-12-01T10:00"},
		{"<tel:2026-12-01|2026-12-01>T10:00", "2026-12-01T10:00"},
		{`"2026-12-01 10:00"`, "2026-12-01T10:00"},
		{"'2026-12-01' 10:00", "2026-12-01T10:00"},
		{"2028-02-29", "2028-02-29"},
	} {
		got, err := command.Parse(number + " --occurrence " + tt.typed)
		if err != nil || got.Verb != command.Cancel || got.Number != number || got.Occurrence.String() != tt.want {
			t.Errorf("--occurrence %s = %+v, %v, want %s", tt.typed, got, err, tt.want)
		}
	}
	const corrected = command.Name + " " + number
	for _, tt := range []struct{ typed, part, kept string }{
		{"2026-12-01T25:00", "2026-12-01T25:00", " --occurrence 2026-12-01"},
		{"2026-12-01T10", "2026-12-01T10", " --occurrence 2026-12-01"},
		{"2026-12-01T1000", "2026-12-01T1000", " --occurrence 2026-12-01"},
		{"2026-12-01T10:00:30", "2026-12-01T10:00:30", " --occurrence 2026-12-01"},
		{"2026-12-01T10.00", "2026-12-01T10.00", " --occurrence 2026-12-01"},
		{"2026-12-01T", "2026-12-01T", " --occurrence 2026-12-01"},
		{"<tel:2026-12-01|2026-12-01>T25:00", "2026-12-01T25:00", " --occurrence 2026-12-01"},
		{"2026-12-01T10:00Z", "2026-12-01T10:00Z", ""},
		{"2026-12-01T10:00+08:00", "2026-12-01T10:00+08:00", ""},
		{"2026-02-30T10:00", "2026-02-30T10:00", ""},
		{"2026-02-30", "2026-02-30", ""},
		{"2026-02-29", "2026-02-29", ""},
		{"01.12.2026", "01.12.2026", ""},
		{"12/01/2026", "12/01/2026", ""},
		{"today", "today", ""},
		{"2026-12", "2026-12", ""},
		{"2026-12-01..2026-12-02", "2026-12-01..2026-12-02", ""},
	} {
		_, err := command.Parse(number + " --occurrence " + tt.typed + " --end")
		fault, ok := errors.AsType[*command.Fault](err)
		want := command.Fault{Kind: command.BadOccurrence, Part: tt.part, Corrected: corrected + " --end" + tt.kept}
		if tt.kept == "" {
			want.Without = []string{"--occurrence"}
		}
		if !ok || !cmp.Equal(*fault, want) {
			t.Errorf("--occurrence %s = %+v, want %+v", tt.typed, err, want)
		}
	}
	if got, err := command.Parse(number + " --occurrence 2026-12-01 --occurrence 2026-12-02T25:00"); err == nil {
		t.Errorf("Parse(a date and a bad one) = %+v, want a fault", got)
	} else if fault, _ := errors.AsType[*command.Fault](err); fault.Corrected != corrected+" --occurrence 2026-12-01" {
		t.Errorf("a date and a bad one are corrected to %q, want the first", fault.Corrected)
	}
}

// TestOtherFaultsAreReported asserts that a fault mentions every option, and every time
// of a date, that the corrected line leaves out, even if something else is wrong too.
func TestOtherFaultsAreReported(t *testing.T) {
	t.Parallel()
	const corrected = command.Name + " " + number
	for _, tt := range []struct {
		typed   string
		also    command.Fault
		want    string
		without []string
	}{
		{"--foo --occurrence 2026-11-31", command.Fault{Kind: command.BadOccurrence, Part: "2026-11-31"}, corrected, []string{"--occurrence"}},
		{"--foo --occurrence 2026-12-01T25:00", command.Fault{Kind: command.BadOccurrence, Part: "2026-12-01T25:00"}, corrected + " --occurrence 2026-12-01", nil},
		{"--foo --reason", command.Fault{Kind: command.MissingValue, Part: "--reason"}, corrected, []string{"--reason"}},
		{"--foo --of", command.Fault{Kind: command.MissingValue, Part: "--of"}, corrected, []string{"--of"}},
	} {
		_, err := command.Parse(number + " " + tt.typed)
		fault, ok := errors.AsType[*command.Fault](err)
		want := command.Fault{Kind: command.UnknownFlag, Part: "--foo", Corrected: tt.want, Without: tt.without, Also: []command.Fault{tt.also}}
		if !ok || !cmp.Equal(*fault, want) {
			t.Errorf("%s = %+v, want %+v", tt.typed, fault, want)
		}
	}
}
