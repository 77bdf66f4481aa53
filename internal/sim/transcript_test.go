package sim

import (
	"strconv"
	"strings"
	"testing"
)

// TestParseSchedule checks that anything but a schedule of this version is refused.
func TestParseSchedule(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"this version", `{"version":VERSION,"seed":7,"only":["luck/1"]}`, ""},
		{"another version", `{"version":99,"seed":7}`, "version 99"},
		{"without a version", `{"seed":7}`, "version 0"},
		{"a field of a later version", `{"version":VERSION,"seed":7,"speed":2}`, "speed"},
		{"just a seed", `7`, "not a schedule"},
		{"half a file", `{"version":VERSION,"se`, "not a schedule"},
		{"two at once", `{"version":VERSION,"seed":7}{"version":3,"seed":8}`, "trailing data"},
		{"empty", ``, "not a schedule"},
	} {
		s, err := ParseSchedule([]byte(strings.ReplaceAll(tt.text, "VERSION", strconv.Itoa(Version))))
		switch {
		case tt.want == "" && (err != nil || s.Seed != 7 || len(s.Only) != 1):
			t.Errorf("%s: ParseSchedule() = %+v, %v", tt.name, s, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: ParseSchedule() = %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}

// TestUnknownEvents checks that events which no code asks for are reported.
func TestUnknownEvents(t *testing.T) {
	if r := Run(t, Schedule{Version: Version, Seed: 1, Only: []string{"luck/1", "luck/4711"}}); len(r.Unknown) != 1 || r.Unknown[0] != "luck/4711" {
		t.Errorf("Unknown = %q, want luck/4711", r.Unknown)
	}
}

// TestLeavingOut checks that leaving out an event doesn't change the others.
func TestLeavingOut(t *testing.T) {
	all := Run(t, Schedule{Version: Version, Seed: 3})
	some := Run(t, Schedule{Version: Version, Seed: 3, Only: all.Events})
	if len(all.Plan) == 0 || strings.Join(all.Plan, "\n") != strings.Join(some.Plan, "\n") {
		t.Errorf("with all its events the schedule draws\n%q\nand without a selection\n%q", some.Plan, all.Plan)
	}
}
