package store_test

import (
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

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
			return tx.Audit(t.Context(), store.Line(whole, store.EventAsked, "U0ANA", nil), store.Line(part, store.EventCalling, "U0ANA", nil))
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
