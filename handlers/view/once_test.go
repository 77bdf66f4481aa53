package view_test

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// checkOnce finds sentences that occur twice in one message. The rows of a list may be alike.
func checkOnce(t failer, name string, view any) {
	t.Helper()
	if all, ok := view.(map[string]any); ok {
		for sub, one := range all {
			checkOnce(t, name+" "+sub, one)
		}
		return
	}
	if strings.HasPrefix(name, "list") || strings.HasPrefix(name, "history") || strings.HasPrefix(name, "home_many") || strings.HasPrefix(name, "home_full") {
		return
	}
	said := map[string]bool{}
	blocks, _ := decoded(t, view)["blocks"].([]any)
	for _, block := range blocks {
		for _, text := range textsOf(block) {
			for _, line := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n.。", r) }) {
				line = strings.Trim(line, " *")
				if utf8.RuneCountInString(line) > 6 && said[line] && strings.Contains(line, " ") {
					t.Errorf("%s says %q twice", name, line)
				}
				said[line] = true
			}
		}
	}
}

// textsOf returns the texts of a block that people read as sentences: not buttons, and not the
// rows of a list of meetings.
func textsOf(block any) (all []string) {
	b := block.(map[string]any)
	if id, _ := b["block_id"].(string); strings.HasPrefix(id, "choice:") || b["type"] == "actions" {
		return nil
	}
	for _, node := range nodes(block) {
		if s, ok := node["text"].(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// checkBoxes checks one element of checkboxes. A date in it has to be readable even where
// Slack doesn't know the token.
func checkBoxes(t failer, name string, boxes map[string]any) {
	t.Helper()
	options := boxes["options"].([]any)
	if len(options) == 0 || len(options) > 10 {
		t.Errorf("%s has %d checkboxes in an element, want 1 to 10", name, len(options))
	}
	values := map[any]bool{}
	for _, o := range options {
		option := o.(map[string]any)
		text := option["text"].(map[string]any)["text"]
		checkLength(t, name+": option", text, 75)
		if s, _ := text.(string); strings.HasPrefix(s, "<!date") && !readableDate.MatchString(s) {
			t.Errorf("%s has the option %q, want a date with a fallback", name, s)
		}
		if d, ok := option["description"].(map[string]any); ok {
			checkLength(t, name+": description", d["text"], 75)
		}
		checkLength(t, name+": option value", option["value"], 75)
		if values[option["value"]] {
			t.Errorf("%s has two options of value %v", name, option["value"])
		}
		values[option["value"]] = true
	}
	initial, some := boxes["initial_options"].([]any)
	if some && len(initial) == 0 {
		t.Errorf("%s has a list of ticked options without any", name)
	}
	for _, o := range initial {
		if value := o.(map[string]any)["value"]; !values[value] {
			t.Errorf("%s has ticked the option %v, which is not offered", name, value)
		}
	}
}

var readableDate = regexp.MustCompile(`^<!date\^\d+\^[^|]+\|.*\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC>$`)
