package database_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"testing"

	"golang.org/x/sync/errgroup"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestFewConnections: when the server has no connections left, queries wait for one of the
// pool's own; if the pool has none, they fail.
func TestFewConnections(t *testing.T) {
	t.Parallel()
	address, limit := limited(t)
	limit("4")
	d := running(t, address)
	var rush errgroup.Group
	for range 60 {
		rush.Go(func() error { return untilInTime(func() error { return d.Check(t.Context()) }) })
		rush.Go(func() error {
			return untilInTime(func() error {
				return d.Query(t.Context(), `SELECT text FROM note`, func(database.Row) error { return nil })
			})
		})
	}
	if err := rush.Wait(); err != nil {
		t.Errorf("with four connections: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	limit("0")
	if s, err := schema().Open(t.Context(), address, database.Options{}); err == nil {
		_ = s.Close()
		t.Error("Open() = nil without any connection")
	} else if !database.Temporary(err) {
		t.Errorf("Open() = %v, want a temporary error", err)
	}
}

// untilInTime repeats a query that a busy machine was too slow for.
func untilInTime(query func() error) (err error) {
	for range 10 {
		if err = query(); !errors.Is(err, database.ErrSlow) {
			return err
		}
	}
	return err
}

// limited returns the address of a fresh database with its own user, and a function that
// limits how many connections that user may have.
func limited(t *testing.T) (address string, limit func(string)) {
	t.Helper()
	u, err := url.Parse(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	admin, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Fatal(err)
	}
	name := "few_" + u.Path[1:]
	do := func(statement string) {
		t.Helper()
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
			t.Fatal(err)
		}
	}
	do(`CREATE ROLE ` + name + ` LOGIN PASSWORD 'few'`)
	do(`ALTER DATABASE ` + u.Path[1:] + ` OWNER TO ` + name)
	t.Cleanup(func() {
		do(`REASSIGN OWNED BY ` + name + ` TO CURRENT_USER`)
		do(`DROP OWNED BY ` + name)
		do(`DROP ROLE ` + name)
		_ = admin.Close()
	})
	u.User = url.UserPassword(name, "few")
	return u.String(), func(n string) { do(`ALTER ROLE ` + name + ` CONNECTION LIMIT ` + n) }
}
