package doctor

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"meetingbot/internal/config"
	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

func checkDatabase(ctx context.Context, cfg config.Config) []finding {
	in, err := store.Inspect(ctx, cfg.DatabaseURL.Reveal())
	what := strings.TrimSpace(in.Dialect.String() + " " + in.Server)
	if path, ok := strings.CutPrefix(cfg.DatabaseURL.Reveal(), "sqlite:"); ok {
		if path, err := filepath.Abs(path); err == nil { // doctor may have been started in another directory than the bot
			what += " in " + path
		}
	}
	switch {
	case err != nil && in.Dialect == database.SQLite:
		return []finding{failed(what+": "+err.Error(), databaseAdvice(err, in.Dialect))}
	case err != nil: // PostgreSQL's errors say whose they are
		return []finding{failed(err.Error(), databaseAdvice(err, in.Dialect))}
	}
	switch {
	case !in.Exists:
		what += ": empty; the bot can create its tables when it first starts"
	case in.Version < in.Newest:
		what += fmt.Sprintf(": writable; the next start updates its tables from version %d to version %d", in.Version, in.Newest)
	default:
		what += fmt.Sprintf(": writable, tables of version %d", in.Version)
	}
	if in.Owned {
		what += "; in use by a running bot (a second one would need PostgreSQL)"
	}
	found := []finding{passed(what)}
	if off := in.Ahead.Abs(); off > clockWarn {
		found = append(found, clockOff(off, "PostgreSQL's clock is "+apart(in.Ahead)+" this machine's",
			"set the clocks of both machines, preferably by NTP: the bot goes by PostgreSQL's, so that replicas agree, and the times on cards and the ends of questions are off with it"))
	}
	return found
}

// databaseAdvice returns "" if the error itself says what to do.
func databaseAdvice(err error, d database.Dialect) string {
	selfExplaining := []error{
		database.ErrReadOnly, database.ErrFull, database.ErrLocked, database.ErrCorrupt, database.ErrNewerVersion,
		database.ErrDenied, database.ErrLogin, database.ErrNoSuchDatabase, database.ErrNoSchema, database.ErrConnections, database.ErrSlow, database.ErrAddress,
	}
	if slices.ContainsFunc(selfExplaining, func(known error) bool { return errors.Is(err, known) }) {
		return ""
	}
	if d == database.PostgreSQL {
		return "check that the server is running and lets this machine in, and that DATABASE_URL has the right host, user, password and database"
	}
	return "create the folder, or name another file in DATABASE_URL"
}
