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

// TestPartsInHistory: a card with several meetings is listed instead of its parts, unless the
// filter is for a part's meeting or owner.
func TestPartsInHistory(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		now := s.Now()
		whole := cancellation.Request{
			ID: "whole", State: cancellation.Done, Outcome: cancellation.Cancelled, Asker: "U0ANA", Channel: "C1", CreatedAt: now, ClosedAt: now,
			Batch: &cancellation.Batch{},
		}
		whole.EndEffect(cancellation.CardEffect, now, "", "")
		part := cancellation.Request{
			ID: "part", Parent: "whole", State: cancellation.Done, Outcome: cancellation.Cancelled, Asker: "U0ANA", Channel: "C1", CreatedAt: now, ClosedAt: now,
			Number: "914087436", Meeting: cancellation.Meeting{ID: "914087436"}, Owner: cancellation.Notice{User: "U0CAROL"},
		}
		err := s.Do(t.Context(), func(tx *store.Tx) error {
			for _, r := range []cancellation.Request{whole, part} {
				if _, err := tx.Requests.Insert(t.Context(), r); err != nil {
					return err
				}
			}
			return tx.Audit(t.Context(), store.RequestRow(whole, store.EventAsked, "U0ANA", nil), store.RequestRow(part, store.EventCalling, "U0ANA", nil))
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			filter store.HistoryFilter
			want   cancellation.ID
		}{
			"all":               {store.HistoryFilter{}, "whole"},
			"the asker's":       {store.HistoryFilter{Person: "U0ANA"}, "whole"},
			"the owner's":       {store.HistoryFilter{Person: "U0CAROL"}, "part"},
			"of the meeting":    {store.HistoryFilter{Meeting: "914087436"}, "part"},
			"of another person": {store.HistoryFilter{Person: "U0DAVE"}, ""},
			"of another number": {store.HistoryFilter{Meeting: "914087437"}, ""},
		} {
			got, err := s.Requests.History(t.Context(), tt.filter, 10)
			if err != nil || (tt.want == "") != (len(got) == 0) || len(got) > 1 || len(got) == 1 && got[0].ID != tt.want {
				t.Errorf("Requests.History(%s) = %v, %v, want only %q", name, got, err, tt.want)
			}
		}
		if err := s.Purge(t.Context(), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		parts, err := s.Requests.Parts(t.Context(), "whole")
		if err != nil || len(parts) != 1 || parts[0].ID != "part" {
			t.Errorf("Parts = %v, %v, want the one that Purge keeps", parts, err)
		}
		if parts, err := s.Requests.Parts(t.Context(), ""); err != nil || len(parts) != 0 {
			t.Errorf("Parts of nothing = %v, %v, want none", parts, err)
		}
		var rows []cancellation.ID
		err = s.Trail.Read(t.Context(), store.AuditFilter{Request: "whole"}, func(row store.AuditRow) error {
			rows = append(rows, row.Request)
			return nil
		})
		if err != nil || len(rows) != 2 {
			t.Errorf("the card's trail has rows of %v, %v, want of both requests", rows, err)
		}
	})
}
