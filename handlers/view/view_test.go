package view

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

var update = flag.Bool("update", false, "write the golden files of the views")

// encode is a view as JSON: as it goes to Slack, but one value a line and
// without the escapes that Go adds.
func encode(tb testing.TB, view any) []byte {
	tb.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(wire(view)); err != nil {
		tb.Fatalf("Encode(%T) = %v", view, err)
	}
	return b.Bytes()
}

// wire is what a view looks like to Slack.
func wire(view any) any {
	switch v := view.(type) {
	case bot.Message:
		return struct {
			Text   string       `json:"text"`
			Blocks slack.Blocks `json:"blocks"`
		}{v.Text, slack.Blocks{BlockSet: v.Blocks}}
	case bot.Modal:
		return v.ModalViewRequest
	case bot.Home:
		return v.HomeTabViewRequest
	case map[string]any:
		all := map[string]any{}
		for name, one := range v {
			all[name] = wire(one)
		}
		return all
	}
	return view
}

// TestGolden compares every view, in every state and language, with the file
// that has been looked at. With -update it writes the files.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, locale := range Languages() {
		v := newRenderer(t, locale)
		dir := filepath.Join("testdata", "golden", locale)
		var names []string
		for _, s := range allSamples() {
			got := encode(t, s.draw(v, locale))
			file := filepath.Join(dir, s.name+".json")
			names = append(names, s.name+".json")
			if *update {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("ReadFile(%q) = %v; run the test with -update", file, err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", s.name, locale, diff)
			}
		}
		checkNoLeftovers(t, dir, names)
	}
}

// checkNoLeftovers finds golden files that no view has any more.
func checkNoLeftovers(t *testing.T, dir string, names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(names, e.Name()) {
			t.Errorf("%s is the golden file of no view", filepath.Join(dir, e.Name()))
		}
	}
}

// actionsOf lists the action ids of a message's buttons and menus.
func actionsOf(t *testing.T, m bot.Message) []string {
	t.Helper()
	var actions []string
	for _, node := range nodes(decoded(t, m)) {
		if id, ok := node["action_id"].(string); ok {
			actions = append(actions, id)
		}
	}
	return actions
}

func TestCardButtons(t *testing.T) {
	t.Parallel()
	keep := []string{ActionKeep, ActionAddReason}
	const pick = "pick_occurrences"
	for name, test := range map[string]struct {
		r    cancellation.Request
		want []string
	}{
		"received":                {change(samplePlanned(), inState(cancellation.Received)), nil},
		"planned":                 {samplePlanned(), append([]string{ActionCancel}, keep...)},
		"planned with end":        {change(samplePlanned(), endAsked), append([]string{ActionCancel}, keep...)},
		"running":                 {sampleRunning(), append([]string{ActionEnd}, keep...)},
		"running with end":        {change(sampleRunning(), endAsked), append([]string{ActionEnd}, keep...)},
		"recurring":               {sampleRecurring(), append([]string{pick, ActionCancelOccurrences, ActionCancelSeries}, keep...)},
		"recurring without dates": {change(sampleRecurring(), func(r *cancellation.Request) { r.Meeting.Occurrences = nil }), append([]string{ActionCancelSeries}, keep...)},
		"recurring, running":      {sampleRecurringRunning(), append([]string{pick, ActionCancelOccurrences, ActionCancelSeries}, keep...)},
		"recurring, 57 dates":     {change(sampleRecurring(), weeks(57)), append(append(dateInputs(), ActionCancelOccurrences, ActionCancelSeries), keep...)},
		"recurring, running, end": {change(sampleRecurringRunning(), endAsked), append([]string{pick, ActionCancelOccurrences, ActionCancelSeries}, keep...)},
		"series":                  {change(sampleRecurring(), scoped(cancellation.Series)), append([]string{ActionCancelSeries}, keep...)},
		"series running":          {change(sampleRecurringRunning(), scoped(cancellation.Series)), append([]string{ActionEnd}, keep...)},
		"series running with end": {change(sampleRecurringRunning(), endAsked, scoped(cancellation.Series)), append([]string{ActionCancelSeries}, keep...)},
		"dates":                   {change(sampleRecurring(), scoped(cancellation.Occurrence, 1)), append([]string{ActionCancelOccurrences}, keep...)},
		"running date":            {change(sampleRecurringRunning(), scoped(cancellation.Occurrence, 0)), append([]string{ActionEnd}, keep...)},
		"later date":              {change(sampleRecurringRunning(), scoped(cancellation.Occurrence, 2)), append([]string{ActionCancelOccurrences}, keep...)},
		"undo":                    {change(samplePlanned(), inState(cancellation.Confirmed), undoWindow), []string{ActionUndo}},
		"undo over":               {change(samplePlanned(), inState(cancellation.Confirmed), func(r *cancellation.Request) { r.UndoUntil = noon }), nil},
		"waiting":                 {change(samplePlanned(), inState(cancellation.Confirmed), waiting), []string{ActionStop}},
		"waiting to ask again":    {change(samplePlanned(), inState(cancellation.Calling), waiting), []string{ActionStop}},
		"wait over":               {change(samplePlanned(), inState(cancellation.Calling), func(r *cancellation.Request) { r.WaitUntil = noon }), nil},
		"undo before waiting":     {change(samplePlanned(), inState(cancellation.Confirmed), undoWindow, waiting), []string{ActionUndo}},
		"confirmed":               {change(samplePlanned(), inState(cancellation.Confirmed)), nil},
		"calling":                 {change(samplePlanned(), inState(cancellation.Calling)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := actionsOf(t, newRenderer(t, "en").Card(test.r, noon))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("buttons of Card (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFinalCardsHaveNoButtons walks every state and outcome. Only an unknown
// outcome has a button, which looks again.
func TestFinalCardsHaveNoButtons(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	for _, s := range cancellation.States() {
		if !s.Final() {
			continue
		}
		for _, o := range cancellation.Outcomes() {
			for _, r := range []cancellation.Request{samplePlanned(), sampleRunning(), sampleRecurring(), change(sampleRecurring(), scoped(cancellation.Series))} {
				r.State, r.Outcome, r.UndoUntil = s, o, noon.Add(time.Hour)
				var want []string
				if s == cancellation.Done && o == cancellation.Unknown {
					want = []string{ActionCheckAgain}
				}
				if got := actionsOf(t, v.Card(r, noon)); !slices.Equal(got, want) {
					t.Errorf("buttons of Card in %s, %s = %v, want %v", s, o, got, want)
				}
				if got := actionsOf(t, v.ThreadReply(r)); len(got) != 0 {
					t.Errorf("buttons of ThreadReply in %s, %s = %v, want none", s, o, got)
				}
			}
		}
	}
}

// TestMinimal says that channels learn neither subject nor owner when they are
// not to, but people do.
func TestMinimal(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	v.Minimal = true
	secrets := [][]byte{[]byte("Budget"), []byte("Olga")}
	for name, r := range sampleFinals() {
		r = change(r, ownerNotice(cancellation.NoticeNotFound))
		r.Meeting.Subject = "Budget"
		for view, m := range map[string]bot.Message{
			"Card": v.Card(r, noon), "asked Card": v.Card(change(r, inState(cancellation.Asked)), noon), "ThreadReply": v.ThreadReply(r),
			"undo Card": v.Card(change(r, inState(cancellation.Confirmed), undoWindow), noon), "working Card": v.Card(change(r, inState(cancellation.Calling)), noon),
		} {
			for _, secret := range secrets {
				if got := encode(t, m); bytes.Contains(got, secret) {
					t.Errorf("%s of %s shows %q to the channel:\n%s", view, name, secret, got)
				}
			}
		}
		if got := encode(t, v.OwnerNotice("en", r, "")); !bytes.Contains(got, secrets[0]) {
			t.Errorf("OwnerNotice of %s does not show the subject:\n%s", name, got)
		}
		direct := change(r, func(r *cancellation.Request) { r.Card.Way = cancellation.ByDirect })
		if got := encode(t, v.Card(direct, noon)); !bytes.Contains(got, secrets[0]) {
			t.Errorf("Card of %s in a direct message does not show the subject:\n%s", name, got)
		}
	}
}

// TestClicksReadBack says that what a chooser puts into a click is what the click's
// readers find.
func TestClicksReadBack(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	r := samplePlanned()
	r.Choices = sampleChoices()
	var got []int
	for _, b := range v.Chooser("en", r).Blocks {
		if i, ok := ChoiceIndex(b.ID()); ok {
			got = append(got, i)
		}
	}
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}; !slices.Equal(got, want) {
		t.Errorf("choices of Chooser = %v, want the first in their order, %v", got, want)
	}
	for _, id := range []string{"", "choice", "choice:1", "choice:-1:x", "choice:x:y", "other:1:x", "choice:1:x:y"} {
		if i, ok := ChoiceIndex(id); ok {
			t.Errorf("ChoiceIndex(%q) = %d, true, want false", id, i)
		}
	}
}

// TestPicked says that every date a card offers can be ticked, that the click's
// readers find the ticks, and that nothing else is taken for one.
func TestPicked(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	r := change(sampleRecurring(), weeks(57))
	offered := map[string][]string{}
	for _, node := range nodes(decoded(t, v.Card(r, noon))) {
		if node["type"] != "checkboxes" {
			continue
		}
		input := node["action_id"].(string)
		if !slices.Contains(Inputs(), input) {
			t.Errorf("Card has checkboxes %q, which are none of Inputs", input)
		}
		for _, o := range node["options"].([]any) {
			offered[input] = append(offered[input], o.(map[string]any)["value"].(string))
		}
	}
	var want []int
	for i := range MaxDates {
		want = append(want, i)
	}
	if got := Picked(offered); !slices.Equal(got, want) {
		t.Errorf("Picked(all that Card offers) = %v, want %v", got, want)
	}
	for _, tt := range []struct {
		selected map[string][]string
		want     []int
	}{
		{nil, nil},
		{map[string][]string{"pick_occurrences": {"3", "0"}, "pick_occurrences_2": {"12"}}, []int{0, 3, 12}},
		{map[string][]string{"pick_occurrences": {"1", "1"}, "pick_occurrences_3": {"1"}}, []int{1}},
		{map[string][]string{"pick_occurrences": {"", "-1", "x", "1 ", "7"}, "pick_occurrences_9": {"2"}, "other": {"3"}}, []int{7}},
	} {
		if got := Picked(tt.selected); !slices.Equal(got, tt.want) {
			t.Errorf("Picked(%v) = %v, want %v", tt.selected, got, tt.want)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	v := newRenderer(b, "pt-BR")
	for b.Loop() {
		v.Card(sampleRecurring(), noon)
	}
}
