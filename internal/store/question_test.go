package store_test

import (
	"errors"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// question returns an open question about a meeting.
func question(id cancellation.ID, asker, meeting string) cancellation.Request {
	r := asking(id, "C1", meeting)
	r.Asker, r.For = asker, "UOWNER"
	r.Meeting.ID = meeting
	r.Card = cancellation.Card{Channel: r.For, Way: cancellation.ByDirect}
	return r
}

// TestQuestions: a person can have one open question per meeting, all of them are counted,
// and they don't conflict with cards.
func TestQuestions(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		for _, r := range []cancellation.Request{
			question("1", "UDAVE", "914087436"), question("2", "UDAVE", "914087437"), question("3", "UANA", "914087436"),
			asking("card", "C1", "914087436"), // doesn't conflict with the question
		} {
			if _, err := insert(t, s, r); err != nil {
				t.Fatalf("Requests.Insert(%s) = %v", r.ID, err)
			}
		}
		if _, err := insert(t, s, question("4", "UDAVE", "914087436")); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("Insert of the same question = %v, want ErrDuplicate", err)
		}
		q, err := s.Questions.Limits(t.Context(), "UDAVE", "UOWNER", "914087436")
		if err != nil || q.Open != 2 || q.Same.ID != "1" || !q.MutedUntil.IsZero() {
			t.Errorf("Questions.Limits() = %d open, same %q, muted until %v, %v, want 2, 1, never", q.Open, q.Same.ID, q.MutedUntil, err)
		}
		_, err = update(t, s, "1", func(_ *store.Tx, r *store.Request) error { return r.Become(cancellation.Declined) })
		if err != nil {
			t.Fatal(err)
		}
		err = s.Do(t.Context(), func(tx *store.Tx) error {
			q, err := tx.Questions.Limits(t.Context(), "UDAVE", "UOWNER", "914087436")
			if q.Open != 1 || q.Same.ID != "" {
				t.Errorf("Questions.Limits() after one was declined = %d open, same %q, want 1 and none", q.Open, q.Same.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := insert(t, s, question("5", "UDAVE", "914087436")); err != nil {
			t.Errorf("Insert after the first was declined = %v", err)
		}
	})
}

// TestMute: an owner mutes one person until a time, which can be changed.
func TestMute(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		until := s.Now().Add(time.Hour).Truncate(time.Millisecond)
		err := s.Do(t.Context(), func(tx *store.Tx) error {
			return errors.Join(
				tx.Questions.Mute(t.Context(), "UOWNER", "UPAST", s.Now().Add(-time.Second)),
				tx.Questions.Mute(t.Context(), "UOWNER", "UDAVE", s.Now().Add(time.Minute)),
				tx.Questions.Mute(t.Context(), "UOWNER", "UDAVE", until),
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			owner, asker string
			want         time.Time
		}{
			{"UOWNER", "UDAVE", until}, {"UOWNER", "UANA", time.Time{}}, {"UOTHER", "UDAVE", time.Time{}}, {"UOWNER", "UPAST", time.Time{}},
		} {
			q, err := s.Questions.Limits(t.Context(), tt.asker, tt.owner, "1")
			if err != nil || !q.MutedUntil.Equal(tt.want) {
				t.Errorf("Questions.Limits(%s, %s).MutedUntil = %v, %v, want %v", tt.asker, tt.owner, q.MutedUntil, err, tt.want)
			}
		}
	})
}
