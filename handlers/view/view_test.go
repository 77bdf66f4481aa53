package view_test

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
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/gallery"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

var update = flag.Bool("update", false, "write the golden files of the views")

// encode returns a view as JSON, as Slack gets it, but with one value per line and without the
// escapes that Go adds.
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

// wire returns a view as Slack sees it.
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

// TestGolden compares every view, in every state and language, with its reviewed file. With
// -update it writes the files.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		v := newRenderer(t, locale)
		dir := filepath.Join("testdata", "golden", locale)
		var names []string
		for _, s := range gallery.All() {
			got := encode(t, s.Draw(v, locale))
			file := filepath.Join(dir, s.Name+".json")
			names = append(names, s.Name+".json")
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
				t.Errorf("%s in %s (-want +got):\n%s", s.Name, locale, diff)
			}
		}
		if t.Failed() {
			t.Log("if the new views are right, run the test with -update")
		}
		checkNoLeftovers(t, dir, names)
	}
}

// checkNoLeftovers finds golden files that no longer have a view.
func checkNoLeftovers(t *testing.T, dir string, names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(names, e.Name()) {
			t.Errorf("%s has no view", filepath.Join(dir, e.Name()))
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
	keep := []string{action.Keep, action.AddReason}
	const pick = "pick_occurrences"
	for name, test := range map[string]struct {
		r    cancellation.Request
		want []string
	}{
		"planned":                 {sample.Planned(), append([]string{action.Cancel}, keep...)},
		"planned with end":        {sample.Change(sample.Planned(), sample.EndAsked), append([]string{action.Cancel}, keep...)},
		"running":                 {sample.Running(), append([]string{action.End}, keep...)},
		"running with end":        {sample.Change(sample.Running(), sample.EndAsked), append([]string{action.End}, keep...)},
		"recurring":               {sample.Recurring(), append([]string{pick, action.CancelOccurrences, action.CancelSeries}, keep...)},
		"recurring without dates": {sample.Change(sample.Recurring(), func(r *cancellation.Request) { r.Meeting.Occurrences = nil }), append([]string{action.CancelSeries}, keep...)},
		"recurring, running":      {sample.RecurringRunning(), append([]string{pick, action.CancelOccurrences, action.CancelSeries}, keep...)},
		"recurring, 57 dates":     {sample.Change(sample.Recurring(), sample.Weeks(57)), append(append(action.DateInputs(), action.CancelOccurrences, action.CancelSeries), keep...)},
		"recurring, running, end": {sample.Change(sample.RecurringRunning(), sample.EndAsked), append([]string{pick, action.CancelOccurrences, action.CancelSeries}, keep...)},
		"series":                  {sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series)), append([]string{action.CancelSeries}, keep...)},
		"series running":          {sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Series)), append([]string{action.End}, keep...)},
		"series running with end": {sample.Change(sample.RecurringRunning(), sample.EndAsked, sample.Scoped(cancellation.Series)), append([]string{action.CancelSeries}, keep...)},
		"dates":                   {sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1)), append([]string{action.CancelOccurrences}, keep...)},
		"running date":            {sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 0)), append([]string{action.End}, keep...)},
		"later date":              {sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 2)), append([]string{action.CancelOccurrences}, keep...)},
		"undo":                    {sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.UndoWindow), []string{action.Undo}},
		"undo over":               {sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), func(r *cancellation.Request) { r.UndoUntil = sample.Noon }), nil},
		"waiting":                 {sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.Waiting), []string{action.Stop}},
		"waiting to ask again":    {sample.Change(sample.Planned(), sample.InState(cancellation.Calling), sample.Waiting), []string{action.Stop}},
		"wait over":               {sample.Change(sample.Planned(), sample.InState(cancellation.Calling), func(r *cancellation.Request) { r.WaitUntil = sample.Noon }), nil},
		"undo before waiting":     {sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.UndoWindow, sample.Waiting), []string{action.Undo}},
		"confirmed":               {sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed)), nil},
		"calling":                 {sample.Change(sample.Planned(), sample.InState(cancellation.Calling)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := actionsOf(t, newRenderer(t, "en").Card(test.r, sample.Noon))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("buttons of Card (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFinalCardsHaveNoButtons walks every state and outcome. Only an unknown outcome has a
// button, which checks again.
func TestFinalCardsHaveNoButtons(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	for _, s := range cancellation.States() {
		if !s.Final() {
			continue
		}
		for _, o := range cancellation.Outcomes() {
			for _, r := range []cancellation.Request{sample.Planned(), sample.Running(), sample.Recurring(), sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series))} {
				r.State, r.Outcome, r.UndoUntil = s, o, sample.Noon.Add(time.Hour)
				var want []string
				if s == cancellation.Done && o == cancellation.Unknown {
					want = []string{action.CheckAgain}
				}
				if got := actionsOf(t, v.Card(r, sample.Noon)); !slices.Equal(got, want) {
					t.Errorf("buttons of Card in %s, %s = %v, want %v", s, o, got, want)
				}
				if got := actionsOf(t, v.ThreadReply(r)); len(got) != 0 {
					t.Errorf("buttons of ThreadReply in %s, %s = %v, want none", s, o, got)
				}
			}
		}
	}
}

// TestMinimal: with CARD_DETAILS=minimal, channels see neither subject nor owner, but people
// do.
func TestMinimal(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	v.Minimal = true
	secrets := [][]byte{[]byte("Budget"), []byte("Olga")}
	for name, r := range sample.Finals() {
		r = sample.Change(r, sample.OwnerNotice(cancellation.NoticeNotFound))
		r.Meeting.Subject = "Budget"
		for view, m := range map[string]bot.Message{
			"Card": v.Card(r, sample.Noon), "asked Card": v.Card(sample.Change(r, sample.InState(cancellation.Asked)), sample.Noon), "ThreadReply": v.ThreadReply(r),
			"undo Card": v.Card(sample.Change(r, sample.InState(cancellation.Confirmed), sample.UndoWindow), sample.Noon), "working Card": v.Card(sample.Change(r, sample.InState(cancellation.Calling)), sample.Noon),
		} {
			for _, secret := range secrets {
				if got := encode(t, m); bytes.Contains(got, secret) {
					t.Errorf("%s of %s shows %q to the channel:\n%s", view, name, secret, got)
				}
			}
		}
		if got := encode(t, notice.Owner(v.Person("en"), r, "")); !bytes.Contains(got, secrets[0]) {
			t.Errorf("OwnerNotice of %s does not show the subject:\n%s", name, got)
		}
		direct := sample.Change(r, func(r *cancellation.Request) { r.Card.Way = cancellation.ByDirect })
		if got := encode(t, v.Card(direct, sample.Noon)); !bytes.Contains(got, secrets[0]) {
			t.Errorf("Card of %s in a direct message does not show the subject:\n%s", name, got)
		}
	}
}

// TestChoicesReadBack: package action reads back from a click what a chooser put there.
func TestChoicesReadBack(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	r := sample.Planned()
	r.Choices = sample.Choices()
	var got []int
	for _, b := range list.Chooser(v.Person("en"), r).Blocks {
		if i, ok := action.ChoiceIndex(b.ID()); ok {
			got = append(got, i)
		}
	}
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}; !slices.Equal(got, want) {
		t.Errorf("choices of Chooser = %v, want the first in their order, %v", got, want)
	}
	for _, id := range []string{"", "choice", "choice:1", "choice:-1:x", "choice:x:y", "other:1:x", "choice:1:x:y"} {
		if i, ok := action.ChoiceIndex(id); ok {
			t.Errorf("ChoiceIndex(%q) = %d, true, want false", id, i)
		}
	}
}

// TestPicked: every date that a card offers can be ticked, package action reads the ticks
// back, and takes nothing else for one.
func TestPicked(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	r := sample.Change(sample.Recurring(), sample.Weeks(57))
	offered := map[string][]string{}
	for _, node := range nodes(decoded(t, v.Card(r, sample.Noon))) {
		if node["type"] != "checkboxes" {
			continue
		}
		input := node["action_id"].(string)
		if !slices.Contains(action.Inputs(), input) {
			t.Errorf("Card has checkboxes %q, which are none of Inputs", input)
		}
		for _, o := range node["options"].([]any) {
			offered[input] = append(offered[input], o.(map[string]any)["value"].(string))
		}
	}
	var want []int
	for i := range action.MaxDates {
		want = append(want, i)
	}
	if got := action.Picked(offered); !slices.Equal(got, want) {
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
		if got := action.Picked(tt.selected); !slices.Equal(got, tt.want) {
			t.Errorf("Picked(%v) = %v, want %v", tt.selected, got, tt.want)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	v := newRenderer(b, "pt-BR")
	for b.Loop() {
		v.Card(sample.Recurring(), sample.Noon)
	}
}
