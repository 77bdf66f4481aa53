package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestKeepsUses: answers that keep others in reserve leave them, whichever way they are sent and whatever came of them.
func TestKeepsUses(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("hook", fake.InTurn(fake.Reply("ok"), fake.Status(503), fake.Status(429), fake.Reply("ok")))
	c := bot.NewClient(f.config())
	send := func(hook string, keep int) string {
		switch err := c.Respond(t.Context(), bot.Secret(f.URL+"/hook/"+hook), bot.Response{Message: bot.Message{Text: "x"}, Keep: keep}); {
		case err == nil:
			return "sent"
		case errors.Is(err, bot.ErrGone) && errors.Is(err, bot.ErrNotSent) && bot.Permanent(err):
			return "kept"
		default:
			return "failed"
		}
	}
	var got []string
	for _, keep := range []int{2, 2, 2, 2, 1, 1, 0, 0} { // the second fails; the third must wait and doesn't count until it is repeated
		got = append(got, send("1", keep))
	}
	got = append(got, send("2", bot.ResponseUses-1), send("2", bot.ResponseUses-1))
	want := []string{"sent", "failed", "sent", "kept", "sent", "kept", "sent", "sent", "sent", "kept"} // beyond five, Slack decides
	if !slices.Equal(got, want) {
		t.Errorf("Respond() = %q, want %q", got, want)
	}
	if err := c.Respond(t.Context(), bot.Secret(f.URL+"/hook/2"), bot.Response{Message: bot.Message{Text: "x"}, Keep: 4}); fmt.Sprint(err) != "response_url: no longer there: the answers left are reserved" {
		t.Errorf("Respond() = %v, want the reason", err)
	}
}
