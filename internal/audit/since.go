package audit

import (
	"fmt"
	"time"

	"meetingbot/internal/config"
)

// parseSince parses the value of --since: a duration before now (30d, 12h, 1d12h), a date
// (2026-11-01, from midnight UTC) or an RFC 3339 time.
func parseSince(s string, now time.Time) (time.Time, error) {
	if ago, ok := config.ParseDuration(s); ok && ago >= 0 {
		return now.Add(-ago), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %q is neither a duration, such as 30d or 12h, nor a date, such as 2026-11-01", s)
}
