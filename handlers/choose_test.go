package handlers

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// numbered are choices that start one after the other, latest first, as choices
// returns them, but for two that start together.
func numbered(n int) (all []cancellation.Choice) {
	start := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	for i := range n {
		begins := start.Add(time.Duration(n-i) * time.Hour)
		if i == n-shownRows && i > 0 {
			begins = all[i-1].Start
		}
		id := strconv.Itoa(914087000 + i)
		all = append(all, cancellation.Choice{MeetingID: id, Number: id, Subject: "No. " + id, Start: begins})
	}
	return all
}

// TestOffered: what is stored is what has a button, at the place that the
// button says, and the rest is counted.
func TestOffered(t *testing.T) {
	t.Parallel()
	v := newViews(t, "en")
	for _, n := range []int{1, shownRows, shownRows + 1, 3 * shownRows} {
		shown, more := offered(numbered(n))
		if len(shown) != min(n, shownRows) || len(shown)+more != n {
			t.Errorf("offered(%d choices) = %d, %d, want at most %d to show and all in all", n, len(shown), more, shownRows)
		}
		page := encode(t, v.Chooser("en", cancellation.Request{ID: "r1", Choices: shown, More: more}))
		for i, c := range shown {
			if place := fmt.Sprintf(`"block_id": "choice:%d:r1"`, i); !bytes.Contains(page, []byte(place)) || !bytes.Contains(page, []byte(c.Subject)) {
				t.Errorf("Chooser(%d choices) has not %s and %s of the stored ones", n, place, c.Subject)
			}
		}
		if told := bytes.Contains(page, fmt.Appendf(nil, "%d more", more)); told != (more > 0) {
			t.Errorf("Chooser(%d choices) says that there are %d more: %t", n, more, told)
		}
	}
}

// TestExpiredChooserForgetsItsChoices: nobody can pick from them any more, and
// requests are kept for good.
func TestExpiredChooserForgetsItsChoices(t *testing.T) {
	t.Parallel()
	h := receiving(t)
	r := h.newRequest(intake{Request: "r1", person: "U0ANA"}, time.Now().Add(-2*h.rules.ConfirmTTL))
	r.Choices = numbered(2)
	err := h.store.Do(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Insert(t.Context(), r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.sweep(context.WithoutCancel(t.Context()))
	got, err := h.store.Request(t.Context(), "r1")
	if err != nil || got.State != cancellation.Expired {
		t.Fatalf("Request() after the sweep = %s, %v, want expired", got.State, err)
	}
	if diff := cmp.Diff([]cancellation.Choice(nil), got.Choices); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
}

// TestAPickIsStartedUnderAnIDOfItsOwn: it stands in the buttons of the card, so
// it must say nothing about the click; and it was made with the hand-over, so
// that a run that is repeated finds what an earlier one has started.
func TestAPickIsStartedUnderAnIDOfItsOwn(t *testing.T) {
	t.Parallel()
	h := receiving(t)
	const envelope = "1d3c79ab-0ffb-41f3-a080-d19e85f53649"
	click := bot.Click{
		Origin: bot.Origin{EnvelopeID: envelope, User: "U0ANA", Channel: "C0"},
		Action: ActionChoose, Value: "r1", BlockID: "choice:1:r1",
	}
	for range 2 { // Slack may deliver it twice
		if err := h.receiveClick(t.Context(), click); err != nil {
			t.Fatalf("receiveClick() = %v", err)
		}
	}
	from := cancellation.Request{ID: "r1", State: cancellation.Received, Asker: "U0ANA", Channel: "C0", Choices: numbered(2)}
	in, err := h.load(t.Context(), envelope)
	if err != nil {
		t.Fatal(err)
	}
	if _, refusal, err := h.startChosen(t.Context(), in, from); refusal != nil || err != nil {
		t.Fatalf("startChosen() = %v, %v, want a request", refusal, err)
	}
	again, err := h.load(t.Context(), envelope)
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.store.Request(t.Context(), again.Started)
	if err != nil || r.Number != from.Choices[1].MeetingID {
		t.Errorf("Request(%q) = one about %q, %v, want the one about %s", again.Started, r.Number, err, from.Choices[1].MeetingID)
	}
	if len(r.ID) != len(cancellation.NewID()) || strings.Contains(string(r.ID), envelope[:8]) {
		t.Errorf("the started request's id = %q, want a random one", r.ID)
	}
}
