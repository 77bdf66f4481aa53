package audit_test

import (
	"errors"
	"strings"
	"testing"

	"meetingbot/internal/store"
)

// TestVerifyGaps asserts that gaps from before the chain, when rows kept their numbers,
// don't count as removed rows, wherever the pass begins or ends.
func TestVerifyGaps(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		open := func() *store.Store {
			s, err := store.Open(t.Context(), url, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := open()
		err := s.Do(t.Context(), func(tx *store.Tx) error {
			row := store.AuditRow{Event: store.EventAsked, Actor: "U1"}
			return tx.Audit(t.Context(), row, row, row, row)
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		tamper(t, url, // as before the chain: rows 3, 4, 7 and 8
			`UPDATE audit SET seq = 0 - seq`, `UPDATE audit SET seq = 2 - seq WHERE seq >= -2`, `UPDATE audit SET seq = 4 - seq WHERE seq < -2`,
			`UPDATE audit SET prev = '', hash = '', private = '', salt = '', digest = ''`)
		if err := open().Close(); err != nil {
			t.Fatal(err)
		}
		check := func(args string, code int, says string) {
			t.Helper()
			if got, said := verified(t, url, strings.Fields(args)...); got != code || !strings.Contains(said, says) {
				t.Errorf("Run(verify %s) = %d, want %d and %q\n%s", args, got, code, says, said)
			}
		}
		check("", 0, "Rows 3 to 9 are intact")
		check("--from 2", 0, "Rows 3 to 9 are intact")
		check("--from 5", 0, "Rows 7 to 9 are intact")
		check("--from 6 --to 7", 0, "Rows 7 to 7 are intact")
		check("--to 5", 0, "Rows 3 to 4 are intact")
		check("--from 4 --to 6", 0, "Rows 4 to 4 are intact")
		check("--from 5 --to 6", 1, "there never were any rows 5 to 6")
		check("--to 2", 1, "there never were any rows 1 to 2")
		check("--head 5:"+strings.Repeat("0", 64), 1, "there is no row 5, which was given as the head")
		check("--from 6 --head 5:"+strings.Repeat("0", 64), 1, "there is no row 5, which was given as the head")
		check("--from 10", 1, "there is no row 10: the last one is row 9")

		tamper(t, url, `DELETE FROM audit WHERE seq = 4`)
		check("--from 4", 1, "rows 4 to 6 are missing: they were removed")
		check("--from 5", 1, "rows 5 to 6 are missing: they were removed")
		check("--to 5", 1, "rows 4 to 5 are missing: they were removed")
		tamper(t, url, `UPDATE audit SET prev = (SELECT hash FROM audit WHERE seq = 3) WHERE seq = 7`)
		check("--to 5", 1, "rows 4 to 5 are missing: they were removed")
	})
}
