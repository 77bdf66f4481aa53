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
// every outcome is known; until then the card says once what is known, and nobody gets messages
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
		report := func(change func(*cancellation.Request)) {
			if err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
				r, err := tx.Requests.Get(h.Context(), id)
				change(&r.Request)
				r.BeginReport(tx.Now())
				return errors.Join(err, tx.Requests.Save(h.Context(), &r), h.Queue.Enqueue(h.Context(), tx, step.Report(&r)))
			}); err != nil {
				t.Fatal(err)
			}
			h.Pass(30 * time.Second)
		}
		for range 4 {
			report(func(*cancellation.Request) {})
		}
		if n, told := len(h.Chat.Texts("respond", "url")), len(h.Chat.Texts("dm", steptest.Ana)); n != 1 || told != 0 {
			t.Errorf("%d answers at the URL and %d messages, want 1 and none", n, told)
		}
		if r := h.Stored(id); r.Response.URL == "" {
			t.Error("the response_url is dropped before the outcome is known")
		}
		report(func(r *cancellation.Request) {
			r.Outcome, r.Batch.Items[1].Outcome = cancellation.Cancelled, cancellation.Cancelled
		})
		all := h.Chat.Texts("respond", "url")
		if got := h.Stored(id); len(all) != 3 || got.Effects[cancellation.ThreadEffect].Result != "another way" || got.Response.URL != "" {
			t.Errorf("once every outcome is known, the answers are %q and the thread's result is %q, want an end and a reply",
				all, got.Effects[cancellation.ThreadEffect].Result)
		}
		h.WantIdle()
	})
}
