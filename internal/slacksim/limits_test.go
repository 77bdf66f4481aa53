package slacksim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"meetingbot/internal/slacksim"
)

// x is a text of n two-byte characters: limits count characters, not bytes.
func x(n int) string { return strings.Repeat("é", n) }

func section(text string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"` + text + `"}}`
}

func button(more string) string {
	return `{"type":"button","text":{"type":"plain_text","text":"Go"}` + more + `}`
}

func actions(elements ...string) string {
	return `{"type":"actions","elements":[` + strings.Join(elements, ",") + `]}`
}

func menu(more string) string {
	return `{"type":"static_select","placeholder":{"type":"plain_text","text":"Which"}` + more + `}`
}

func option(text, value string) string {
	return `{"text":{"type":"plain_text","text":"` + text + `"},"value":"` + value + `"}`
}

func repeat(n int, s string) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }

func TestBlockRules(t *testing.T) {
	t.Parallel()
	confirm := func(title, text, yes string) string {
		return fmt.Sprintf(`,"confirm":{"title":{"type":"plain_text","text":"%s"},"text":{"type":"mrkdwn","text":"%s"},`+
			`"confirm":{"type":"plain_text","text":"%s"},"deny":{"type":"plain_text","text":"No"}}`, title, text, yes)
	}
	for _, row := range []struct {
		name, blocks, wrong string // wrong is part of a message; empty: accepted
	}{
		{"50 blocks", repeat(50, section("a")), ""},
		{"51 blocks", repeat(51, section("a")), "no more than 50 items allowed [json-pointer:/blocks]"},
		{"section of 3000", section(x(3000)), ""},
		{"section of 3001", section(x(3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"empty section text", section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"empty section", `{"type":"section"}`, "must define either `text` or `fields`"},
		{"10 fields", `{"type":"section","fields":[` + repeat(10, `{"type":"mrkdwn","text":"a"}`) + `]}`, ""},
		{"11 fields", `{"type":"section","fields":[` + repeat(11, `{"type":"mrkdwn","text":"a"}`) + `]}`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{"field of 2001", `{"type":"section","fields":[{"type":"mrkdwn","text":"` + x(2001) + `"}]}`, "must be less than 2001 characters"},
		{"header of 150", `{"type":"header","text":{"type":"plain_text","text":"` + x(150) + `"}}`, ""},
		{"header of 151", `{"type":"header","text":{"type":"plain_text","text":"` + x(151) + `"}}`, "must be less than 151 characters"},
		{"header with markup", `{"type":"header","text":{"type":"mrkdwn","text":"a"}}`, "must be one of: plain_text"},
		{"10 in a context", `{"type":"context","elements":[` + repeat(10, `{"type":"mrkdwn","text":"a"}`) + `]}`, ""},
		{"11 in a context", `{"type":"context","elements":[` + repeat(11, `{"type":"mrkdwn","text":"a"}`) + `]}`, "no more than 10 items allowed"},
		{"25 actions", actions(repeat(25, button(""))), ""},
		{"26 actions", actions(repeat(26, button(""))), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"},
		{"no actions", actions(), "no fewer than 1 items allowed"},
		{"button text of 76", actions(`{"type":"button","text":{"type":"plain_text","text":"` + x(76) + `"}}`), "must be less than 76 characters"},
		{"button with markup", actions(`{"type":"button","text":{"type":"mrkdwn","text":"a"}}`), "must be one of: plain_text"},
		{"button without text", actions(`{"type":"button"}`), "missing required field: text"},
		{"button value of 2000", actions(button(`,"value":"` + x(2000) + `"`)), ""},
		{"button value of 2001", actions(button(`,"value":"` + x(2001) + `"`)), "must be less than 2001 characters"},
		{"button style", actions(button(`,"style":"warning"`)), "must be one of: primary, danger"},
		{"button url of 3001", actions(button(`,"url":"https://e.com/` + strings.Repeat("a", 3000) + `"`)), "must be less than 3001 characters"},
		{"button url without scheme", actions(button(`,"url":"e.com"`)), "must be a valid URL"},
		{"accessibility label of 76", actions(button(`,"accessibility_label":"` + x(76) + `"`)), "must be less than 76 characters"},
		{"action_id of 255", actions(button(`,"action_id":"` + x(255) + `"`)), ""},
		{"action_id of 256", actions(button(`,"action_id":"` + x(256) + `"`)), "must be less than 256 characters"},
		{"same action_id in a block", actions(button(`,"action_id":"a"`), button(`,"action_id":"a"`)), `"a" already exists`},
		{"same action_id in two blocks", actions(button(`,"action_id":"a"`)) + "," + actions(button(`,"action_id":"a"`)), ""},
		{"same block_id", `{"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"}`, `"b" already exists`},
		{"confirm at its limits", actions(button(confirm(x(100), x(300), x(30)))), ""},
		{"confirm title of 101", actions(button(confirm(x(101), "a", "a"))), "must be less than 101 characters"},
		{"confirm text of 301", actions(button(confirm("a", x(301), "a"))), "must be less than 301 characters"},
		{"confirm button of 31", actions(button(confirm("a", "a", x(31)))), "must be less than 31 characters"},
		{"confirm without deny", actions(button(`,"confirm":{"title":{"type":"plain_text","text":"a"},"text":{"type":"mrkdwn","text":"a"},"confirm":{"type":"plain_text","text":"a"}}`)), "missing required field: deny"},
		{"menu", actions(menu(`,"options":[` + option(x(75), x(150)) + `]`)), ""},
		{"menu of 101", actions(menu(`,"options":[` + repeat(101, option("a", "a")) + `]`)), "no more than 100 items allowed"},
		{"menu without options", actions(menu("")), "must define either `options` or `option_groups`"},
		{"option text of 76", actions(menu(`,"options":[` + option(x(76), "a") + `]`)), "must be less than 76 characters"},
		{"option value of 151", actions(menu(`,"options":[` + option("a", x(151)) + `]`)), "must be less than 151 characters"},
		{"initial option", actions(menu(`,"options":[` + option("a", "a") + `],"initial_option":` + option("a", "a"))), ""},
		{"initial option of another menu", actions(menu(`,"options":[` + option("a", "a") + `],"initial_option":` + option("b", "b"))), "must be one of the options"},
		{"overflow of 6", actions(`{"type":"overflow","options":[` + repeat(6, option("a", "a")) + `]}`), "no more than 5 items allowed"},
		{"radio of 11", actions(`{"type":"radio_buttons","options":[` + repeat(11, option("a", "a")) + `]}`), "no more than 10 items allowed"},
		{"text input outside an input block", actions(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input"},
		{"button in an input block", `{"type":"input","label":{"type":"plain_text","text":"a"},"element":` + button("") + `}`, "unsupported type: button"},
		{"unknown block", `{"type":"fancy"}`, "unsupported type: fancy [json-pointer:/blocks/0/type]"},
		{"unknown property", `{"type":"divider","colour":"red"}`, "invalid additional property: colour"},
		{"emoji in markup", `{"type":"section","text":{"type":"mrkdwn","text":"a","emoji":true}}`, "invalid additional property: emoji"},
		{"verbatim in plain text", `{"type":"section","text":{"type":"plain_text","text":"a","verbatim":true}}`, "invalid additional property: verbatim"},
		{"block that is a string", `"section"`, "must provide an object"},
		{"block_id of 256", `{"type":"divider","block_id":"` + x(256) + `"}`, "must be less than 256 characters"},
		{"rich text", `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":{"bold":true}}]}]}`, ""},
		{"image without alt text", `{"type":"image","image_url":"https://e.com/a.png"}`, "missing required field: alt_text"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{})
			answer := w.call("chat.postMessage", "channel", general, "text", "a", "blocks", "["+row.blocks+"]")
			if row.wrong == "" {
				if answer["ok"] != true {
					t.Errorf("chat.postMessage(%.80s) = %v, want ok", row.blocks, answer)
				}
				return
			}
			told, _ := at(answer, "response_metadata", "messages").([]any)
			said, err := json.Marshal(told)
			if err != nil {
				t.Fatal(err)
			}
			plain := strings.NewReplacer(`\"`, `"`).Replace(string(said))
			if answer.code() != "invalid_blocks" || !strings.Contains(plain, row.wrong) || !strings.Contains(plain, "[ERROR] ") {
				t.Errorf("chat.postMessage(%.80s) = %v, want invalid_blocks with %q", row.blocks, answer, row.wrong)
			}
			if v := w.Violations(); len(v) != 1 || !strings.Contains(v[0], row.wrong) {
				t.Errorf("Violations() = %q, want one with %q", v, row.wrong)
			}
		})
	}
}

func TestContentRules(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, text, blocks, metadata, code string
	}{
		{"text", "a", "", "", ""},
		{"nothing", "", "", "", "no_text"},
		{"text of 40000", x(40000), "", "", ""},
		{"text of 40001", x(40001), "", "", "msg_too_long"},
		{"blocks that aren't JSON", "a", "[{", "", "invalid_blocks_format"},
		{"blocks that aren't a list", "a", `{"type":"divider"}`, "", "invalid_blocks_format"},
		{"12000 characters in blocks", "a", "[" + repeat(4, section(x(3000))) + "]", "", ""},
		{"12001 characters in blocks", "a", "[" + repeat(4, section(x(3000))) + "," + section("a") + "]", "", "msg_blocks_too_long"},
		{"metadata", "a", "", `{"event_type":"asked","event_payload":{"id":"r1"}}`, ""},
		{"metadata that isn't JSON", "a", "", "{", "invalid_metadata_format"},
		{"metadata without payload", "a", "", `{"event_type":"asked"}`, "invalid_metadata_schema"},
		{"the library's empty metadata", "a", "", `{"event_type":"","event_payload":null}`, ""},
		{"metadata too large", "a", "", `{"event_type":"asked","event_payload":{"id":"` + strings.Repeat("a", 8000) + `"}}`, "metadata_too_large"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{})
			got := w.call("chat.postMessage", "channel", general, "text", row.text, "blocks", row.blocks, "metadata", row.metadata)
			if got.code() != row.code {
				t.Errorf("chat.postMessage = %v, want error %q", got, row.code)
			}
			if broke := len(w.Violations()) > 0; broke != (row.code != "") {
				t.Errorf("Violations() = %q after error %q", w.Violations(), row.code)
			}
		})
	}
}

func TestReviewText(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, text, blocks, want string }{
		{"clean", "a &amp; b &lt;c&gt; <@U0ANA> <https://e.com|x> <!date^1^{date}|then> > quoted", card, ""},
		{"no fallback", "", card, "without top-level text"},
		{"everybody", "<!channel> hello", "", "mentions <!channel>"},
		{"everybody in a block", "a", "[" + section("<!here|here> hello") + "]", "mentions <!here|"},
		{"raw ampersand", "a & b", "", `unescaped text at "& b"`},
		{"raw angle", "a < b", "", `unescaped text at "< b"`},
		{"raw tag in a block", "a", "[" + section("<b>x") + "]", `unescaped text at "<b>x"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{})
			w.post(general, row.text, row.blocks)
			got := strings.Join(w.Violations(), "\n")
			if row.want == "" && got != "" || !strings.Contains(got, row.want) {
				t.Errorf("post(%q, %.60q): Violations() = %q, want %q", row.text, row.blocks, got, row.want)
			}
		})
	}
}
