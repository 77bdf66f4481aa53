package doctor_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/slacksim"
)

// TestDatabaseFile: a finding names the whole path of the file, whether or not it is in order,
// because doctor may run in another folder than the bot.
func TestDatabaseFile(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	relative := func(path string) string {
		path, err := filepath.Rel(here, path)
		if err != nil {
			t.Skip(err) // on another drive
		}
		return path
	}
	usable := filepath.Join(t.TempDir(), "m.db")
	locked := filepath.Join(t.TempDir(), "m.db")
	readOnly(t, locked)
	for path, status := range map[string]string{usable: "ok", locked: "fail"} {
		s := newSetup(t, slacksim.Options{}, meetingsim.Options{})
		s.env["DATABASE_URL"] = "sqlite:" + relative(path)
		if found, _ := s.examine(t); !says(found, "database", status, "in "+path+":") {
			t.Errorf("no finding about the database is %s and names %s", status, path)
		}
	}
}

// TestDatabaseName: an address without a database means the one named like the user, so the
// finding says which it is.
func TestDatabaseName(t *testing.T) {
	t.Parallel()
	s := newSetup(t, slacksim.Options{}, meetingsim.Options{})
	s.env["DATABASE_URL"] = pgtest.URL(t)
	address, err := url.Parse(s.env["DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	if found, _ := s.examine(t); !says(found, "database", "ok", ", database "+strings.TrimPrefix(address.Path, "/")+":") {
		t.Errorf("no finding names the database in %v", found)
	}
}

// TestDatabaseClock: replicas go by PostgreSQL's clock, so one that is off is reported, and not
// blamed on this machine.
func TestDatabaseClock(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ ahead, status, text string }{
		{"30 seconds", "ok", "PostgreSQL"},
		{"2 minutes", "warn", "PostgreSQL's clock is 2m0s ahead of this machine's"},
		{"-1 hour", "fail", "PostgreSQL's clock is 1h0m0s behind this machine's"},
	} {
		t.Run(row.ahead, func(t *testing.T) {
			t.Parallel()
			s := newSetup(t, slacksim.Options{}, meetingsim.Options{})
			s.env["DATABASE_URL"] = pgtest.URL(t)
			db, err := sql.Open("pgx", s.env["DATABASE_URL"])
			if err != nil {
				t.Fatal(err)
			}
			_, err = db.ExecContext(t.Context(), fmt.Sprintf(`CREATE SCHEMA off;
				CREATE FUNCTION off.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '%s' $$;
				DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET search_path = off, pg_catalog', current_database()); END $$`, row.ahead))
			if err != nil {
				t.Fatal(err)
			}
			_ = db.Close()
			if found, _ := s.examine(t); !says(found, "database", row.status, row.text) {
				t.Errorf("no finding about the database is %s and says %q", row.status, row.text)
			}
		})
	}
}
