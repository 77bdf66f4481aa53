package command_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetingbot/internal/command"
)

// errorer is what *testing.T and *rapid.T have in common here.
type errorer interface{ Errorf(string, ...any) }

// checkParse asserts the invariants of every line.
func checkParse(t errorer, line string) {
	c, err := command.Parse(line)
	if err == nil {
		checkCommand(t, line, c)
		if again, err := command.Parse(c.String()); err != nil || again.String() != c.String() {
			t.Errorf("Parse(%q) = %+v, %v, want a round trip", c.String(), again, err)
		}
		return
	}
	var fault *command.Fault
	if !errors.As(err, &fault) || fault.Kind.String() == "unknown fault" {
		t.Errorf("Parse(%q) = %v, want a *Fault of a known kind", line, err)
		return
	}
	checkFault(t, line, fault)
}

func checkCommand(t errorer, line string, c command.Command) {
	if (c.Verb == command.Cancel) != (c.Number != "") && c.Verb != command.History {
		t.Errorf("Parse(%q) = %+v, want a number with Cancel and only there", line, c)
	}
	if (c.Verb == command.CancelMany) != (len(c.Numbers) > 1 != !c.Days.IsZero()) || len(c.Numbers) == 1 {
		t.Errorf("Parse(%q) = %+v, want either numbers or days with CancelMany and only there", line, c)
	}
	if c.Series && !c.Occurrence.IsZero() || c.Verb == command.CancelMany && (c.Series || !c.Occurrence.IsZero()) {
		t.Errorf("Parse(%q) = %+v, want at most one of series and occurrence, and neither with several meetings", line, c)
	}
	if !c.Of.IsZero() && c.Days.IsZero() {
		t.Errorf("Parse(%q) = %+v, want a person only with days", line, c)
	}
	if utf8.RuneCountInString(c.Reason) > command.MaxReason || !utf8.ValidString(c.Reason) || strings.ContainsAny(c.Reason, "\n\r\x00") {
		t.Errorf("Parse(%q) reason %q, want one short valid line", line, c.Reason)
	}
	for _, portion := range c.Portions(2) {
		if again, err := command.Parse(portion.String()); err != nil || again.String() != portion.String() {
			t.Errorf("Parse(%q) = %+v, %v, want the same portion", portion, again, err)
		}
	}
	if !c.Days.IsZero() {
		checkResolve(t, line, c)
	}
}

func checkResolve(t errorer, line string, c command.Command) {
	from, to, err := c.Resolve(time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC), time.FixedZone("", 8*60*60))
	var fault *command.Fault
	switch {
	case errors.As(err, &fault):
		checkFault(t, line, fault)
	case err != nil || !from.Before(to) || to.Sub(from) > command.MaxDays*24*time.Hour:
		t.Errorf("Resolve(%q) = %v, %v, %v, want at most %d days", line, from, to, err, command.MaxDays)
	}
}

func checkFault(t errorer, line string, fault *command.Fault) {
	if utf8.RuneCountInString(fault.Part) > command.MaxPart {
		t.Errorf("Parse(%q) part %q, want %d characters at most", line, fault.Part, command.MaxPart)
	}
	if fault.Corrected == "" {
		if example := fault.Example(number); len(fault.More) > 0 || !parses(example) {
			t.Errorf("Parse(%q) gives the example %q and %q, want one without a fault", line, example, fault.More)
		}
		return
	}
	if fault.Kept != "" {
		t.Errorf("Parse(%q) = %+v, want nothing kept next to a corrected line", line, fault)
	}
	for _, corrected := range append([]string{fault.Corrected}, fault.More...) {
		if c, err := command.Parse(corrected); err != nil || c.String() != corrected {
			t.Errorf("Parse(%q) = %+v, %v, corrected from %q, want the same line", corrected, c, err, line)
		}
	}
}

func parses(line string) bool {
	_, err := command.Parse(line)
	return err == nil
}

// FuzzDays resolves a range of days at any time in any zone.
func FuzzDays(f *testing.F) {
	f.Add("today", "tomorrow", int64(1_800_000_000), 8*3600)
	f.Add("2026-12-01", "2026-12-05", int64(1_790_000_000), -3*3600)
	f.Add("0000-01-01", "9999-12-31", int64(0), 0)
	f.Fuzz(func(t *testing.T, from, to string, unix int64, offset int) {
		now := time.Unix(unix%(1<<40), 0)
		c := command.Command{Verb: command.CancelMany, Days: command.Days{From: command.Day(from), To: command.Day(to)}}
		start, end, err := c.Resolve(now, time.FixedZone("", offset%(14*3600)))
		if err == nil && (!start.Before(end) || end.Sub(start) > command.MaxDays*24*time.Hour || !end.After(now)) {
			t.Errorf("Resolve(%v) at %v = %v, %v, want days that are not over", c.Days, now, start, end)
		}
	})
}
