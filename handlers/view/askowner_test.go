package view

import (
	"bytes"
	"slices"
	"testing"

	"meetingbot/internal/cancellation"
)

// TestQuestionKeepsTheSubject says that whoever asks learns no subject, at no end, and
// that the owner reads it all, also where channels are told less.
func TestQuestionKeepsTheSubject(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	v.Minimal = true
	for name, r := range sampleFinals() {
		r = change(r, asksOlga)
		r.Meeting.Subject = "Budget"
		for view, m := range map[string]any{
			"QuestionNotice":       v.QuestionNotice("en", r),
			"QuestionNotice, anew": v.QuestionNotice("en", change(r, inState(cancellation.Asked))),
			"AskOwnerModal":        v.AskOwnerModal("en", r),
			"Answer":               v.Answer("en", Answer{Kind: MayAskOwner, Request: r, Who: olga}),
		} {
			if got := encode(t, m); bytes.Contains(got, []byte("Budget")) {
				t.Errorf("%s of %s shows the subject:\n%s", view, name, got)
			}
		}
		if got := encode(t, v.Card(r, noon)); !bytes.Contains(got, []byte("Budget")) {
			t.Errorf("Card of %s does not show the owner the subject:\n%s", name, got)
		}
	}
}

// TestQuestionButtons: the usual ones, and "Don't ask me again" for adding a reason.
func TestQuestionButtons(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	for name, tt := range map[string]struct {
		r    cancellation.Request
		want []string
	}{
		"planned":   {samplePlanned(), []string{ActionCancel, ActionKeep, ActionMute}},
		"running":   {sampleRunning(), []string{ActionEnd, ActionKeep, ActionMute}},
		"recurring": {sampleRecurring(), []string{"pick_occurrences", ActionCancelOccurrences, ActionCancelSeries, ActionKeep, ActionMute}},
		"undo":      {change(samplePlanned(), inState(cancellation.Confirmed), undoWindow), []string{ActionUndo}},
		"kept":      {change(sampleFinals()["kept"], muted), nil},
	} {
		if got := actionsOf(t, v.Card(change(tt.r, asksOlga), noon)); !slices.Equal(got, tt.want) {
			t.Errorf("buttons of a question, %s = %v, want %v", name, got, tt.want)
		}
	}
}
