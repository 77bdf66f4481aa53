package audit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment reads how long ago (30d, 12h, 90m) or since when (2026-11-01, or a
// whole RFC 3339 time). Dates begin at midnight UTC.
func moment(s string, now time.Time) (time.Time, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 100*366 {
			return now.Add(-time.Duration(n) * 24 * time.Hour), nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %q is neither a duration, such as 30d or 12h, nor a date, such as 2026-11-01", s)
}
