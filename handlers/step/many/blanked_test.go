package many_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestKeptWhileInDoubt: one of two meetings is cancelled, and the other's outcome stays
// unknown for longer than KEEP. Everything that the card and the owners still have to show
// is kept until then.
func TestKeptWhileInDoubt(t *testing.T) {
	t.Parallel()
	steptest.Run(t, ofDave, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		h.Service.Set(func(s *steptest.Service) { s.Answers = []error{nil, steptest.Failure(meetingapi.ClassUnknownOutcome)} })
		h.Service.Set(func(s *steptest.Service) {
			n := 0
			s.OnCall = func() {
				if n++; n == 2 {
					h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(meetingapi.ClassUnavailable)} })
				}
			}
		})
		confirm(h, id, steptest.Ana, "0", "1")
		h.Pass(3 * time.Hour)
		if got := parts(t, h, id); got != "cancelled unknown" {
			t.Fatalf("the parts are %q", got)
		}
		for range 3 {
			if _, err := h.Store.Blank(h.Context(), h.Store.Now().Add(-time.Hour), 100); err != nil {
				t.Fatal(err)
			}
		}
		steptest.Gone(h)
		h.Pass(2 * time.Minute)
		if got := parts(t, h, id); got != "cancelled cancelled" {
			t.Errorf("the parts are %q, want both cancelled", got)
		}
		whole := func(said string) bool {
			return strings.Contains(said, "2 meetings cancelled") && strings.Contains(said, "Budget review") && strings.Contains(said, "Offsite") && strings.Contains(said, steptest.Ana)
		}
		if cards := h.Chat.Shown("update", steptest.Channel+"/1"); !slices.ContainsFunc(cards, whole) {
			t.Errorf("the card says %q, want both subjects, and who confirmed", cards[len(cards)-2:])
		}
		if said := h.Chat.InThread(); strings.Contains(said, "not be found") || strings.Contains(said, "was not told") {
			t.Errorf("the thread says %q", said)
		}
		for _, who := range []string{steptest.Carol, steptest.Dave} {
			if n := len(h.Chat.Texts("dm", who)); n != 1 {
				t.Errorf("%s has %d messages, want one", who, n)
			}
		}
		h.WantIdle()
		if _, err := h.Store.Blank(h.Context(), h.Store.Now().Add(time.Hour), 100); err != nil {
			t.Fatal(err)
		}
		if r := h.Stored(id); r.Asker != "" || r.Outcome != cancellation.Cancelled {
			t.Errorf("the card is %s of %q, want it blanked once everyone is told", r.Outcome, r.Asker)
		}
	})
}
