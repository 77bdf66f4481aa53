package doctor

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
	"meetingbot/internal/store"
)

// TestDelegations asserts that doctor lists who delegates to whom, until when the
// delegation holds under the configured limit, and that limit.
func TestDelegations(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	url := "sqlite:" + filepath.Join(t.TempDir(), "m.db")
	look := func(longest time.Duration) (lines []string) {
		t.Helper()
		for _, f := range checkDelegations(t.Context(), config.Config{DatabaseURL: config.Secret(url), DelegationMax: longest}) {
			lines = append(lines, string(f.Status)+": "+f.Text)
		}
		return lines
	}
	want := func(longest time.Duration, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, look(longest)); diff != "" {
			t.Errorf("checkDelegations(%v) (-want +got)\n%s", longest, diff)
		}
	}
	want(90*day, "ok: none yet; the limit is 90 days")
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	want(time.Hour, "ok: none active; the limit is 1h0m0s")
	err = s.Do(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Delegations.Give(t.Context(), cancellation.Delegation{ID: "d", Giver: "U1", Receiver: "U2", GivenAt: now, Until: now.Add(30 * day)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(90*day, "ok: U1 has delegated to U2 until 2026-12-31 12:00:00 UTC", "ok: 1 delegation; the limit is 90 days")
	want(7*day, "ok: U1 has delegated to U2 until 2026-12-08 12:00:00 UTC", "ok: 1 delegation; the limit is 7 days")
	want(0, "ok: U1 has delegated to U2 until 2026-12-01 12:00:00 UTC", "ok: 1 delegation; DELEGATION_MAX is 0, which turns them off")
	err = s.Do(t.Context(), func(tx *store.Tx) (err error) {
		for i := 1; i <= 1000 && err == nil; i++ {
			id := strconv.Itoa(i)
			_, err = tx.Delegations.Give(t.Context(), cancellation.Delegation{ID: cancellation.ID(id), Giver: "U" + id, Receiver: "U0", GivenAt: now, Until: now.Add(day)})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines := look(90 * day); lines[len(lines)-1] != "ok: 1001 delegations; the limit is 90 days" {
		t.Errorf("of 1001 delegations it says %q", lines[len(lines)-1])
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
