package audit_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/audit"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

// eachDatabase runs a test on a new database of each kind.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, sqlitetest.URL(t))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, pgtest.URL(t))
	})
}

// rows returns n rows for a trail.
func rows(n int) (all []row) {
	for i := range n {
		all = append(all, row{fmt.Sprint("r", i/2), store.EventAsked, "U1", "914087436", map[string]string{"reason": fmt.Sprint("ü ", i), "channel": "C1"}})
	}
	return all
}

// tamper changes the database with the rights of a user who may drop triggers.
func tamper(t *testing.T, url string, statements ...string) {
	t.Helper()
	name, drop := "pgx", []string{`ALTER TABLE audit DISABLE TRIGGER USER`}
	source, isFile := strings.CutPrefix(url, "sqlite:")
	if isFile {
		name, drop = "sqlite", nil
		for _, trigger := range []string{"audit_no_update", "audit_no_delete", "audit_no_replace", "audit_no_loose_row"} {
			drop = append(drop, `DROP TRIGGER IF EXISTS `+trigger)
		}
	}
	db, err := sql.Open(name, source)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, q := range append(drop, statements...) {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// verified runs verify and returns its exit code and output.
func verified(t *testing.T, url string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := audit.Run(t.Context(), append([]string{"verify"}, args...), []string{"DATABASE_URL=" + url}, &out, &out)
	return code, out.String()
}

// copyRow returns a statement that inserts a copy of row from as row to.
func copyRow(from, to int) string {
	return fmt.Sprintf(`INSERT INTO audit (seq, at, request, event, actor, meeting, detail, private, salt, digest, prev, hash)
		SELECT %d, at, request, 'confirmed', actor, meeting, detail, private, salt, digest, prev, hash FROM audit WHERE seq = %d`, to, from)
}

// TestVerify covers everything that can be done to a trail of ten rows.
func TestVerify(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		tamper []string
		args   []string
		code   int
		says   []string
	}{
		{"nothing", nil, nil, 0, []string{"Rows 1 to 10 are intact (2026-11-23T18:00:00Z to 2026-11-23T18:00:09Z)", "could have been cut off", "The head is 10:"}},
		{"part of it", nil, []string{"--from", "3", "--to", "7"}, 0, []string{"Rows 3 to 7 are intact", "Rows after 7 were not checked"}},
		{"who", []string{`UPDATE audit SET actor = 'U2' WHERE seq = 4`}, nil, 1, []string{"Rows 1 to 3 are intact", "row 4 (2026-11-23T18:00:03Z asked of r1): the row's personal details were changed"}},
		{"what", []string{`UPDATE audit SET event = 'declined' WHERE seq = 4`}, nil, 1, []string{"Rows 1 to 3 are intact", "row 4 (2026-11-23T18:00:03Z declined of r1) was changed"}},
		{"details that aren't JSON", []string{`UPDATE audit SET detail = 'zz' WHERE seq = 4`}, nil, 1, []string{"Rows 1 to 3 are intact", "row 4 (2026-11-23T18:00:03Z asked of r1) was changed"}},
		{"private details that aren't JSON", []string{`UPDATE audit SET private = 'zz' WHERE seq = 4`}, nil, 1, []string{"Rows 1 to 3 are intact", "row 4 (2026-11-23T18:00:03Z asked of r1): the row's personal details were changed"}},
		{"details without any", []string{`UPDATE audit SET detail = 'null' WHERE seq = 4`}, nil, 1, []string{"Rows 1 to 3 are intact", "row 4 (2026-11-23T18:00:03Z asked of r1) was changed"}},
		{"when", []string{`UPDATE audit SET at = at + 1 WHERE seq = 10`}, nil, 1, []string{"row 10", "was changed"}},
		{"the first", []string{`UPDATE audit SET meeting = '1' WHERE seq = 1`}, nil, 1, []string{"No row could be verified", "row 1 (2026-11-23T18:00:00Z asked of r0) was changed"}},
		{"with its hash", []string{`UPDATE audit SET hash = prev WHERE seq = 4`}, nil, 1, []string{"row 4", "was changed"}},
		{"removed", []string{`DELETE FROM audit WHERE seq = 4`}, nil, 1, []string{"Rows 1 to 3 are intact", "row 4 is missing: it was removed"}},
		{"several removed", []string{`DELETE FROM audit WHERE seq IN (4, 5, 6)`}, nil, 1, []string{"rows 4 to 6 are missing"}},
		{"the beginning removed", []string{`DELETE FROM audit WHERE seq < 4`}, nil, 1, []string{"row 4 is the first, but its hash names one before it"}},
		{
			"removed and moved up",
			[]string{`DELETE FROM audit WHERE seq = 4`, `UPDATE audit SET seq = 0 - seq WHERE seq > 4`, `UPDATE audit SET seq = 0 - seq - 1 WHERE seq < 0`},
			nil, 1,
			[]string{"row 4 was removed, and those after it moved up"},
		},
		{
			"inserted",
			[]string{`UPDATE audit SET seq = 0 - seq WHERE seq > 4`, `UPDATE audit SET seq = 1 - seq WHERE seq < 0`, copyRow(4, 5)},
			nil, 1,
			[]string{"Rows 1 to 4 are intact", "row 5 (2026-11-23T18:00:03Z confirmed of r1) was inserted, and those after it moved down"},
		},
		{"added at the end", []string{copyRow(10, 11)}, nil, 1, []string{"Rows 1 to 10 are intact", "row 11", "was changed"}},
		{
			"swapped",
			[]string{`UPDATE audit SET seq = 99 WHERE seq = 4`, `UPDATE audit SET seq = 4 WHERE seq = 5`, `UPDATE audit SET seq = 5 WHERE seq = 99`},
			nil, 1,
			[]string{"Rows 1 to 3 are intact", "rows 4 and 5 were swapped"},
		},
		{"cut off", []string{`DELETE FROM audit WHERE seq > 7`}, nil, 1, []string{"Rows 1 to 7 are intact", "the trail ends at row 7, but the database stored 10: it was cut off"}},
		{
			"blanked by hand",
			[]string{`UPDATE audit SET actor = '', private = '', salt = '' WHERE seq = 4`},
			nil, 1,
			[]string{"Rows 1 to 10 are intact", "blanked rows: 1, but the trail accounts for only 0"},
		},
		{
			"cut off after blanking",
			[]string{`UPDATE audit SET actor = '', private = '', salt = '' WHERE seq = 4`, `DELETE FROM audit WHERE seq > 7`},
			nil, 1,
			[]string{"Rows 1 to 7 are intact", "the trail ends at row 7, but the database stored 10: it was cut off"},
		},
		{"from beyond the end", nil, []string{"--from", "11"}, 1, []string{"There are no such rows", "there is no row 11: the last one is row 10"}},
		{"both beyond the end", nil, []string{"--from", "11", "--to", "20"}, 1, []string{"There are no such rows", "there is no row 20: the last one is row 10"}},
		{"to beyond the end", nil, []string{"--to", "11"}, 1, []string{"Rows 1 to 10 are intact", "there is no row 11: the last one is row 10"}},
		{"from where it was cut off", []string{`DELETE FROM audit WHERE seq > 7`}, []string{"--from", "8"}, 1, []string{"There are no such rows", "the trail ends at row 7, but the database stored 10"}},
		{"to where it was cut off", []string{`DELETE FROM audit WHERE seq > 7`}, []string{"--to", "9"}, 1, []string{"Rows 1 to 7 are intact", "the trail ends at row 7, but the database stored 10"}},
		{"up to the cut", []string{`DELETE FROM audit WHERE seq > 7`}, []string{"--to", "7"}, 0, []string{"Rows 1 to 7 are intact"}},
		{"the first asked for removed", []string{`DELETE FROM audit WHERE seq = 4`}, []string{"--from", "4"}, 1, []string{"No row could be verified", "row 4 is missing: it was removed"}},
		{"the first few asked for removed", []string{`DELETE FROM audit WHERE seq IN (3, 4)`}, []string{"--from", "3", "--to", "8"}, 1, []string{"rows 3 to 4 are missing: they were removed"}},
		{"the last asked for removed", []string{`DELETE FROM audit WHERE seq = 4`}, []string{"--to", "4"}, 1, []string{"Rows 1 to 3 are intact", "row 4 is missing: it was removed"}},
		{"all asked for removed", []string{`DELETE FROM audit WHERE seq IN (3, 4)`}, []string{"--from", "3", "--to", "4"}, 1, []string{"There are no such rows", "rows 3 to 4 are missing: they were removed"}},
		{"the beginning removed, and nothing else asked for", []string{`DELETE FROM audit WHERE seq <= 5`}, []string{"--to", "5"}, 1, []string{"There are no such rows", "rows 1 to 5 are missing: they were removed"}},
		{"nothing left", []string{`DELETE FROM audit`}, []string{"--from", "3"}, 1, []string{"There are no such rows", "the trail ends at row 0, but the database stored 10"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				trailIn(t, url, rows(10))
				if len(tt.tamper) > 0 {
					tamper(t, url, tt.tamper...)
				}
				code, said := verified(t, url, tt.args...)
				if code != tt.code {
					t.Errorf("Run(verify %q) = %d, want %d\n%s", tt.args, code, tt.code, said)
				}
				for _, want := range tt.says {
					if !strings.Contains(said, want) {
						t.Errorf("Run(verify %q) lacks %q:\n%s", tt.args, want, said)
					}
				}
			})
		})
	}
}

// TestVerifyStoredHead asserts that the database's own record of the last row is compared with
// the trail, also without a head kept elsewhere.
func TestVerifyStoredHead(t *testing.T) {
	t.Parallel()
	const lower = "the trail ends at row 10, but the database's own record says row %d: that record was changed or deleted"
	for name, tt := range map[string]struct{ sqlite, postgres, says string }{
		"deleted": {`DELETE FROM sqlite_sequence WHERE name = 'audit'`, `DELETE FROM audit_head`, fmt.Sprintf(lower, 0)},
		"lowered": {`UPDATE sqlite_sequence SET seq = 8 WHERE name = 'audit'`, `UPDATE audit_head SET seq = 8`, fmt.Sprintf(lower, 8)},
		"its hash": {
			"", `UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE seq = 9)`,
			"row 10 is not the one that the database recorded as the last: one of the two was changed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, url string) {
				trailIn(t, url, rows(10))
				change := tt.sqlite
				if !strings.HasPrefix(url, "sqlite:") {
					change = tt.postgres
				}
				if change == "" {
					t.Skip("SQLite keeps no hash")
				}
				tamper(t, url, change)
				if code, said := verified(t, url); code != 1 || !strings.Contains(said, "Rows 1 to 10 are intact") || !strings.Contains(said, tt.says) {
					t.Errorf("Run(verify) = %d, want 1 and %q\n%s", code, tt.says, said)
				}
			})
		})
	}
}

// headOf returns the head that verify prints.
func headOf(t *testing.T, url string) string {
	t.Helper()
	_, said := verified(t, url)
	_, head, found := strings.Cut(said, "The head is ")
	if !found {
		t.Fatalf("no head in\n%s", said)
	}
	return strings.TrimSpace(head)
}

// TestVerifyHead finds tampering that only a head kept elsewhere can reveal.
func TestVerifyHead(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		trailIn(t, url, rows(10))
		kept := headOf(t, url)
		check := func(code int, says string) {
			t.Helper()
			if got, said := verified(t, url, "--head", kept); got != code || !strings.Contains(said, says) {
				t.Errorf("Run(verify --head %s) = %d, want %d and %q\n%s", kept, got, code, says, said)
			}
		}
		check(0, "The given head is row 10: nothing up to there was cut off.")
		_, hash, _ := strings.Cut(kept, ":")
		for _, part := range []struct {
			args []string
			code int
			says string
		}{
			{[]string{"--to", "10"}, 0, "The given head is row 10"},
			{[]string{"--from", "10"}, 0, "The given head is row 10"},
			{[]string{"--to", "7"}, 2, "--head is row 10, but --to 7 leaves it out"},
			{[]string{"--from", "11"}, 0, "The given head is row 10"}, // no rows since
			{[]string{"--from", "12"}, 2, "--head is row 10, but --from 12 leaves it out"},
		} {
			if code, said := verified(t, url, append(part.args, "--head", "10:"+hash)...); code != part.code || !strings.Contains(said, part.says) {
				t.Errorf("Run(verify %q --head) = %d, want %d and %q\n%s", part.args, code, part.code, part.says, said)
			}
		}
		// An attacker also resets the number of rows that the database has stored.
		forget := `UPDATE sqlite_sequence SET seq = 8 WHERE name = 'audit'`
		if !strings.HasPrefix(url, "sqlite:") {
			forget = `UPDATE audit_head SET seq = 8, hash = (SELECT hash FROM audit WHERE seq = 8)`
		}
		tamper(t, url, `DELETE FROM audit WHERE seq > 8`, forget)
		if code, said := verified(t, url); code != 0 || !strings.Contains(said, "could have been cut off") {
			t.Errorf("Run(verify) = %d, want it to say that it can't tell\n%s", code, said)
		}
		check(1, "the trail ends at row 8, but the given head is row 10: it was cut off")
		for _, args := range [][]string{{"--from", "11"}, {"--to", "20"}} {
			if code, said := verified(t, url, append(args, "--head", kept)...); code != 1 || !strings.Contains(said, "the given head is row 10: it was cut off") {
				t.Errorf("Run(verify %q --head) = %d, want it to say that the trail was cut off\n%s", args, code, said)
			}
		}
		if strings.HasPrefix(url, "sqlite:") {
			return // its file is in use until the end of the test
		}
		// They also have other rows written instead.
		s, err := store.Open(t.Context(), url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		for range 3 {
			err = s.Do(t.Context(), func(tx *store.Tx) error {
				return tx.Audit(t.Context(), store.RequestRow(cancellation.Request{ID: "forged"}, store.EventAsked, "U1", nil))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		check(1, "row 10 is not the one given as the head")
	})
}

// TestVerifyClock asserts that a clock that was set back is reported, but isn't a fault.
func TestVerifyClock(t *testing.T) {
	t.Parallel()
	now := evening
	url := sqlitetest.URL(t)
	s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, step := range []time.Duration{0, time.Hour, -3 * time.Hour, time.Second} {
		now = now.Add(step)
		err := s.Do(t.Context(), func(tx *store.Tx) error {
			return tx.Audit(t.Context(), store.AuditRow{Event: store.EventAsked, Actor: "U1"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if code, said := verified(t, url); code != 0 || !strings.Contains(said, "The clock was set back, by 3h0m0s at row 3.") {
		t.Errorf("Run(verify) = %d\n%s", code, said)
	}
	now = now.Add(24 * time.Hour)
	if n, err := s.Blank(t.Context(), now, 10); err != nil || n != 4 {
		t.Fatalf("Blank() = %d, %v", n, err)
	}
	if code, said := verified(t, url); code != 0 || !strings.Contains(said, "4 of them were blanked") {
		t.Errorf("Run(verify) after Blank() = %d\n%s", code, said)
	}
}

// TestVerifyArguments asserts that bad arguments are refused before anything is read.
func TestVerifyArguments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, 0, "--head"},
		{[]string{"--from", "x"}, 2, "--help"},
		{[]string{"--from", "9", "--to", "3"}, 2, "--to can't be less than --from"},
		{[]string{"--head", "abc"}, 2, "is not a head"},
		{[]string{"--head", "5:" + strings.Repeat("g", 64)}, 2, "is not a head"},
		{[]string{"5"}, 2, "is not an option"},
		{nil, 1, "no database"},
	} {
		if code, said := verified(t, "sqlite:"+filepath.Join(t.TempDir(), "none.db"), tt.args...); code != tt.code || !strings.Contains(said, tt.says) {
			t.Errorf("Run(verify %q) = %d, want %d and %q\n%s", tt.args, code, tt.code, tt.says, said)
		}
	}
}

// TestVerifyScript asserts that docs/verify.py, which shares no code with this program,
// gets the same result.
func TestVerifyScript(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 here")
	}
	eachDatabase(t, func(t *testing.T, url string) {
		environ := trailIn(t, url, append(rows(10), threeRequests()...))
		check := func() (string, error) {
			cmd := exec.CommandContext(t.Context(), python, filepath.Join("..", "..", "docs", "verify.py"))
			cmd.Stdin = strings.NewReader(run(t, environ, "--format", "json", "--since", "2000-01-01"))
			out, err := cmd.CombinedOutput()
			return string(out), err
		}
		if said, err := check(); err != nil || !strings.Contains(said, headOf(t, url)) {
			t.Errorf("verify.py = %v, want it intact with the same head\n%s", err, said)
		}
		// There is no way left to check what a blanked row said about people.
		tamper(t, url, `UPDATE audit SET actor = '', private = '', salt = '' WHERE seq = 7`)
		if said, err := check(); err != nil {
			t.Errorf("verify.py = %v of a blanked row\n%s", err, said)
		}
		for _, q := range []string{
			`UPDATE audit SET actor = 'U2' WHERE seq = 7`, `UPDATE audit SET event = 'declined' WHERE seq = 6`,
			`UPDATE audit SET actor = 'U2', salt = '' WHERE seq = 5`, `UPDATE audit SET actor = 'U2' WHERE seq = 4`, `DELETE FROM audit WHERE seq = 2`,
		} {
			tamper(t, url, q)
			seq := q[len(q)-1:]
			if seq == "2" {
				seq = "3"
			}
			if said, err := check(); err == nil || !strings.Contains(said, "row "+seq+" was changed") {
				t.Errorf("verify.py = %v after %s\n%s", err, q, said)
			}
		}
		tamper(t, url, `DELETE FROM audit`)
		if said, err := check(); err == nil || said != "there are no rows: did the export fail?\n" {
			t.Errorf("verify.py = %v without rows\n%s", err, said)
		}
	})
}

// TestVerifyEmpty asserts that an empty trail, as of a new bot, is valid.
func TestVerifyEmpty(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		trailIn(t, url, nil)
		for _, tt := range []struct {
			args []string
			code int
			says string
		}{
			{nil, 0, "The trail is empty, so nothing was verified.\nIf it ever had rows, only a head kept elsewhere would show it (--head).\n"},
			{[]string{"--from", "1"}, 1, "there is no row 1: the trail is empty"},
			{[]string{"--to", "1"}, 1, "there is no row 1: the trail is empty"},
			{[]string{"--head", "1:" + strings.Repeat("0", 64)}, 1, "the trail ends at row 0, but the given head is row 1"},
		} {
			if code, said := verified(t, url, tt.args...); code != tt.code || !strings.Contains(said, tt.says) || strings.Contains(said, "intact") {
				t.Errorf("Run(verify %q) = %d, want %d and %q\n%s", tt.args, code, tt.code, tt.says, said)
			}
		}
	})
}
