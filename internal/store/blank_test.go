package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// TestBlank: old finished requests are blanked in batches, and the chain stays intact.
func TestBlank(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
		s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		write := func(id cancellation.ID, closed bool) {
			t.Helper()
			r := asking(id, "C1", string(id))
			r.Asker, r.Reason, r.CreatedAt, r.Meeting.Subject = "U0SECRET", "SECRET", now, "SECRET"
			if closed {
				r.State, r.ClosedAt = cancellation.Declined, now
				r.EndEffect(cancellation.CardEffect, now, "C1/1.1", "message")
			}
			err := s.Do(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Requests.Insert(t.Context(), r)
				return errors.Join(err, tx.Audit(t.Context(), store.RequestRow(r, store.EventRequested, r.Asker, map[string]string{"reason": r.Reason, "channel": "C1"})))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 7 {
			write(cancellation.ID(fmt.Sprint("over", i)), true)
		}
		write("open", false)
		err = s.Do(t.Context(), func(tx *store.Tx) error { // of a request that was purged
			return tx.Audit(t.Context(), store.AuditRow{Request: "gone", Event: store.EventRefused, Actor: "U0SECRET"})
		})
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(48 * time.Hour)
		write("lately", true)
		for _, want := range []int{6, 6, 3, 0} { // 3 requests and 3 rows, twice; then the last one, its row and the purged request's
			n, err := s.Blank(t.Context(), now.Add(-24*time.Hour), 3)
			if err != nil || n != want {
				t.Errorf("Blank() = %d, %v, want %d", n, err, want)
			}
		}
		blanked, events := 0, 0
		for _, r := range chain(t, s) {
			switch {
			case r.Event == store.EventBlanked:
				events++
			case r.Request == "open" || r.Request == "lately":
				if r.Blanked() || r.Actor != "U0SECRET" || r.Detail["reason"] != "SECRET" {
					t.Errorf("row of %s = %+v, want it untouched", r.Request, r)
				}
			default:
				blanked++
				if !r.Blanked() || r.Actor != "" || r.Detail["reason"] != "" || r.Request != "gone" && r.Detail["channel"] != "C1" {
					t.Errorf("row of %s = %+v, want it blanked except for the channel", r.Request, r)
				}
			}
		}
		if blanked != 8 || events != 3 {
			t.Errorf("%d rows blanked, reported by %d rows, want 8 and 3", blanked, events)
		}
		r, err := s.Requests.Get(t.Context(), "over0")
		if err != nil || r.Asker != "" || r.Reason != "" || r.Meeting.Subject != "" || r.Meeting.ID != "over0" {
			t.Errorf("Requests.Get() = %+v, %v, want it blanked", r.Request, err)
		}
		history, err := s.Requests.History(t.Context(), store.HistoryFilter{}, 20)
		if err != nil || len(history) != 8 {
			t.Errorf("Requests.History() has %d, %v, want the blanked ones, too", len(history), err)
		}
		if r, err := s.Requests.Get(t.Context(), "open"); err != nil || r.Asker != "U0SECRET" {
			t.Errorf("Requests.Get(open) = %+v, %v, want it untouched, however old", r.Request, err)
		}
		var left int
		secrets := `SELECT count(*) FROM request WHERE (body LIKE '%SECRET%' OR asker LIKE '%SECRET%') AND id LIKE 'over%'`
		if err := s.DB().QueryRowContext(t.Context(), secrets).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d requests are not blanked (%v)", left, err)
		}
	})
}

// TestBlankEnvelopes: an envelope about a blanked request doesn't name its person any more,
// except while it may be counted, and is still recognised when Slack resends it.
func TestBlankEnvelopes(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s, move := openAt(t, url, time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC))
		insert := func(id cancellation.ID, closed bool) {
			t.Helper()
			r := asking(id, "C1", string(id))
			if closed {
				r.State, r.ClosedAt = cancellation.Declined, s.Now()
				r.EndEffect(cancellation.CardEffect, s.Now(), "C1/1.1", "message")
			}
			err := s.Do(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Requests.Insert(t.Context(), r)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		send := func(id string, about cancellation.ID, handled bool) {
			t.Helper()
			err := s.Do(t.Context(), func(tx *store.Tx) error {
				e := store.Envelope{ID: id, Key: "Ev" + id, Kind: "start", Person: "U0SECRET", Request: about, Body: "SECRET"}
				if err := tx.Envelopes.Receive(t.Context(), e); err != nil || !handled {
					return err
				}
				return tx.Envelopes.Handled(t.Context(), id)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		insert("over", true)
		insert("open", false)
		send("e-over", "over", true)
		send("e-open", "open", true)
		send("e-help", "", true)
		send("e-pending", "over", false)
		move(10 * time.Second)
		send("e-lately", "over", true)
		move(10 * time.Second)
		blank := func(want int) {
			t.Helper()
			if n, err := s.Blank(t.Context(), s.Now().Add(-5*time.Second), 10); err != nil || n != want {
				t.Errorf("Blank() = %d, %v, want %d", n, err, want)
			}
		}
		wantEnvelopes := func(want map[string]string) {
			t.Helper()
			got := map[string]string{}
			err := s.Query(t.Context(), `SELECT id, person, request FROM envelope`, func(row store.Row) error {
				var id, person, request string
				err := row.Scan(&id, &person, &request)
				got[id] = person + " " + request
				return err
			})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("envelopes: %v (-want +got)\n%s", err, diff)
			}
		}
		blank(3) // the request and two envelopes about it
		wantEnvelopes(map[string]string{
			"e-over": "U0SECRET ", "e-lately": "U0SECRET ", "e-help": "U0SECRET ", "e-open": "U0SECRET open", "e-pending": "U0SECRET over",
		})
		move(5 * time.Minute)
		blank(3)
		blank(0)
		wantEnvelopes(map[string]string{"e-over": " ", "e-lately": " ", "e-help": " ", "e-open": "U0SECRET open", "e-pending": "U0SECRET over"})
		err := receive(t, s, store.Envelope{ID: "e-new", Key: "Eve-over"})
		if !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("Envelopes.Receive() of a blanked event = %v, want %v", err, store.ErrDuplicate)
		}
	})
}

// TestBlankParts: a part keeps everything until its card is finished and everyone has been
// told, because the messages are made from the parts.
func TestBlankParts(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s, move := openAt(t, url, time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC))
		card, part := asking("card", "C1", "card"), asking("part", "C1", "part")
		part.Parent, part.State, part.Outcome, part.ClosedAt, part.Reason = "card", cancellation.Done, cancellation.Cancelled, s.Now(), "SECRET"
		card.State = cancellation.Calling
		for _, r := range []cancellation.Request{card, part} {
			if _, err := insert(t, s, r); err != nil {
				t.Fatal(err)
			}
		}
		move(time.Hour)
		reason := func() string {
			t.Helper()
			if _, err := s.Blank(t.Context(), s.Now().Add(-time.Second), 10); err != nil {
				t.Fatal(err)
			}
			r, err := s.Requests.Get(t.Context(), "part")
			if err != nil {
				t.Fatal(err)
			}
			return r.Reason
		}
		if reason() != "SECRET" {
			t.Error("a part was blanked while its card was in progress")
		}
		_, err := update(t, s, "card", func(tx *store.Tx, r *store.Request) error {
			return r.Finish(cancellation.Cancelled, "", tx.Now())
		})
		if err != nil {
			t.Fatal(err)
		}
		exec := func(q string) {
			t.Helper()
			if _, err := s.DB().ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		exec(`INSERT INTO job (id, step, subject, due_at, fence, tries, leased, created_at) VALUES (1, 'tell_invited', 'card', 0, 0, 0, 0, 0)`)
		move(time.Hour)
		if reason() != "SECRET" {
			t.Error("a part was blanked while its invited people were being told")
		}
		exec(`UPDATE job SET step = 'settle', subject = 'other'`)
		other := asking("other", "C1", "other")
		other.Parent, other.State, other.Outcome, other.ClosedAt = "card", cancellation.Done, cancellation.Unknown, s.Now()
		if _, err := insert(t, s, other); err != nil {
			t.Fatal(err)
		}
		move(time.Hour)
		if reason() != "SECRET" {
			t.Error("a part was blanked while another part of its card had a job")
		}
		if r, err := s.Requests.Get(t.Context(), "card"); err != nil || r.Asker == "" {
			t.Errorf("the asker of a card whose part has a job is %q, %v, want it untouched", r.Asker, err)
		}
		exec(`DELETE FROM job`)
		if got := reason(); got != "" {
			t.Errorf("the reason of a part whose card is finished is still %q", got)
		}
	})
}

// TestBlankDirect: the id of a direct message identifies a person, in a column as well as in
// the request itself.
func TestBlankDirect(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s, move := openAt(t, url, time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC))
		r := asking("typed", "D0SECRET", "914087436")
		r.Asker, r.For, r.Owner.User = "U0SECRET", "U0SECRET", "U0SECRET"
		r.Card = cancellation.Card{Channel: "D0SECRET", TS: "1.1", Way: cancellation.ByDirect}
		r.State, r.ClosedAt = cancellation.Declined, s.Now()
		r.EndEffect(cancellation.CardEffect, s.Now(), "D0SECRET/1.1", "direct")
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Requests.Insert(ctx, r)
			return err
		})
		move(48 * time.Hour)
		if n, err := s.Blank(t.Context(), s.Now().Add(-24*time.Hour), 3); err != nil || n != 1 {
			t.Fatalf("Blank() = %d, %v, want 1", n, err)
		}
		var left int
		err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM request WHERE
			asker || owner || addressee || channel || card_channel || body LIKE '%SECRET%' OR blanked = 0`).Scan(&left)
		if err != nil || left != 0 {
			t.Errorf("%d requests still identify the person (%v)", left, err)
		}
	})
}

// TestBlankTogether: when two replicas blank the same rows, the second finds nothing left to
// do, rather than try to change a blanked row, which the database refuses.
func TestBlankTogether(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	one, other, third := openStore(t, url), openStore(t, url), openStore(t, url)
	row := store.AuditRow{Request: "gone", Event: store.EventRefused, Actor: "U0SECRET"}
	if err := one.Do(t.Context(), func(tx *store.Tx) error { return tx.Audit(t.Context(), row) }); err != nil {
		t.Fatal(err)
	}
	type blanked struct {
		n   int
		err error
	}
	results := make(chan blanked, 2)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	err := third.Do(ctx, func(tx *store.Tx) error {
		// One waits for the end of the trail before it commits, the other for the row.
		if _, err := tx.Exec(ctx, `SELECT 1 FROM audit_head FOR UPDATE`); err != nil {
			return err
		}
		for _, s := range []*store.Store{one, other} {
			go func() {
				n, err := s.Blank(ctx, s.Now().Add(time.Hour), 10)
				results <- blanked{n, err}
			}()
		}
		for waiting := 0; waiting < 2; {
			err := third.DB().QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	first, second := <-results, <-results
	if first.err != nil || second.err != nil || first.n+second.n != 1 {
		t.Errorf("two replicas blanked %d and %d rows, %v, %v; want one row in total", first.n, second.n, first.err, second.err)
	}
}
