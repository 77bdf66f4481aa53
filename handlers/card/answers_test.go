package card

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// TestKeepsAnswersForTheEnd: redraws of a question that only a response_url reaches don't
// use up the answers that take its buttons away; a click brings new ones.
func TestKeepsAnswersForTheEnd(t *testing.T) {
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
		if _, err := b.Draw(t.Context(), at(cancellation.Asked, "second")); err != nil {
			t.Errorf("Draw() after another click = %v", err)
		}
		if _, err := b.Draw(t.Context(), at(cancellation.Expired, "first")); err != nil {
			t.Errorf("Draw() of the end = %v", err)
		}
		if got, want := b.slack.all(), []string{"asked", "asked", "asked", "asked", "expired"}; !slices.Equal(got, want) {
			t.Errorf("drawn: %q, want %q", got, want)
		}
	})
}

// TestAnswersOfOthers: of an address that another process may have used, one answer is left
// besides those that are kept.
func TestAnswersOfOthers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		age  time.Duration // of the address, before this process
		by   string        // who announced the draws; empty: this process
		want int           // redraws
	}{
		{name: "this process took the click", want: 3},
		{name: "an earlier one did", age: time.Second, want: 1},
		{name: "another one draws, too", by: "another", want: 1},
	} {
		inRoom(t, func(t *testing.T, b *room) {
			r := b.request(cancellation.Asked)
			r.Card.Way = cancellation.ByResponse
			r.Response = cancellation.Response{URL: "https://hooks.example.com/1", At: time.Now().Add(-row.age), OfClick: true}
			if row.by != "" {
				r.Drawing.By = row.by
			}
			b.stored = r
			for range 5 {
				_, _ = b.Draw(t.Context(), r)
			}
			synctest.Wait()
			if got := len(b.slack.all()); got != row.want {
				t.Errorf("%s: the card was redrawn %d times, want %d", row.name, got, row.want)
			}
		})
	}
}
