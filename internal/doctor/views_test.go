package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"meetingbot/bot"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	views := []drawnView{
		{"card_asked", "handlers/view/card.go", "en", "good"},
		{"card_asked", "handlers/view/card.go", "es", "bad"},
		{"home", "handlers/view/home.go", "en", "good"},
	}
	many := make([]drawnView, 60)
	for i := range many {
		many[i] = drawnView{Name: "list", File: "handlers/view/list.go", Locale: "en", What: "bad"}
	}
	ask := func(down string) validator {
		return func(_ context.Context, what any) ([]bot.BlockProblem, error) {
			switch what {
			case down:
				return nil, errors.New("no answer")
			case "bad":
				return []bot.BlockProblem{{Pointer: "/blocks/0/text", Code: "failed_constraint", Message: "must be shorter"}}, nil
			}
			return nil, nil
		}
	}
	for _, tt := range []struct {
		name  string
		views []drawnView
		down  string
		want  string
	}{
		{"all good", views[:1], "", "ok: Slack accepts all 1 views\n"},
		{"one refused", views, "", "fail: Slack refuses card_asked in es at /blocks/0/text: must be shorter (failed_constraint) → it is drawn in handlers/view/card.go; please report it\n"},
		{"no answer", views, "bad", "warn: 2 of 3 views were not checked (no answer) → run doctor --views again in a minute\n"},
	} {
		var got strings.Builder
		for _, f := range validate(t.Context(), tt.views, ask(tt.down)) {
			line := fmt.Sprintf("%s: %s", f.Status, f.Text)
			if f.Advice != "" {
				line += " → " + f.Advice
			}
			got.WriteString(line + "\n")
		}
		if got.String() != tt.want {
			t.Errorf("%s: validate() says\n%swant\n%s", tt.name, &got, tt.want)
		}
	}
	if found := validate(t.Context(), many, ask("")); len(found) != maxProblems+1 || found[maxProblems].Text != "and 10 more like this" {
		t.Errorf("validate() of %d bad views has %d lines, want %d and the rest counted", len(many), len(found), maxProblems+1)
	}
}

// TestTemporaryFailure asserts that a short failure is retried, and a long one reported.
func TestTemporaryFailure(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]status{0: ok, 2: ok, maxTries: warn} {
		synctest.Test(t, func(t *testing.T) {
			left := failures
			found := validate(t.Context(), []drawnView{{Name: "home"}}, func(context.Context, any) ([]bot.BlockProblem, error) {
				if left--; left >= 0 {
					return nil, bot.ErrNotSent
				}
				return nil, nil
			})
			if len(found) != 1 || found[0].Status != want {
				t.Errorf("validate() after %d failures = %+v, want %s", failures, found, want)
			}
		})
	}
}
