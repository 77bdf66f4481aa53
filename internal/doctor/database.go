package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"meetingbot/internal/config"
	"meetingbot/internal/store"
)

// lookAtDatabase says whether the bot could work on its database.
func lookAtDatabase(ctx context.Context, cfg config.Config) []finding {
	in, err := store.Inspect(ctx, cfg.DatabaseURL.Reveal())
	if err != nil {
		return []finding{wrong(err.Error(), databaseAdvice(err, in.Dialect))}
	}
	what := strings.TrimSpace(in.Dialect.String() + " " + in.Server)
	switch {
	case !in.Exists:
		return []finding{good(what + ": nothing there yet, and the tables can be made; the bot makes them at its first start")}
	case in.Version < in.Newest:
		what += fmt.Sprintf(": writable; its tables, version %d, will be brought to version %d at the next start", in.Version, in.Newest)
	default:
		what += fmt.Sprintf(": writable, tables of version %d", in.Version)
	}
	if in.Owned {
		what += "; a running bot holds it, and a second one would need PostgreSQL"
	}
	return []finding{good(what)}
}

// databaseAdvice is empty where the error says itself what to do.
func databaseAdvice(err error, d store.Dialect) string {
	for _, known := range []error{store.ErrReadOnly, store.ErrFull, store.ErrLocked, store.ErrCorrupt, store.ErrNewerVersion} {
		if errors.Is(err, known) {
			return ""
		}
	}
	if d == store.PostgreSQL {
		return "check that the server runs, lets this machine in, and that DATABASE_URL has the right user, password and database"
	}
	return "make the folder, or name another file in DATABASE_URL"
}
