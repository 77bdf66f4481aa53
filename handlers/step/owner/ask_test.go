package owner

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

func TestLimitReached(t *testing.T) {
	t.Parallel()
	same := store.Request{Request: cancellation.Request{ID: "r1"}}
	notYet := same
	notYet.EndEffect(cancellation.AskerEffect, time.Now(), "", string(answer.OwnerNotYet))
	for name, tt := range map[string]struct {
		q    store.QuestionLimits
		want answer.Kind
	}{
		"nothing":               {store.QuestionLimits{}, ""},
		"two others":            {store.QuestionLimits{Open: 2}, ""},
		"three others":          {store.QuestionLimits{Open: 3}, answer.TooManyQuestions},
		"the same":              {store.QuestionLimits{Open: 1, Same: same}, answer.AskedAlready},
		"the same, not sent":    {store.QuestionLimits{Open: 1, Same: notYet}, answer.OwnerNotYet},
		"the same is the third": {store.QuestionLimits{Open: 3, Same: same}, answer.AskedAlready},
		"muted":                 {store.QuestionLimits{Open: 3, Same: same, MutedUntil: time.Now()}, answer.OwnerMuted},
	} {
		var got answer.Kind
		if a := limitReached(tt.q, "U0CAROL"); a != nil {
			got = a.Kind
		}
		if got != tt.want {
			t.Errorf("limitReached(%s) = %q, want %q", name, got, tt.want)
		}
	}
}

// TestOfferedTo checks that only a person's own refusal about a known meeting makes an offer.
func TestOfferedTo(t *testing.T) {
	t.Parallel()
	refused := cancellation.Request{
		Asker: "U0DAVE", State: cancellation.Done, Outcome: cancellation.Refused, Meeting: cancellation.Meeting{ID: "914087436"},
	}
	for name, tt := range map[string]struct {
		person string
		change func(*cancellation.Request)
		want   bool
	}{
		"their own":        {"U0DAVE", func(*cancellation.Request) {}, true},
		"not recorded yet": {"U0DAVE", func(r *cancellation.Request) { r.State, r.Outcome = cancellation.Received, "" }, true},
		"someone else's":   {"U0PAULO", func(*cancellation.Request) {}, false},
		"of no meeting":    {"U0DAVE", func(r *cancellation.Request) { r.Meeting = cancellation.Meeting{} }, false},
		"an open card":     {"U0DAVE", func(r *cancellation.Request) { r.State, r.Outcome = cancellation.Asked, "" }, false},
		"cancelled":        {"U0DAVE", func(r *cancellation.Request) { r.Outcome = cancellation.Cancelled }, false},
		"a question":       {"U0DAVE", func(r *cancellation.Request) { r.For = "U0CAROL" }, false},
	} {
		r := refused
		tt.change(&r)
		if got := offeredTo(&step.Envelope{Person: tt.person}, r); got != tt.want {
			t.Errorf("offeredTo(%s) = %t, want %t", name, got, tt.want)
		}
	}
}
