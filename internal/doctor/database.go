package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/database"
	"meetingbot/internal/jobs"
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
	if in.Name != "" {
		what += ", database " + in.Name
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
			"set the clocks of both machines, preferably by NTP: replicas go by PostgreSQL's, so the times on cards, and when questions expire, are off by as much"))
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

// longWait is how long a step may wait before we report it.
const longWait = time.Minute

// checkWaiting reports steps that wait for an operator to fix something, or that no
// replica runs. It leaves problems with the database itself to checkDatabase.
func checkWaiting(ctx context.Context, cfg config.Config) []finding {
	db, err := store.OpenReadOnly(ctx, cfg.DatabaseURL.Reveal())
	if err != nil {
		return nil
	}
	waiting, oldest, err := jobs.Waiting(ctx, db, longWait)
	if err = errors.Join(err, db.Close()); err != nil || len(waiting) == 0 {
		return nil
	}
	var steps []string
	all := 0
	for _, s := range slices.Sorted(maps.Keys(waiting)) {
		steps = append(steps, fmt.Sprintf("%s: %d", s, waiting[s]))
		all += waiting[s]
	}
	return []finding{warning(
		fmt.Sprintf("%s waiting for more than a minute, the oldest for %s (%s)", count(all, "step"), oldest.Round(time.Second), strings.Join(steps, ", ")),
		"fix whatever else is reported here; the log has the reason. The steps then carry on by themselves: they are retried for a day",
	)}
}

func checkDelegations(ctx context.Context, cfg config.Config) []finding {
	db, err := store.OpenReadOnly(ctx, cfg.DatabaseURL.Reveal())
	if errors.Is(err, database.ErrNoDatabase) {
		return []finding{passed("none yet" + limitNote(cfg.DelegationMax))}
	}
	if err != nil {
		return []finding{warning("not checked", "fix the database first")}
	}
	all, err := db.Delegations.Active(ctx, "", math.MaxInt32)
	if err = errors.Join(err, db.Close()); err != nil {
		return []finding{warning("not checked ("+err.Error()+")", "if the next start updates the tables, run doctor again afterwards")}
	}
	if len(all) == 0 {
		return []finding{passed("none active" + limitNote(cfg.DelegationMax))}
	}
	var found []finding
	for _, d := range all {
		until := d.Ends(cfg.DelegationMax).UTC().Format(time.DateTime)
		found = append(found, passed(fmt.Sprintf("%s has delegated to %s until %s UTC", d.Giver, d.Receiver, until)))
	}
	return append(cut(found, maxNamed), passed(count(len(all), "delegation")+limitNote(cfg.DelegationMax)))
}

func limitNote(longest time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case longest <= 0:
		return "; DELEGATION_MAX is 0, which turns them off"
	case longest%day == 0:
		return "; the limit is " + count(int(longest/day), "day")
	}
	return "; the limit is " + longest.String()
}
