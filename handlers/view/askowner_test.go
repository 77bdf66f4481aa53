package view_test

import (
	"bytes"
	"slices"
	"testing"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// TestQuestionHidesSubject: the person who asks the owner never learns the subject. The owner
// reads everything, even if channels see less.
func TestQuestionHidesSubject(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	v.Minimal = true
	for name, r := range sample.Finals() {
		r = sample.Change(r, sample.AsksOlga)
		r.Meeting.Subject = "Budget"
		for view, m := range map[string]any{
			"QuestionNotice":              notice.Question(v.Person("en"), r),
			"QuestionNotice, asked again": notice.Question(v.Person("en"), sample.Change(r, sample.InState(cancellation.Asked))),
			"AskOwnerModal":               modal.AskOwner(v.Person("en"), r),
			"Answer":                      answer.Draw(v.Person("en"), answer.Answer{Kind: answer.MayAskOwner, Request: r, Who: sample.Olga}),
		} {
			if got := encode(t, m); bytes.Contains(got, []byte("Budget")) {
				t.Errorf("%s of %s shows the subject:\n%s", view, name, got)
			}
		}
		if got := encode(t, v.Card(r, sample.Noon)); !bytes.Contains(got, []byte("Budget")) {
			t.Errorf("Card of %s does not show the owner the subject:\n%s", name, got)
		}
	}
}

// TestQuestionButtons: a question has the usual buttons, but "Don't ask me again" instead of
// the one for a reason.
func TestQuestionButtons(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	for name, tt := range map[string]struct {
		r    cancellation.Request
		want []string
	}{
		"planned":   {sample.Planned(), []string{action.Cancel, action.Keep, action.Mute}},
		"running":   {sample.Running(), []string{action.End, action.Keep, action.Mute}},
		"recurring": {sample.Recurring(), []string{"pick_occurrences", action.CancelOccurrences, action.CancelSeries, action.Keep, action.Mute}},
		"undo":      {sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), sample.UndoWindow), []string{action.Undo}},
		"kept":      {sample.Change(sample.Finals()["kept"], sample.Muted), nil},
	} {
		if got := actionsOf(t, v.Card(sample.Change(tt.r, sample.AsksOlga), sample.Noon)); !slices.Equal(got, tt.want) {
			t.Errorf("buttons of a question, %s = %v, want %v", name, got, tt.want)
		}
	}
}
