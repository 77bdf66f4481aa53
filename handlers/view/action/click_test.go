package action_test

import (
	"testing"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

func TestTickedRequest(t *testing.T) {
	t.Parallel()
	const id cancellation.ID = "abcdefghijklmnopqrstuvwxyz"
	for block, want := range map[string]cancellation.ID{
		"ticks:" + action.InputTell + ":" + string(id): id, "page:3:pick_meetings:" + string(id): id,
		"": "", "ticks:": "", "ticks": "", "choice-3": "", "page:x:pick_meetings:" + string(id): "",
	} {
		if got := action.TickedRequest(block); got != want {
			t.Errorf("TickedRequest(%q) = %q, want %q", block, got, want)
		}
	}
}
