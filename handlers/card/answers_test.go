package card

import (
	"errors"
	"slices"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// TestReservesAnswersForFinalState: redraws of a question that only a response_url reaches
// don't use up the answers that remove its buttons; a click brings new ones.
func TestReservesAnswersForFinalState(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		at := func(s cancellation.State, url string) cancellation.Request {
			r := b.request(s)
			r.Card.Way = cancellation.ByResponse
			r.Response = cancellation.Response{URL: url, At: time.Now(), OfClick: true}
			return r
		}
		refused := 0
		for range 6 {
			if _, err := b.Draw(t.Context(), at(cancellation.Asked, "first")); errors.Is(err, bot.ErrGone) {
				refused++
			}
		}
		if refused != 3 {
			t.Errorf("%d of 6 redraws were refused, want 3", refused)
		}
		again := at(cancellation.Asked, "first")
		again.Supersedes = "r0"
		if _, err := b.Draw(t.Context(), again); err != nil {
			t.Errorf("Draw() of a card that asks again = %v", err)
		}
		if _, err := b.Draw(t.Context(), again); !errors.Is(err, bot.ErrGone) {
			t.Errorf("second Draw() of a card that asks again = %v, want the last answer reserved", err)
		}
		if _, err := b.Draw(t.Context(), at(cancellation.Asked, "second")); err != nil {
			t.Errorf("Draw() after another click = %v", err)
		}
		if _, err := b.Draw(t.Context(), at(cancellation.Expired, "first")); err != nil {
			t.Errorf("Draw() of the final state = %v", err)
		}
		if got, want := b.slack.all(), []string{"asked", "asked", "asked", "asked", "asked", "expired"}; !slices.Equal(got, want) {
			t.Errorf("drawn: %q, want %q", got, want)
		}
	})
}
