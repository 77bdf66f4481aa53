package slacksim_test

import (
	"fmt"
	"strings"
	"testing"

	"meetingbot/internal/slacksim"
)

func marked(text string) string { return `{"type":"mrkdwn","text":"` + text + `"}` }

// box is an option of checkboxes; the description may be empty.
func box(text, value, description string) string {
	o := `{"text":` + marked(text) + `,"value":"` + value + `"`
	if description != "" {
		o += `,"description":` + marked(description)
	}
	return o + `}`
}

func boxes(more string, options ...string) string {
	return `{"type":"checkboxes","action_id":"tick","options":[` + strings.Join(options, ",") + `]` + more + `}`
}

func input(element string) string {
	return `{"type":"input","block_id":"in","label":{"type":"plain_text","text":"a"},"element":` + element + `}`
}

func many(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = box("a", fmt.Sprint(i), "")
	}
	return all
}

// elementRows are the rules for checkboxes and inputs. wrong is part of an error
// message; if empty, Slack accepts the blocks.
var elementRows = []struct{ name, blocks, wrong string }{
	{"10 boxes", actions(boxes("", many(10)...)), ""},
	{"11 boxes", actions(boxes("", many(11)...)), "no more than 10 items allowed"},
	{"no boxes", actions(boxes("")), "no fewer than 1 items allowed"},
	{"boxes in a section", `{"type":"section","text":` + marked("a") + `,"accessory":` + boxes("", many(2)...) + `}`, ""},
	{"boxes in an input", input(boxes("", many(2)...)), ""},
	{"box text and description of 75", actions(boxes("", box(x(75), "a", x(75)))), ""},
	{"box text of 76", actions(boxes("", box(x(76), "a", ""))), "must be less than 76 characters"},
	{"box description of 76", actions(boxes("", box("a", "a", x(76)))), "must be less than 76 characters"},
	{"box value of 151", actions(boxes("", box("a", x(151), ""))), "must be less than 151 characters"},
	{"box without a value", actions(boxes("", `{"text":`+marked("a")+`}`)), "missing required field: value"},
	{"box with a link", actions(boxes("", `{"text":`+marked("a")+`,"value":"a","url":"https://e.com"}`)), "invalid additional property: url"},
	{"two boxes with the same value", actions(boxes("", box("a", "a", ""), box("b", "a", ""))), `"a" already exists for another option`},
	{"boxes initially ticked", actions(boxes(`,"initial_options":[`+box("b", "1", "c")+`]`, box("a", "0", ""), box("b", "1", "c"))), ""},
	{"none initially ticked", actions(boxes(`,"initial_options":[]`, many(2)...)), "no fewer than 1 items allowed"},
	{"initially ticked with another description", actions(boxes(`,"initial_options":[`+box("b", "1", "d")+`]`, box("b", "1", "c"))), "must be one of the options"},
	{"initially ticked twice", actions(boxes(`,"initial_options":[`+box("a", "0", "")+`,`+box("a", "0", "")+`]`, many(2)...)), "must be one of the options"},
	{"menu with markup", actions(menu(`,"options":[` + box("a", "a", "") + `]`)), "must be one of: plain_text"},
	{"radio with markup", actions(`{"type":"radio_buttons","options":[` + box("a", "a", "") + `]}`), ""},
	{"confirm on boxes", actions(boxes(`,"confirm":{"title":{"type":"plain_text","text":"a"}}`, many(1)...)), "missing required field: text"},
	{"user", actions(`{"type":"users_select","action_id":"a","initial_user":"U0ANA"}`), ""},
	{"user without an id", actions(`{"type":"users_select","action_id":"a","initial_user":"ana"}`), "invalid user ID"},
	{"date", actions(`{"type":"datepicker","action_id":"a","initial_date":"2026-12-01"}`), ""},
	{"no such date", actions(`{"type":"datepicker","action_id":"a","initial_date":"2026-02-30"}`), "must be in the format YYYY-MM-DD"},
	{"time", actions(`{"type":"timepicker","action_id":"a","initial_time":"25:00"}`), "must be in the format HH:mm"},
	{"text", input(`{"type":"plain_text_input","multiline":true,"min_length":1,"max_length":3000}`), ""},
	{"text of 3001", input(`{"type":"plain_text_input","max_length":3001}`), "must be a number from 1 to 3000"},
	{"min above max", input(`{"type":"plain_text_input","min_length":5,"max_length":4}`), "must not be greater than `max_length`"},
	{"initial value too long", input(`{"type":"plain_text_input","max_length":2,"initial_value":"éé3"}`), "must be less than 3 characters"},
}

func TestElementRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{HomeTab: true})
	for _, row := range elementRows {
		blocks := "[" + row.blocks + "]"
		places := map[string]reply{
			"message": w.call("chat.postMessage", "channel", general, "text", "a", "blocks", blocks),
			"home":    w.call("views.publish", "user_id", ana, "view", `{"type":"home","blocks":`+blocks+`}`),
		}
		for place, answer := range places {
			told := strings.ReplaceAll(fmt.Sprint(answer["errors"]), `\"`, `"`)
			if row.wrong == "" && answer["ok"] != true || row.wrong != "" && (answer["ok"] == true || !strings.Contains(told, row.wrong)) {
				t.Errorf("%s in a %s: %v, want %q", row.name, place, answer, row.wrong)
			}
		}
	}
}

func TestReviewCheckboxMarkup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.post(general, "a", "["+actions(boxes("", box("R&D", "a", "<!channel>")))+"]")
	got := strings.Join(w.Violations(), "\n")
	for _, want := range []string{`unescaped text at "&D"`, "mentions <!channel>"} {
		if !strings.Contains(got, want) {
			t.Errorf("Violations() = %q, want %q", got, want)
		}
	}
}
