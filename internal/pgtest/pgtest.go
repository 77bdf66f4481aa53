// Package pgtest gives each test its own PostgreSQL database on the server that
// MEETINGBOT_TEST_POSTGRES names.
//
// It is for tests only; release builds don't import it.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
)

// URL creates an empty database and returns its DATABASE_URL. The database is dropped at
// the end of the test. Without a server the test is skipped, or fails if
// MEETINGBOT_TEST_REQUIRE names postgres.
func URL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("MEETINGBOT_TEST_POSTGRES")
	if server == "" {
		if strings.Contains(os.Getenv("MEETINGBOT_TEST_REQUIRE"), "postgres") {
			t.Fatal("MEETINGBOT_TEST_POSTGRES names no server")
		}
		t.Skip("MEETINGBOT_TEST_POSTGRES names no server")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("MEETINGBOT_TEST_POSTGRES is not a URL")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), `CREATE DATABASE `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	u.Path = "/" + name
	return u.String()
}
