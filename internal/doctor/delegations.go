package doctor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

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
