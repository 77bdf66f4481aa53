package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestOpenCards: an asked and a confirmed card are open, in any channel.
func TestOpenCards(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		for _, r := range []cancellation.Request{asking("r1", "C1", "914"), asking("r2", "C2", "914"), asking("r3", "C1", "915")} {
			if _, err := insert(t, s, r); err != nil {
				t.Fatal(err)
			}
		}
		_, err := update(t, s, "r2", func(_ *store.Tx, r *store.Request) error { return r.Become(cancellation.Confirmed) })
		if err != nil {
			t.Fatal(err)
		}
		open, err := s.Requests.OpenCards(t.Context(), "914")
		if err != nil || len(open) != 2 {
			t.Errorf("Requests.OpenCards() = %d, %v, want the asked and the confirmed one", len(open), err)
		}
	})
}

// TestCallingOrEnded: of several meetings, the requests that are making their call, and those that have
// ended lately with a card of their own.
func TestCallingOrEnded(t *testing.T) {
	t.Parallel()
	now := time.Now()
	in := func(id cancellation.ID, meeting string, s cancellation.State, closed time.Duration) cancellation.Request {
		r := asking(id, "C"+string(id), meeting)
		if r.State = s; s == cancellation.Done {
			r.Outcome = cancellation.Cancelled
		}
		if s.Final() {
			r.ClosedAt = now.Add(-closed)
		}
		r.Card = cancellation.Card{Channel: r.Channel, TS: "1.1", Way: cancellation.ByMessage}
		return r
	}
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		for _, r := range []cancellation.Request{
			in("asked", "914", cancellation.Asked, 0), in("calling", "914", cancellation.Calling, 0), in("done", "915", cancellation.Done, time.Second),
			in("before", "915", cancellation.Done, time.Hour), in("superseded", "915", cancellation.Superseded, 0), in("other", "916", cancellation.Done, 0),
		} {
			if _, err := insert(t, s, r); err != nil {
				t.Fatal(err)
			}
		}
		for _, row := range []struct {
			meetings []string
			want     []cancellation.ID
		}{{nil, nil}, {[]string{"914"}, []cancellation.ID{"calling"}}, {[]string{"914", "915"}, []cancellation.ID{"calling", "done"}}} {
			got, err := s.Requests.CallingOrEnded(t.Context(), row.meetings, now.Add(-time.Minute))
			var ids []cancellation.ID
			for _, r := range got {
				ids = append(ids, r.ID)
			}
			if slices.Sort(ids); err != nil || !slices.Equal(ids, row.want) {
				t.Errorf("Requests.CallingOrEnded(%q) = %q, %v, want %q", row.meetings, ids, err, row.want)
			}
		}
	})
}

// TestOpenCard: a card in the channel counts, but not one that fell back to a direct message.
func TestOpenCard(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		open := func() (r store.Request, err error) {
			err = s.Do(t.Context(), func(tx *store.Tx) error { r, err = tx.Requests.OpenCard(t.Context(), "C1", "914087436"); return err })
			return r, err
		}
		if r, err := open(); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Requests.OpenCard() = %v, %v, want ErrNotFound", r.ID, err)
		}
		direct := asking("direct", "C1", "914087436")
		direct.Card = cancellation.Card{Channel: "D1", TS: "1.1", Way: cancellation.ByDirect}
		if _, err := insert(t, s, direct); err != nil {
			t.Fatal(err)
		}
		if r, err := open(); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Requests.OpenCard() with only a card in a direct message = %v, %v, want ErrNotFound", r.ID, err)
		}
		if _, err := insert(t, s, asking("here", "C1", "914087436")); err != nil {
			t.Fatalf("Requests.Insert() with a card in a direct message = %v", err)
		}
		for _, state := range []cancellation.State{cancellation.Asked, cancellation.Confirmed, cancellation.Calling} {
			_, err := update(t, s, "here", func(_ *store.Tx, r *store.Request) error { r.State = state; return nil })
			if err != nil {
				t.Fatal(err)
			}
			if r, err := open(); err != nil || r.ID != "here" {
				t.Errorf("Requests.OpenCard() in state %s = %v, %v", state, r.ID, err)
			}
		}
	})
}
