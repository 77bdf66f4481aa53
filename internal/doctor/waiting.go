package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

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
