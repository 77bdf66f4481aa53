package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// do runs a transaction that has to succeed.
func do(t *testing.T, s *store.Store, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.Do(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatalf("Do() = %v", err)
	}
}

// TestInvited: people are told once and in order, those who can't be reached come last, and
// addresses are deleted once they are no longer needed.
func TestInvited(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(tx.Invited.AddEmails(ctx, "r1", []string{"a@x", "b@x", "c@x"}), tx.Invited.AddEmails(ctx, "r2", []string{"z@x"}))
		})
		next := func(want string) store.Invitee {
			t.Helper()
			i, err := s.Invited.Next(t.Context(), "r1", false)
			if err != nil || i.Email != want {
				t.Fatalf("Invited.Next() = %+v, %v, want %s", i, err, want)
			}
			return i
		}
		first := next("a@x")
		if first.Begun() {
			t.Error("the first had begun before Begin()")
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Invited.Begin(ctx, "r1", first.N, "U1") })
		second := next("b@x") // a@x was tried
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Invited.End(ctx, "r1", second.N, "not_found", "")
		})
		third := next("c@x")
		if n, err := s.Invited.Pending(t.Context(), "r1"); err != nil || n != 1 {
			t.Errorf("Invited.Pending() = %d, %v, want only a@x", n, err)
		}
		if i, err := s.Invited.Next(t.Context(), "r1", true); err != nil || i.Email != "a@x" {
			t.Errorf("Invited.Next() of those begun = %+v, %v, want a@x", i, err)
		}
		if twice, _, err := s.Invited.AlreadyBegun(t.Context(), "r1", third, "U1"); !twice || err != nil {
			t.Errorf("Invited.AlreadyBegun() of a person whose message has begun = %t, %v, want true", twice, err)
		}
		if twice, _, err := s.Invited.AlreadyBegun(t.Context(), "r1", third, "U2"); twice || err != nil {
			t.Errorf("Invited.AlreadyBegun() of another person = %t, %v, want false", twice, err)
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Invited.End(ctx, "r1", third.N, "duplicate", "")
		})
		if again := next("a@x"); !again.Begun() || again.Person != "U1" || again.Tries != 1 {
			t.Errorf("Invited.Next() = %+v, want U1, begun once", again)
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Invited.End(ctx, "r1", first.N, "sent", "") })
		if _, err := s.Invited.Next(t.Context(), "r1", false); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Invited.Next() with nobody left = %v, want ErrNotFound", err)
		}
		results, err := s.Invited.Results(t.Context(), "r1")
		if want := map[string]int{"not_found": 1, "duplicate": 1, "sent": 1}; err != nil || !maps.Equal(results, want) {
			t.Errorf("Invited.Results() = %v, %v, want %v", results, err, want)
		}
		if n := count(t, s, `SELECT count(*) FROM invited WHERE request = 'r1' AND email <> ''`); n != 0 {
			t.Errorf("%d addresses of told people are left, want none", n)
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Invited.Forget(ctx, "r1") })
		if n := count(t, s, `SELECT count(*) FROM invited`); n != 1 {
			t.Errorf("%d rows are left, want only the other request's", n)
		}
	})
}

// TestInvitedWaves: a meeting's people are listed in order, those in one of its card's lists are
// marked, and a person told in several lists counts once.
func TestInvitedWaves(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(
				tx.Invited.AddEmails(ctx, "part", []string{"b@x", "a@x"}),
				tx.Invited.AddEmails(ctx, "card", []string{"a@x", "c@x"}), tx.Invited.AddEmails(ctx, "card/2", []string{"a@x", "b@x"}),
				tx.Invited.Mark(ctx, "part", "card", []store.Invitee{{Email: "a@x"}, {Email: "c@x"}}),
			)
		})
		all, err := s.Invited.List(t.Context(), "part")
		if err != nil || len(all) != 2 || all[0].Email != "b@x" || len(all[0].Parts) != 0 || !slices.Equal(all[1].Parts, []cancellation.ID{"card"}) {
			t.Errorf("Invited.List() = %+v, %v, want b@x and a marked a@x", all, err)
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			var err error
			for _, list := range []cancellation.ID{"card", "card/2"} {
				for n, who := range []string{"U1", "U2"} {
					if list == "card/2" && n == 1 {
						who = "U3"
					}
					err = errors.Join(err, tx.Invited.Begin(ctx, list, n, who), tx.Invited.End(ctx, list, n, "sent", ""))
				}
			}
			return err
		})
		if n, err := s.Invited.People(t.Context(), "sent", "card", "card/2"); err != nil || n != 3 {
			t.Errorf("Invited.People() = %d, %v, want 3: one was told twice", n, err)
		}
	})
}

// TestInviteMany: a list longer than one statement takes is stored whole.
func TestInviteMany(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		var all []string
		for i := range 450 {
			all = append(all, fmt.Sprintf("p%d@x", i))
		}
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Invited.AddEmails(ctx, "r1", all) })
		if n := count(t, s, `SELECT count(DISTINCT n) FROM invited WHERE email <> ''`); n != len(all) {
			t.Errorf("%d people are stored, want %d", n, len(all))
		}
	})
}

func count(t *testing.T, s *store.Store, query string) (n int) {
	t.Helper()
	if err := s.DB().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
