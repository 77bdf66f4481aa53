package view_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/gallery"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// failer is a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// decoded returns a view as Slack reads it: JSON without Go types.
func decoded(t failer, view any) map[string]any {
	t.Helper()
	b, err := json.Marshal(wire(view))
	if err != nil {
		t.Fatalf("Marshal(%T) = %v", view, err)
	}
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatalf("Unmarshal(%s) = %v", b, err)
	}
	return all
}

// nodes returns all objects in a JSON document, in order.
func nodes(value any) []map[string]any {
	var all []map[string]any
	switch v := value.(type) {
	case map[string]any:
		all = append(all, v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, nodes(v[key])...)
		}
	case []any:
		for _, one := range v {
			all = append(all, nodes(one)...)
		}
	}
	return all
}

// checkView checks a view, or each view in a map, against everything that Slack and the
// product require of it.
func checkView(t failer, name string, id cancellation.ID, view any) {
	t.Helper()
	if all, ok := view.(map[string]any); ok {
		for sub, one := range all {
			checkView(t, name+" "+sub, id, one)
		}
		return
	}
	doc := decoded(t, view)
	blocks, _ := doc["blocks"].([]any)
	most := 50
	_, isHome := view.(bot.Home)
	if isHome {
		most = 100
	}
	if len(blocks) == 0 || len(blocks) > most {
		t.Errorf("%s has %d blocks, want 1 to %d", name, len(blocks), most)
	}
	if m, ok := view.(bot.Message); ok {
		checkLength(t, name+": text", m.Text, 4000)
		checkMarkup(t, name+": text", m.Text)
	}
	blockIDs, ids := map[any]bool{}, map[string]bool{}
	for _, node := range nodes(blocks) {
		if id, ok := node["action_id"].(string); ok && id != action.Choose && !isHome {
			if ids[id] {
				t.Errorf("%s has two elements %q", name, id)
			}
			ids[id] = true
		}
	}
	for _, b := range blocks {
		block := b.(map[string]any)
		if blockID := block["block_id"]; blockID != nil {
			if blockIDs[blockID] {
				t.Errorf("%s has two blocks %q", name, blockID)
			}
			blockIDs[blockID] = true
		}
		checkBlock(t, name, block)
	}
	for _, node := range nodes(doc) {
		checkNode(t, name, id, node)
	}
}

// checkBlock checks one block's own limits.
func checkBlock(t failer, name string, block map[string]any) {
	t.Helper()
	text, _ := block["text"].(map[string]any)
	fields, _ := block["fields"].([]any)
	elements, _ := block["elements"].([]any)
	switch block["type"] {
	case "header":
		checkLength(t, name+": header", text["text"], 150)
	case "section":
		if text == nil && len(fields) == 0 {
			t.Errorf("%s has a section without text and fields", name)
		}
		if text != nil {
			checkLength(t, name+": section", text["text"], 3000)
		}
		if len(fields) > 10 {
			t.Errorf("%s has a section of %d fields, want at most 10", name, len(fields))
		}
		for _, f := range fields {
			checkLength(t, name+": field", f.(map[string]any)["text"], 2000)
		}
	case "context":
		if len(elements) == 0 || len(elements) > 10 {
			t.Errorf("%s has a context of %d elements, want 1 to 10", name, len(elements))
		}
		for _, e := range elements {
			checkLength(t, name+": context", e.(map[string]any)["text"], 2000)
		}
	case "actions":
		checkRow(t, name, elements)
		if len(elements) > 1 && elements[0].(map[string]any)["type"] == "checkboxes" {
			t.Errorf("%s has checkboxes and something else in one row", name)
		}
	case "input":
		label := block["label"].(map[string]any)
		checkLength(t, name+": label", label["text"], 2000)
	default:
		t.Errorf("%s has a block of type %v", name, block["type"])
	}
}

func checkRow(t failer, name string, elements []any) {
	t.Helper()
	if len(elements) == 0 || len(elements) > 5 {
		t.Errorf("%s has a row of %d buttons, want 1 to 5", name, len(elements))
	}
	seen := map[any]bool{}
	for _, e := range elements {
		verb := e.(map[string]any)["action_id"]
		if seen[verb] {
			t.Errorf("%s has a row with two buttons %q", name, verb)
		}
		seen[verb] = true
	}
}

// checkNode checks what may occur anywhere: texts, buttons, menus.
func checkNode(t failer, name string, id cancellation.ID, node map[string]any) {
	t.Helper()
	switch node["type"] {
	case "mrkdwn":
		checkMarkup(t, name, node["text"].(string))
		if node["verbatim"] != true {
			t.Errorf("%s has a text in which Slack would create links: %q", name, node["text"])
		}
	case "plain_text":
		checkWords(t, name, node["text"].(string))
	case "button":
		checkLength(t, name+": button", node["text"].(map[string]any)["text"], 75)
		if !hasOwnValue(node["action_id"]) && node["value"] != string(id) || node["action_id"] == "" || node["action_id"] == nil {
			t.Errorf("%s has a button %v with value %v, want the request %q and nothing else", name, node["action_id"], node["value"], id)
		}
		if verb, _ := node["action_id"].(string); !slices.Contains(action.Buttons(), verb) {
			t.Errorf("%s has a button %q, which package action doesn't list", name, verb)
		}
		if label := node["accessibility_label"]; label != nil {
			checkLength(t, name+": accessibility_label", label, 75)
		}
	case "checkboxes":
		if verb, _ := node["action_id"].(string); !slices.Contains(action.Inputs(), verb) {
			t.Errorf("%s has checkboxes %q, which are none of Inputs", name, verb)
		}
		checkBoxes(t, name, node)
	case "modal":
		for _, part := range []string{"title", "submit", "close"} {
			checkLength(t, name+": "+part, node[part].(map[string]any)["text"], 24)
		}
		if private, _ := node["private_metadata"].(string); private != string(id) {
			t.Errorf("%s has private_metadata %v, want the request %q", name, node["private_metadata"], id)
		}
	case "plain_text_input":
		if v, ok := node["initial_value"].(string); ok && utf8.RuneCountInString(v) > command.MaxReason {
			t.Errorf("%s starts with a value of %d characters, want at most %d", name, utf8.RuneCountInString(v), command.MaxReason)
		}
	}
}

// hasOwnValue reports whether a button carries an id other than that of its view's request.
func hasOwnValue(verb any) bool {
	name, _ := verb.(string)
	return slices.Contains([]string{action.HomeCard, action.HomeMeeting, action.DelegateAdd, action.DelegateRemove}, name)
}

func checkLength(t failer, name string, text any, limit int) {
	t.Helper()
	s, _ := text.(string)
	if n := utf8.RuneCountInString(s); strings.TrimSpace(s) == "" || n > limit {
		t.Errorf("%s has %d characters, want 1 to %d: %q", name, n, limit, s)
	}
}

var (
	missingWord = regexp.MustCompile(`<no value>|\[[a-z_]+\.[a-z_0-9]+\]`)
	knownTag    = regexp.MustCompile(`<(@[UW][A-Z0-9]+|#C[A-Z0-9]+|!subteam\^S[A-Z0-9]+|!date\^[0-9-]+\^[^|<>^]+\|[^|<>]+|https?://[^|<>]+\|[^|<>]+)>`)
	entity      = regexp.MustCompile(`&(amp|lt|gt);`)
	broadcast   = regexp.MustCompile(`@(channel|here|everyone|group)`)
)

// checkMarkup finds anything in a text that Slack would take for a link, a mention or markup
// and that we didn't put there.
func checkMarkup(t failer, name, text string) {
	t.Helper()
	checkWords(t, name, text)
	if left := knownTag.ReplaceAllString(text, ""); strings.ContainsAny(left, "<>") {
		t.Errorf("%s has an unknown tag: %q", name, text)
	}
	if left := entity.ReplaceAllString(text, ""); strings.Contains(left, "&") {
		t.Errorf("%s has an unescaped ampersand: %q", name, text)
	}
	if broadcast.MatchString(text) {
		t.Errorf("%s mentions everyone: %q", name, text)
	}
}

// checkWords finds missing words, and invisible characters that change what is seen.
func checkWords(t failer, name, text string) {
	t.Helper()
	if missingWord.MatchString(text) {
		t.Errorf("%s lacks a word: %q", name, text)
	}
	if !utf8.ValidString(text) {
		t.Errorf("%s is not UTF-8: %q", name, text)
	}
	for _, r := range text {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%s has the invisible character %U: %q", name, r, text)
			return
		}
	}
}

// TestLimits checks every sample in every language.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		v := newRenderer(t, locale)
		for _, s := range gallery.All() {
			drawn := s.Draw(v, locale)
			checkView(t, s.Name+" in "+locale, s.ID, drawn)
			checkOnce(t, s.Name+" in "+locale, drawn)
		}
	}
}
