package command_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/command"
)

func TestParseSeveralFaults(t *testing.T) {
	t.Parallel()
	const both, one, two = command.Name + " 914087436 914087437", command.Name + " 914087436", command.Name + " 914087437"
	numbers := []string{number, number2}
	for _, tt := range []struct {
		line string
		want command.Fault
	}{
		{"914087436 914087437 please", command.Fault{Kind: command.TwoNumbers, Numbers: numbers, Corrected: both}},
		{"914 087 436 914 087 437 please", command.Fault{Kind: command.TwoNumbers, Numbers: numbers, Corrected: both}},
		{"914-087-436 914-087-437 please", command.Fault{Kind: command.TwoNumbers, Numbers: numbers, Corrected: both}},
		{"not 914087436 but 914087437 --end", command.Fault{Kind: command.TwoNumbers, Numbers: numbers, Corrected: both + " --end"}},
		{"914087436 914087437 --foo", command.Fault{Kind: command.UnknownFlag, Part: "--foo", Corrected: both}},
		{"914087436 914087437 1234", command.Fault{Kind: command.StrayDigits, Corrected: both}},
		{"914087436 914087437 12345678", command.Fault{Kind: command.StrayDigits, Corrected: both}},
		{
			"914087436 914087437 --series --end",
			command.Fault{Kind: command.SingleOnly, Part: "--series", Corrected: one + " --end --series", More: []string{two + " --end --series"}},
		},
		{
			"914087436 914087437 --occurrence 2026-12-01",
			command.Fault{
				Kind: command.SingleOnly, Part: "--occurrence",
				Corrected: one + " --occurrence 2026-12-01", More: []string{two + " --occurrence 2026-12-01"},
			},
		},
		{
			"Meeting ID: 12345678 or Meeting ID: 914087436",
			command.Fault{
				Kind: command.TwoNumbers, Numbers: []string{"12345678", number},
				Corrected: command.Name + " 12345678", More: []string{one},
			},
		},
		{
			"history 914087436 914087437",
			command.Fault{
				Kind: command.TwoNumbers, Numbers: numbers,
				Corrected: command.Name + " history 914087436", More: []string{command.Name + " history 914087437"},
			},
		},
		{"--reason flooded 914087436 914087437", command.Fault{
			Kind: command.NoNumber, Corrected: both + ` --reason "flooded"`,
		}},

		{"--reason moved 914087436 --reason gone", command.Fault{Kind: command.Repeated, Part: "--reason", Corrected: one + ` --reason "moved; gone"`}},
		{"--reason moved --reason 914087436", command.Fault{Kind: command.Repeated, Part: "--reason", Corrected: one + ` --reason "moved"`}},
		{"914087436 --reason moved --reason " + strings.Repeat("x", command.MaxReason), command.Fault{
			Kind: command.Repeated, Part: "--reason", Corrected: one + ` --reason "moved; ` + strings.Repeat("x", command.MaxReason-8) + `…"`,
			Also: []command.Fault{{Kind: command.ReasonTooLong}},
		}},

		{"today --series", command.Fault{Kind: command.SingleOnly, Part: "--series", Corrected: command.Name + " today"}},
		{"today --occurrence 2026-12-01 --end", command.Fault{Kind: command.SingleOnly, Part: "--occurrence", Corrected: command.Name + " today --end"}},
		{"2026-12-05..2026-12-01 --end", command.Fault{
			Kind: command.DaysReversed, Part: "2026-12-05..2026-12-01", Corrected: command.Name + " 2026-12-01..2026-12-05 --end",
		}},
		{"tomorrow..today", command.Fault{Kind: command.DaysReversed, Part: "tomorrow..today", Corrected: command.Name + " today..tomorrow"}},
		{"2027-12-05..2026-12-01", command.Fault{Kind: command.DaysReversed, Part: "2027-12-05..2026-12-01", Kept: "2026-12-01"}},
		{"2026-12-01..2028-01-04", command.Fault{
			Kind: command.TooManyDays, Part: "2026-12-01..2028-01-04", Corrected: command.Name + " 2026-12-01..2027-03-02",
		}},
		{"2026-12-01..2027-03-03", command.Fault{
			Kind: command.TooManyDays, Part: "2026-12-01..2027-03-03", Corrected: command.Name + " 2026-12-01..2027-03-02",
		}},
		{"2026-12-01..9999-12-31", command.Fault{
			Kind: command.TooManyDays, Part: "2026-12-01..9999-12-31", Corrected: command.Name + " 2026-12-01..2027-03-02",
		}},
		{"1899-12-31..2026-12-01", command.Fault{
			Kind: command.TooManyDays, Part: "1899-12-31..2026-12-01", Corrected: command.Name + " 1899-12-31..1900-04-01",
		}},
		{"2026-02-30 --end", command.Fault{Kind: command.BadDay, Part: "2026-02-30", Kept: "--end"}},
		{"2026-12-01..2026-12-32", command.Fault{Kind: command.BadDay, Part: "2026-12-32", Corrected: command.Name + " 2026-12-01..2026-12-31"}},
		{"2026-02-30..2026-03-01 --end", command.Fault{
			Kind: command.BadDay, Part: "2026-02-30", Corrected: command.Name + " 2026-02-28..2026-03-01 --end",
		}},
		{"2026-02-30..today --of @carol", command.Fault{
			Kind: command.BadDay, Part: "2026-02-30", Corrected: command.Name + " 2026-02-28..today --of @carol",
		}},
		{"2026-13-01..2026-12-05 --end", command.Fault{Kind: command.BadDay, Part: "2026-13-01", Kept: "2026-12-05 --end"}},
		{"2026-12-01..2026-12-00", command.Fault{Kind: command.BadDay, Part: "2026-12-00", Kept: "2026-12-01"}},
		{"tomorrow today", command.Fault{Kind: command.SeveralDays, Corrected: command.Name + " today..tomorrow"}},
		{"2026-12-03 2026-12-01..2026-12-02 --end", command.Fault{Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01..2026-12-03 --end"}},
		{"2026-12-05 2026-12-01 2026-12-01..2026-12-03", command.Fault{
			Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-05", More: []string{command.Name + " 2026-12-01", command.Name + " 2026-12-01..2026-12-03"},
		}},
		{"2026-12-01 and 2026-12-05 @carol", command.Fault{
			Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01 --of @carol", More: []string{command.Name + " 2026-12-05 --of @carol"},
		}},
		{"2026-12-05 2026-12-01 --end", command.Fault{Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01..2026-12-05 --end"}},
		{"<tel:2026-11-28|2026-11-28> 2026-11-30", command.Fault{Kind: command.SeveralDays, Corrected: command.Name + " 2026-11-28..2026-11-30"}},
		{"2026-12-01 2027-12-01", command.Fault{Kind: command.SeveralDays, Corrected: command.Name + " 2026-12-01", More: []string{command.Name + " 2027-12-01"}}},
		{"today 2026-12-05 --reason ill", command.Fault{
			Kind: command.SeveralDays, Corrected: command.Name + ` today --reason "ill"`, More: []string{command.Name + ` 2026-12-05 --reason "ill"`},
		}},
		{"2026-12-05..2026-12-01 please", command.Fault{Kind: command.UnknownWord, Part: "please", Corrected: command.Name + " 2026-12-01..2026-12-05"}},
		{"2026-12-01 914087436", command.Fault{Kind: command.DayWithNumber, Part: "2026-12-01", Corrected: one}},
		{"please tomorrow 914087436", command.Fault{
			Kind: command.UnknownWord, Part: "please", Corrected: one, Also: []command.Fault{{Kind: command.DayWithNumber, Part: "tomorrow"}},
		}},
		{"914087436 please --of @carol", command.Fault{
			Kind: command.UnknownWord, Part: "please", Corrected: one, Also: []command.Fault{{Kind: command.OfWithNumber}},
		}},
		{"--reason flooded on 2026-12-01", command.Fault{Kind: command.NoNumber, Kept: `--reason "flooded on 2026-12-01"`}},
		{"--reason see 914087436 please", command.Fault{Kind: command.NoNumber, Corrected: one + ` --reason "see 914087436 please"`}},
		{"--of @carol --reason flooded 914087436", command.Fault{Kind: command.OfWithNumber, Corrected: one + ` --reason "flooded"`}},
		{"today please --series --occurrence 2026-12-01", command.Fault{
			Kind: command.SeriesAndOccurrence, Corrected: command.Name + " today", Also: []command.Fault{{Kind: command.SingleOnly, Part: "--occurrence"}},
		}},
		{"list --end --series", command.Fault{
			Kind: command.MisusedFlag, Part: "--end", Corrected: command.Name + " list", Also: []command.Fault{{Kind: command.MisusedFlag, Part: "--series"}},
		}},

		{"01.12.2026", command.Fault{Kind: command.BadDay, Part: "01.12.2026"}},
		{"today please --end", command.Fault{Kind: command.UnknownWord, Part: "please", Corrected: command.Name + " today --end"}},
		{"cancel everything 2026-12-01", command.Fault{Kind: command.UnknownWord, Part: "cancel", Corrected: command.Name + " 2026-12-01"}},
		{"tomorow --end", command.Fault{Kind: command.NotANumber, Part: "tomorow", Corrected: command.Name + " tomorrow --end"}},
		{"monday", command.Fault{Kind: command.NotANumber, Part: "monday"}}, // not taken for today
		{"lsit --end", command.Fault{Kind: command.NotANumber, Part: "lsit", Kept: "--end"}},
		{"today or tomorrow", command.Fault{Kind: command.SeveralDays, Corrected: command.Name + " today..tomorrow"}},
		{"today 914087436", command.Fault{Kind: command.DayWithNumber, Part: "today", Corrected: one}},
		{"history today", command.Fault{Kind: command.NotANumber, Part: "today", Corrected: command.Name + " history"}},

		{"914087436 --of @carol --end", command.Fault{Kind: command.OfWithNumber, Corrected: one + " --end"}},
		{"--of @carol --end", command.Fault{Kind: command.OfWithoutDays, Part: "--of", Kept: "--of @carol --end"}},
		{"today --of", command.Fault{Kind: command.MissingValue, Part: "--of", Kept: "today --of @carol"}},
		{"--of today", command.Fault{Kind: command.MissingValue, Part: "--of", Kept: "today --of @carol"}},
		{"--of 914087436", command.Fault{Kind: command.MissingValue, Part: "--of", Corrected: one, Without: []string{"--of"}}},
		{"today --of carol", command.Fault{Kind: command.BadPerson, Part: "carol", Corrected: command.Name + " today --of @carol"}},
		{`today --of "Carol Smith"`, command.Fault{Kind: command.BadPerson, Part: `"Carol Smith"`, Kept: "today --of @carol"}},
		{"today --of <!subteam^S0123>", command.Fault{Kind: command.BadPerson, Part: "<!subteam^S0123>", Kept: "today --of @carol"}},
		{"today --of carol@ --end", command.Fault{Kind: command.BadPerson, Part: "carol@", Kept: "today --of @carol --end"}},
		{"today --of _carol@example.com", command.Fault{Kind: command.BadPerson, Part: "_carol@example.com", Kept: "today --of @carol"}}, // carol@ is another person
		{"today --of @carol_", command.Fault{Kind: command.BadPerson, Part: "@carol_", Kept: "today --of @carol"}},
		{"--of frank@acc", command.Fault{Kind: command.BadPerson, Part: "frank@acc", Kept: "today --of @carol"}},
		{"today --of https://example.com/?token=1@x", command.Fault{Kind: command.BadPerson, Kept: "today --of @carol"}},
		{"today --of name:@x", command.Fault{Kind: command.BadPerson, Part: "name:@x", Kept: "today --of @carol"}},
		{"today --of carol::@x@example", command.Fault{Kind: command.BadPerson, Kept: "today --of @carol"}},
		{"today --of carol:hunter2@example", command.Fault{Kind: command.BadPerson, Kept: "today --of @carol"}},
		{"914087436 --occurrence 2026-12-01@10:00", command.Fault{Kind: command.BadOccurrence, Part: "2026-12-01@10:00", Corrected: one, Without: []string{"--occurrence"}}},
		{"today --foo --of carol@", command.Fault{Kind: command.UnknownFlag, Part: "--foo", Kept: "today --of @carol", Also: []command.Fault{{Kind: command.BadPerson, Part: "carol@"}}}},
		{"today @dave --end", command.Fault{Kind: command.UnknownWord, Corrected: command.Name + " today --of @dave --end"}},
		{"today for dave@example.com", command.Fault{Kind: command.UnknownWord, Part: "for", Corrected: command.Name + " today --of dave@example.com"}},
		{"today _dave@example.com", command.Fault{Kind: command.UnknownWord, Kept: "today --of @carol"}},
		{"today @dave @erin", command.Fault{Kind: command.UnknownWord, Kept: "today --of @carol"}},
		{"@dave @erin @frank today", command.Fault{Kind: command.UnknownWord, Kept: "today --of @carol"}},
		{"@dave @erin @dave today", command.Fault{Kind: command.UnknownWord, Kept: "today --of @carol"}},
		{"today --of @dave @erin", command.Fault{Kind: command.UnknownWord, Corrected: command.Name + " today --of @dave"}},
		{"today --of @carol --of @dave", command.Fault{Kind: command.Repeated, Part: "--of", Corrected: command.Name + " today --of @carol", More: []string{command.Name + " today --of @dave"}}},
		{"914087436 --of @carol --of @dave", command.Fault{Kind: command.Repeated, Part: "--of", Corrected: one, Also: []command.Fault{{Kind: command.OfWithNumber}}}},
		{"list --of @carol", command.Fault{Kind: command.MisusedFlag, Part: "--of", Corrected: command.Name + " list"}},

		{"12345 --end --reason ill", command.Fault{Kind: command.TooShort, Part: "12345", Kept: `--end --reason "ill"`}},
		{"abc --series", command.Fault{Kind: command.NotANumber, Part: "abc", Kept: "--series"}},
	} {
		got, err := command.Parse(tt.line)
		var fault *command.Fault
		if !errors.As(err, &fault) {
			t.Errorf("Parse(%q) = %+v, %v, want a fault %v", tt.line, got, err, tt.want.Kind)
			continue
		}
		if diff := cmp.Diff(tt.want, *fault); diff != "" {
			t.Errorf("Parse(%q) fault (-want +got):\n%s", tt.line, diff)
		}
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"abc":                    number,
		"abc --end":              number + " --end",
		"--end --series":         number + " --end --series",
		"--of @carol":            "today --of @carol",
		"abc --of @carol":        "today --of @carol",
		"2026-02-30 --end":       "today --end",
		"--of @carol --series":   "today --of @carol",
		"2027-12-05..2026-12-01": "2026-12-01",
		"today tomorrow --of":    "today..tomorrow --of @carol",
	} {
		_, err := command.Parse(line)
		var fault *command.Fault
		if !errors.As(err, &fault) || fault.Corrected != "" {
			t.Errorf("Parse(%q) = %v, want a fault without a corrected line", line, err)
			continue
		}
		got := fault.Example(number)
		if got != want {
			t.Errorf("Parse(%q) example = %q, want %q", line, got, want)
		}
		if _, err := command.Parse(got); err != nil {
			t.Errorf("Parse(%q) = %v, want an example without a fault", got, err)
		}
	}
}

// TestTooLong asserts that a line that is too long still yields a corrected line.
func TestTooLong(t *testing.T) {
	t.Parallel()
	const one = command.Name + " 914000001"
	long := strings.Repeat("é", command.MaxLine)
	cut := ` --reason "` + long[:2*(command.MaxReason-1)] + `…"`
	for line, want := range map[string]command.Fault{
		"914000001 --reason " + long:            {Kind: command.ReasonTooLong, Corrected: one + cut},
		`--reason "` + long + `" 914000001 end`: {Kind: command.ReasonTooLong, Corrected: one + " --end" + cut},
		"tomorrow please --reason " + long: {
			Kind: command.ReasonTooLong, Corrected: command.Name + " tomorrow" + cut,
		},
		"914000001 " + long:                    {Kind: command.LineTooLong, Corrected: one},
		"Meeting ID: 914000001 " + long:        {Kind: command.LineTooLong, Corrected: one},
		long + "é":                             {Kind: command.LineTooLong},
		"914000001 " + strings.Repeat(long, 4): {Kind: command.LineTooLong}, // too long to be read
	} {
		_, err := command.Parse(line)
		var fault *command.Fault
		if !errors.As(err, &fault) {
			t.Errorf("Parse(%.40q) = %v, want a fault", line, err)
		} else if diff := cmp.Diff(want, *fault); diff != "" {
			t.Errorf("Parse(%.40q) fault (-want +got):\n%s", line, diff)
		}
	}
}

// TestTooLongWhenWritten has a line that fits as typed, but whose canonical form doesn't.
func TestTooLongWhenWritten(t *testing.T) {
	t.Parallel()
	numbers := strings.Join(numbersUpTo(398), ",") + ",123456789012345"
	if c, err := command.Parse(numbers + " end"); err == nil || err.Error() != "command: line too long" {
		t.Errorf("Parse of %d characters = a command of %d, %v, want a line that is too long", len(numbers)+4, len(c.String()), err)
	}
	if c, err := command.Parse(numbers[20:]); err != nil || len(c.Numbers) != 397 {
		t.Errorf("Parse of %d characters = %d numbers, %v, want 397", len(numbers)-20, len(c.Numbers), err)
	}
}
