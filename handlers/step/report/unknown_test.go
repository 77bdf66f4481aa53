package report_test

import (
	"errors"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestSeveralUnknownByURL: a reply through a response_url can't be corrected, so it waits until
// every outcome is known; meanwhile the card says what is known, and nobody gets messages
// about it.
func TestSeveralUnknownByURL(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := reportOf(t, h, func(r *cancellation.Request) {
			ends("unknown", steptest.Ana)(r)
			r.Batch = &cancellation.Batch{
				Meetings: []cancellation.Meeting{r.Meeting, r.Meeting},
				Items: []cancellation.Item{
					{Part: "a", State: cancellation.Done, Outcome: cancellation.Cancelled},
					{Part: "b", Meeting: 1, State: cancellation.Done, Outcome: cancellation.Unknown},
				},
			}
			r.Card = cancellation.Card{Channel: steptest.Channel, Way: cancellation.ByResponse}
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/url", At: time.Now(), OfClick: true}
		})
		for range 4 {
			if err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
				r, err := tx.Requests.Get(h.Context(), id)
				r.BeginReport(tx.Now())
				return errors.Join(err, tx.Requests.Save(h.Context(), &r), h.Queue.Enqueue(h.Context(), tx, step.Report(&r)))
			}); err != nil {
				t.Fatal(err)
			}
			h.Pass(30 * time.Second)
		}
		if n, told := len(h.Chat.Texts("respond", "url")), len(h.Chat.Texts("dm", steptest.Ana)); n != 1 || told != 0 {
			t.Errorf("%d answers at the URL and %d messages, want 1 and none", n, told)
		}
		if r := h.Stored(id); r.Response.URL == "" {
			t.Error("the response_url is dropped before the outcome is known")
		}
		h.WantIdle()
	})
}
