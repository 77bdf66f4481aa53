package store_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestAuditTrailByMeeting: a meeting in a room is found by the room's number and by what was
// typed.
func TestAuditTrailByMeeting(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		inRoom := func(id cancellation.ID, meeting, typed string) cancellation.Request {
			r := asking(id, "C1", meeting)
			r.Number, r.Meeting.Number = typed, "888777666"
			return r
		}
		for _, r := range []cancellation.Request{
			asking("plain", "C1", "914087436"), inRoom("by room", "985000001", "888777666"), inRoom("by id", "985000002", "985000002"),
		} {
			if _, err := insert(t, s, r); err != nil {
				t.Fatal(err)
			}
			audit(t, s, r)
		}
		for typed, want := range map[string][]string{
			"":          {"plain", "by room", "by id"},
			"914087436": {"plain"},
			"888777666": {"by room", "by id"},
			"985000002": {"by id"},
			"111111111": nil,
		} {
			if diff := cmp.Diff(want, requestsIn(t, s, store.AuditFilter{Meeting: typed})); diff != "" {
				t.Errorf("Trail.Read() of meeting %q (-want +got)\n%s", typed, diff)
			}
		}
	})
}

// TestAuditTrailPages: rows written before the end is reached are included, so the trail
// can't have been read at once.
func TestAuditTrailPages(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		const lives, rounds = 600, 2 // more than a page of rows, and of whole requests
		var one, whole []string
		for range rounds {
			for i := range lives {
				r := asking(cancellation.ID(strconv.Itoa(i)), "C1", "914087436")
				one = append(one, string(r.ID))
				audit(t, s, r)
			}
		}
		for i := range lives {
			for range rounds {
				whole = append(whole, strconv.Itoa(i))
			}
		}
		for _, tt := range []struct {
			filter store.AuditFilter
			want   []string
		}{
			{store.AuditFilter{}, append(one, "late")},
			{store.AuditFilter{Whole: true}, append(whole, "late", "late")}, // one from the first case
		} {
			var got []string
			err := s.Trail.Read(t.Context(), tt.filter, func(r store.AuditRow) error {
				if got = append(got, string(r.Request)); len(got) == 1 {
					audit(t, s, asking("late", "C1", "914087436"))
				}
				return nil
			})
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("Trail.Read(%+v) = %v, requests (-want +got)\n%s", tt.filter, err, diff)
			}
		}
	})
}

func audit(t *testing.T, s *store.Store, r cancellation.Request) {
	t.Helper()
	err := s.Do(t.Context(), func(tx *store.Tx) error {
		return tx.Audit(t.Context(), store.RequestRow(r, store.EventAsked, "U1", nil))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// requestsIn returns the requests of the rows that pass a filter.
func requestsIn(t *testing.T, s *store.Store, f store.AuditFilter) (ids []string) {
	t.Helper()
	err := s.Trail.Read(t.Context(), f, func(r store.AuditRow) error {
		ids = append(ids, string(r.Request))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
