package cancel_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/meetingapi"
)

// TestOverBeforeReadable: the call gets no answer, and the service can be read again only
// after the meeting would have ended. That it is gone by then says nothing about the call:
// it may have taken place. Nobody is told that it was cancelled, and the bot stops looking.
func TestOverBeforeReadable(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(*steptest.Fixture) { time.Sleep(48*time.Hour - time.Minute) }, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Service.Set(func(s *steptest.Service) {
			s.Answers = []error{steptest.Failure(meetingapi.ClassUnknownOutcome)}
			s.OnCall = failReads(h, steptest.Failure(meetingapi.ClassUnavailable))
		})
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Pass(2 * time.Hour)
		steptest.Gone(h)
		h.Pass(time.Minute)
		h.WantIdle()
		h.Presses(steptest.Ana, action.CheckAgain, id, nil)
		if got := steptest.Outcome(h.Stored(id)); got != "unknown" {
			t.Errorf("the request is %s, want unknown", got)
		}
		h.WantSaid(steptest.Ana, "no way left to tell", "It is not known whether")
		if told := h.Chat.Texts("dm", steptest.Carol); len(told) > 0 {
			t.Errorf("the owner was told %q, want nothing", told)
		}
		h.WantCalls("cancel")
	})
}
