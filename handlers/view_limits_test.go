package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// failer is a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// decoded is a view as Slack reads it: JSON without our types.
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

// nodes are all objects of a JSON document, in order.
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

// checkView holds a view, or each of a map of them, against everything that
// Slack and the product demand of it.
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
	if len(blocks) == 0 || len(blocks) > 50 {
		t.Errorf("%s has %d blocks, want 1 to 50", name, len(blocks))
	}
	if m, ok := view.(bot.Message); ok {
		checkLength(t, name+": text", m.Text, 4000)
		checkMarkup(t, name+": text", m.Text)
	}
	blockIDs := map[any]bool{}
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
		action := e.(map[string]any)["action_id"]
		if seen[action] {
			t.Errorf("%s has a row with two buttons %q", name, action)
		}
		seen[action] = true
	}
}

// checkNode checks what may stand anywhere: texts, buttons, menus.
func checkNode(t failer, name string, id cancellation.ID, node map[string]any) {
	t.Helper()
	switch node["type"] {
	case "mrkdwn":
		checkMarkup(t, name, node["text"].(string))
		if node["verbatim"] != true {
			t.Errorf("%s has a text in which Slack makes links by itself: %q", name, node["text"])
		}
	case "plain_text":
		checkWords(t, name, node["text"].(string))
	case "button":
		checkLength(t, name+": button", node["text"].(map[string]any)["text"], 75)
		if node["value"] != string(id) || node["action_id"] == "" || node["action_id"] == nil {
			t.Errorf("%s has a button %v with value %v, want the request %q and nothing else", name, node["action_id"], node["value"], id)
		}
		if label := node["accessibility_label"]; label != nil {
			checkLength(t, name+": accessibility_label", label, 75)
		}
	case "multi_static_select":
		checkMenu(t, name, node)
	case "modal":
		for _, part := range []string{"title", "submit", "close"} {
			checkLength(t, name+": "+part, node[part].(map[string]any)["text"], 24)
		}
		if node["private_metadata"] != string(id) {
			t.Errorf("%s has private_metadata %v, want the request %q", name, node["private_metadata"], id)
		}
	case "plain_text_input":
		if v, ok := node["initial_value"].(string); ok && utf8.RuneCountInString(v) > command.MaxReason {
			t.Errorf("%s starts with a value of %d characters, want at most %d", name, utf8.RuneCountInString(v), command.MaxReason)
		}
	}
}

func checkMenu(t failer, name string, menu map[string]any) {
	t.Helper()
	options := menu["options"].([]any)
	if len(options) == 0 || len(options) > 100 {
		t.Errorf("%s has a menu of %d options, want 1 to 100", name, len(options))
	}
	values := map[any]bool{}
	for _, o := range options {
		option := o.(map[string]any)
		checkLength(t, name+": option", option["text"].(map[string]any)["text"], 75)
		checkLength(t, name+": option value", option["value"], 75)
		if values[option["value"]] {
			t.Errorf("%s has two options of value %v", name, option["value"])
		}
		values[option["value"]] = true
	}
	initial, _ := menu["initial_options"].([]any)
	for _, o := range initial {
		if value := o.(map[string]any)["value"]; !values[value] {
			t.Errorf("%s has chosen the option %v, which is not in the menu", name, value)
		}
	}
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

// checkMarkup finds anything in a text that Slack would take for a link, a
// mention or markup of its own and that we did not put there.
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
		t.Errorf("%s calls everybody: %q", name, text)
	}
}

// checkWords finds words that are missing and characters that nobody can see
// but that change what is seen.
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
	for _, locale := range languageNames() {
		v := newViews(t, locale)
		for _, s := range slices.Concat(cardSamples(), letterSamples()) {
			checkView(t, s.name+" in "+locale, s.id, s.draw(v, locale))
		}
	}
}

// hostile generates what somebody may have typed to break a message.
func hostile() *rapid.Generator[string] {
	nasty := rapid.SampledFrom([]string{
		"<!channel>", "<@U0ANA0001>", "@here", "*", "_", "~", "`", "```", "&", "&amp;", "<", ">", "|", "^", "\n", "\r\n> ", "\u202e", "\u2066",
		"\u200b", "\x00", "\x1b[31m", "👩‍👩‍👧‍👦", "🇧🇷", "é", "اجتماع", "会议", ":white_check_mark:", "https://evil.example/?a=b&c=d|x",
		"{{.Subject}}", "%s", "\xff\xfe", "<https://evil.example|Cancel meeting>", "<!date^1^{date}|x>", strings.Repeat("&", 500), strings.Repeat("長", 400),
	})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(nasty, rapid.String()), 0, 30).Draw(t, "parts"), "")
	})
}

// byLook puts requests in an order, so that a failure can be repeated.
func byLook(a, b cancellation.Request) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }

// hostileRequest has such text wherever text comes from outside.
func hostileRequest(t *rapid.T) cancellation.Request {
	r := rapid.SampledFrom(slices.Concat([]cancellation.Request{
		samplePlanned(), sampleRunning(), sampleRecurring(), sampleRecurringRunning(), change(sampleRecurring(), scoped(cancellation.Occurrence, 0, 4)),
		change(samplePlanned(), inState(cancellation.Confirmed), undoWindow), change(sampleRunning(), endAsked, inState(cancellation.Calling)),
		{ID: "i", State: cancellation.Asked},
	}, slices.SortedFunc(maps.Values(sampleFinals()), byLook))).Draw(t, "request")
	text := hostile()
	for _, field := range []*string{
		&r.Meeting.Subject, &r.Meeting.OwnerName, &r.Reason, &r.Owner.Name, &r.Meeting.Number, &r.Meeting.ID, &r.Number, &r.Asker, &r.ConfirmedBy,
		&r.ClosedBy, &r.Reference, &r.Why, &r.Wanted, &r.Meeting.Rule.Until, &r.Meeting.Rule.Cycle,
	} {
		if rapid.Bool().Draw(t, "spoil") {
			*field = text.Draw(t, "text")
		}
	}
	r.Owner.Result = rapid.SampledFrom([]cancellation.NoticeResult{"", cancellation.NoticeSent, cancellation.NoticeRefused}).Draw(t, "owner")
	r.Scope = rapid.SampledFrom([]cancellation.Scope{r.Scope, cancellation.Series, cancellation.Occurrence, cancellation.Undecided}).Draw(t, "scope")
	if r.Meeting.Recurring {
		for i := range rapid.IntRange(0, 150).Draw(t, "dates") {
			o := cancellation.OccurrenceRef{ID: "more" + strings.Repeat("x", i), Start: noon.Add(time.Duration(i) * time.Hour)}
			r.Meeting.Occurrences = append(r.Meeting.Occurrences, o)
			r.Chosen = append(r.Chosen, o.ID)
		}
	}
	return r
}

func TestHostile(t *testing.T) {
	t.Parallel()
	views := map[string]*Views{}
	for _, locale := range languageNames() {
		views[locale] = newViews(t, locale)
	}
	rapid.Check(t, func(t *rapid.T) {
		locale := rapid.SampledFrom(languageNames()).Draw(t, "locale")
		v := *views[locale]
		v.Minimal = rapid.Bool().Draw(t, "minimal")
		v.Second = rapid.SampledFrom([]cancellation.SecondPerson{cancellation.SecondNever, cancellation.SecondEnd, cancellation.SecondSeries, cancellation.SecondAlways}).Draw(t, "second")
		r, text := hostileRequest(t), hostile()
		check := func(name string, view any) { checkView(t, name, r.ID, view) }
		check("Card", v.Card(r, noon))
		check("ThreadReply", v.ThreadReply(r))
		check("OwnerNotice", v.OwnerNotice(locale, r, text.Draw(t, "link")))
		check("AskerNotice", v.AskerNotice(locale, r, text.Draw(t, "link")))
		check("ReasonModal", v.ReasonModal(locale, r))
		check("History", v.History(locale, slices.Repeat([]cancellation.Request{r}, 20)))
		check("Answer", v.Answer(locale, Answer{
			Kind: rapid.SampledFrom(AnswerKinds()).Draw(t, "kind"), Request: r, Who: text.Draw(t, "who"), Users: []string{text.Draw(t, "user")},
			Groups: []string{text.Draw(t, "group")}, Channels: []string{text.Draw(t, "channel")}, Class: text.Draw(t, "class"),
			Wait: time.Duration(rapid.Int64().Draw(t, "wait")), Reference: text.Draw(t, "reference"), Link: text.Draw(t, "link"),
		}))
		check("Fault", v.Fault(locale, &command.Fault{
			Kind: command.Kind(rapid.IntRange(-1, 20).Draw(t, "fault")), Part: text.Draw(t, "part"), Corrected: text.Draw(t, "line"),
			Numbers: []string{text.Draw(t, "number"), "914087436"},
		}))
		for i := range r.Choices {
			r.Choices[i].Subject = text.Draw(t, "subject")
		}
		r.Choices = slices.Repeat([]cancellation.Choice{{Subject: text.Draw(t, "subject"), Number: text.Draw(t, "number"), Owner: text.Draw(t, "owner"), Start: noon}}, 20)
		check("Chooser", v.Chooser(locale, r))
		check("List", v.List(locale, r.Choices, 3))
	})
}
