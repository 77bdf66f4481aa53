package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestHistory: it lists finished requests that had a card, newest first, but not pickers and
// refusals, which never had one.
func TestHistory(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		begin := time.Now().Add(-time.Hour)
		for i, row := range []struct {
			id    cancellation.ID
			state cancellation.State
			card  bool
			set   func(*cancellation.Request)
		}{
			{"typed", cancellation.Done, true, nil},
			{"picker", cancellation.Expired, false, func(r *cancellation.Request) { r.Number, r.Meeting = "", cancellation.Meeting{} }},
			{"refused", cancellation.Done, false, nil},
			{"open", cancellation.Asked, true, func(r *cancellation.Request) { r.ClosedAt = time.Time{} }},
			{"superseded", cancellation.Superseded, true, nil},
			{"by room", cancellation.Done, true, func(r *cancellation.Request) {
				r.Number, r.Meeting = "888777666", cancellation.Meeting{ID: "985000001", Number: "888777666"}
			}},
			{"shown as room", cancellation.Declined, true, func(r *cancellation.Request) {
				r.Number, r.Meeting = "985000002", cancellation.Meeting{ID: "985000002", Number: "888777666", Subject: "a\x00b"}
			}},
			{"other", cancellation.Expired, true, func(r *cancellation.Request) {
				r.Number, r.Meeting, r.Asker, r.Owner.User = "914087437", cancellation.Meeting{ID: "914087437"}, "U2", "U3"
			}},
			{"post unanswered", cancellation.Done, false, func(r *cancellation.Request) { // a click showed where the card is
				r.Number, r.Meeting, r.Asker = "914087438", cancellation.Meeting{ID: "914087438"}, "U4"
				r.Card = cancellation.Card{Channel: "C1", TS: "9.9"}
			}},
		} {
			r := asking(row.id, "C1", "914087436")
			r.State, r.CreatedAt = row.state, begin.Add(time.Duration(i)*time.Minute)
			r.ClosedAt = r.CreatedAt
			if row.state == cancellation.Done {
				r.Outcome = cancellation.Refused
			}
			if row.set != nil {
				row.set(&r)
			}
			stored, err := insert(t, s, r)
			if err != nil {
				t.Fatal(err)
			}
			if !row.card {
				continue
			}
			stored.EndEffect(cancellation.CardEffect, time.Now(), "C1/1.1", "message")
			if err := s.Do(t.Context(), func(tx *store.Tx) error { return tx.Requests.Save(t.Context(), &stored) }); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			f     store.HistoryFilter
			limit int
			want  []cancellation.ID
		}{
			{store.HistoryFilter{}, 10, []cancellation.ID{"post unanswered", "other", "shown as room", "by room", "typed"}},
			{store.HistoryFilter{}, 2, []cancellation.ID{"post unanswered", "other"}},
			{store.HistoryFilter{Person: "U2"}, 10, []cancellation.ID{"other"}},
			{store.HistoryFilter{Person: "U3"}, 10, []cancellation.ID{"other"}},
			{store.HistoryFilter{Meeting: "914087436"}, 10, []cancellation.ID{"typed"}},
			{store.HistoryFilter{Meeting: "888777666"}, 10, []cancellation.ID{"shown as room", "by room"}},
			{store.HistoryFilter{Meeting: "985000001"}, 10, []cancellation.ID{"by room"}},
			{store.HistoryFilter{Meeting: "985000002"}, 10, []cancellation.ID{"shown as room"}},
			{store.HistoryFilter{Person: "U1", Meeting: "888777666"}, 10, []cancellation.ID{"shown as room", "by room"}},
			{store.HistoryFilter{Person: "U2", Meeting: "888777666"}, 10, nil},
		} {
			rows, err := s.Requests.History(t.Context(), c.f, c.limit)
			var got []cancellation.ID
			for _, r := range rows {
				got = append(got, r.ID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("Requests.History(%+v, %d) error %v, (-want +got):\n%s", c.f, c.limit, err, diff)
			}
		}
	})
}
