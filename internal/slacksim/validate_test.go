package slacksim_test

import (
	"testing"

	"meetingbot/internal/slacksim"
)

func TestBlocksValidate(t *testing.T) {
	t.Parallel()
	title := `"title":{"type":"plain_text","text":"a"}`
	for _, row := range []struct {
		name                string
		args                []string
		code, pointer, kind string
		constraint          any // its expected value
	}{
		{"good blocks", []string{"blocks", "[" + section("a") + "]"}, "", "", "", nil},
		{"good message", []string{"message", `{"text":"a","blocks":[` + section("a") + `]}`}, "", "", "", nil},
		{"good modal", []string{"view", `{"type":"modal",` + title + `,"blocks":[]}`}, "", "", "", nil},
		{"good Home", []string{"view", `{"type":"home","blocks":[]}`}, "", "", "", nil},
		{"long text", []string{"blocks", "[" + section(x(3001)) + "]"}, "invalid_blocks", "/0/text/text", "failed_constraint", 3000.},
		{"too many blocks", []string{"blocks", "[" + repeat(51, section("a")) + "]"}, "invalid_blocks", "", "failed_constraint", 50.},
		{"missing text", []string{"message", `{"blocks":[{"type":"header"}]}`}, "invalid_message", "/blocks/0", "missing_field", nil},
		{"an empty message", []string{"message", `{}`}, "invalid_message", "", "missing_field", nil},
		{"an extra property", []string{"blocks", `[{"type":"divider","x":1}]`}, "invalid_blocks", "/0", "invalid_property", nil},
		{"a block that is a number", []string{"blocks", `[1]`}, "invalid_blocks", "/0", "invalid_type", nil},
		{"a long title", []string{"view", `{"type":"modal","title":{"type":"plain_text","text":"` + x(25) + `"},"blocks":[]}`}, "invalid_view", "/title/text", "failed_constraint", 24.},
		{"no submit button", []string{"view", `{"type":"modal",` + title + `,"blocks":[` + input(`{"type":"plain_text_input"}`) + `]}`}, "invalid_view", "/submit", "missing_field", nil},
		{"a Home with a title", []string{"view", `{"type":"home",` + title + `,"blocks":[]}`}, "invalid_view", "", "invalid_property", nil},
		{"a view of unknown type", []string{"view", `{"type":"window",` + title + `,"blocks":[]}`}, "invalid_view", "/type", "failed_constraint", []any{"modal"}},
		{"two at once", []string{"blocks", "[]", "view", "{}"}, "invalid_arguments", "", "", nil},
		{"none", nil, "invalid_arguments", "", "", nil},
		{"invalid JSON", []string{"blocks", "{"}, "invalid_blocks_format", "", "", nil},
		{"no view", []string{"view", "["}, "invalid_arguments", "", "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{Scopes: []string{"commands"}}) // no scope is needed
			got := w.call("blocks.validate", row.args...)
			if got.code() != row.code || (got["ok"] == true) != (row.code == "") {
				t.Fatalf("blocks.validate = %v, want error %q", got, row.code)
			}
			if row.kind == "" {
				if got["errors"] != nil {
					t.Errorf("errors = %v, want none", got["errors"])
				}
				return
			}
			first := at(got, "errors", 0)
			if at(first, "pointer") != row.pointer || at(first, "code") != row.kind || at(first, "message") == "" {
				t.Errorf("errors[0] = %v, want %s at %q", first, row.kind, row.pointer)
			}
			want, same := row.constraint.([]any)
			expected := at(first, "constraint", "expected")
			if same && at(expected, 0) != want[0] || !same && expected != row.constraint {
				t.Errorf("constraint = %v, want %v expected", at(first, "constraint"), row.constraint)
			}
			if got := w.Violations(); len(got) != 0 {
				t.Errorf("Violations() = %q, want none: validating is harmless", got)
			}
		})
	}
}
