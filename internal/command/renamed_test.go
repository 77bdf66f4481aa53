package command_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/command"
)

// TestRenamed asserts that a command's new name isn't taken for a word of the line, and
// that every line to copy starts with it.
func TestRenamed(t *testing.T) {
	t.Parallel()
	const name = "/stornieren"
	for line, want := range map[string]string{
		"914087436 --end": name + " 914087436 --end", name + " 914087436": name + " 914087436", command.Name + " 914087436": name + " 914087436",
		"914087436 914087437": name + " 914087436 914087437", "today --of @carol": name + " today --of @carol", "list": name + " list", "": name, "history": name + " history",
		"help": name + " help", "914087436 --help": name + " help",
	} {
		got, err := command.ParseAs(name, line)
		if err != nil || got.As != name || got.String() != want {
			t.Errorf("ParseAs(%q) = %q, %v, want %q", line, got, err, want)
		}
		if again, err := command.ParseAs(name, got.String()); err != nil || !cmp.Equal(again, got) {
			t.Errorf("ParseAs(%q) = %+v, %v, want %+v", got, again, err, got)
		}
	}
	for _, line := range []string{"914087436 please", "914087436 914087437 --series", "history 914087436 914087437", "2026-12-05..2026-12-01", "lsit", "914087436 --edn", "/kill 914087436"} {
		_, err := command.ParseAs(name, line)
		fault, ok := errors.AsType[*command.Fault](err)
		if !ok || fault.Corrected == "" {
			t.Errorf("ParseAs(%q) = %v, want a fault with a corrected line", line, err)
			continue
		}
		for _, copied := range append([]string{fault.Corrected}, fault.More...) {
			if !strings.HasPrefix(copied, name+" ") {
				t.Errorf("ParseAs(%q) is corrected to %q, want %s in front", line, copied, name)
			}
		}
	}
	for _, portion := range with(many(numbersUpTo(5)...), func(c *command.Command) { c.As = name }).Portions(2) {
		if !strings.HasPrefix(portion.String(), name+" ") {
			t.Errorf("a portion is %q", portion)
		}
	}
	if got, err := command.ParseAs(command.Name, number); err != nil || got.As != "" {
		t.Errorf("ParseAs(the usual name) = %+v, %v, want no name of its own", got, err)
	}
}

// TestString asserts that flags come in one fixed order.
func TestString(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]command.Command{
		"/cancel-meeting": {}, "/cancel-meeting help": {Verb: command.Help}, "/cancel-meeting list": {Verb: command.List},
		"/cancel-meeting history 914087436": {Verb: command.History, Number: number},
		`/cancel-meeting 914087436 --end --occurrence 2026-12-01T10:00 --reason "the 'red' room"`: {
			Verb: command.Cancel, Number: number, End: true, Occurrence: command.Occurrence{Date: "2026-12-01", Time: "10:00"}, Reason: `the "red" room`,
		},
		"/cancel-meeting 914087436 --series":        {Verb: command.Cancel, Number: number, Series: true},
		"/cancel-meeting 914087436 914087437 --end": {Verb: command.CancelMany, Numbers: []string{number, number2}, End: true},
		"/cancel-meeting today --of <@U0123456789>": {Verb: command.CancelMany, Days: command.Days{From: "today", To: "today"}, Of: command.Person{ID: "U0123456789"}},
		"/cancel-meeting 2026-12-01..2026-12-05 --of carol@example.com --end": {
			Verb: command.CancelMany, Days: command.Days{From: "2026-12-01", To: "2026-12-05"},
			Of: command.Person{Email: "carol@example.com"}, End: true,
		},
		"/cancel-meeting tomorrow --of @carol":             {Verb: command.CancelMany, Days: command.Days{From: "tomorrow", To: "tomorrow"}, Of: command.Person{Name: "carol"}},
		`/cancel-meeting 914087436 --reason "'x' 'y' 'z'"`: {Verb: command.Cancel, Number: number, Reason: `“x” ＂y＂ "z"`},
	} {
		if got := c.String(); got != want {
			t.Errorf("String(%+v) = %q, want %q", c, got, want)
		}
		if again, err := command.Parse(want); err != nil || again.String() != want {
			t.Errorf("Parse(%q) = %q, %v, want the same line", want, again, err)
		}
	}
}

// TestFaultsAreSafeToLog asserts that errors don't repeat what was typed.
func TestFaultsAreSafeToLog(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"914087436 hunter2 please", "ana@example.com", "914087436 --password=hunter2",
		"914087436 --reason \"hunter2\" --foo", "https://x.example/?token=hunter2",
		"today --of ana:hunter2@example",
	} {
		_, err := command.Parse(line)
		fault, ok := errors.AsType[*command.Fault](err)
		if !ok || err.Error() != "command: "+fault.Kind.String() || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "9140") {
			t.Errorf("Parse(%q) = %v, want only the kind of fault", line, err)
		}
		if strings.Contains(fault.Part, "hunter2") || strings.Contains(fault.Part, "@") {
			t.Errorf("Parse(%q) shows %q", line, fault.Part)
		}
	}
}

// TestPortionsAreCopies asserts that changing a portion doesn't change the command.
func TestPortionsAreCopies(t *testing.T) {
	t.Parallel()
	c := many(numbersUpTo(3)...)
	before := slices.Clone(c.Numbers)
	for _, portion := range c.Portions(2) {
		for i := range portion.Numbers {
			portion.Numbers[i] = "0"
		}
	}
	if !slices.Equal(c.Numbers, before) {
		t.Errorf("changing a portion changed the command: %q", c.Numbers)
	}
}
