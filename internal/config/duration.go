package config

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// day is 24 hours: durations know no calendar.
const day = 24 * time.Hour

// forever is the longest Duration. A value too long for a Duration becomes this, so that
// it is refused as too long, not as malformed.
const forever = time.Duration(math.MaxInt64)

// wellFormed matches what time.ParseDuration can only refuse for being too long.
var wellFormed = regexp.MustCompile(`^([0-9]+(\.[0-9]*)?(h|m|s|ms|us|µs|ns))+$`)

// ParseDuration is time.ParseDuration with optional days in front: 90d, 1d12h. A value
// that is too long becomes the longest Duration.
func ParseDuration(value string) (time.Duration, bool) {
	days, rest, found := strings.Cut(value, "d")
	if !found {
		return parseTime(value)
	}
	n, err := strconv.ParseUint(days, 10, 16) // 65,535 days fit into a Duration
	tooLong := errors.Is(err, strconv.ErrRange)
	d := time.Duration(n) * day
	switch more, _ := parseTime(cmp.Or(rest, "0")); {
	case err != nil && !tooLong, rest != "" && !wellFormed.MatchString(rest):
		return 0, false
	case tooLong, more > forever-d:
		return forever, true
	default:
		return d + more, true
	}
}

func parseTime(value string) (time.Duration, bool) {
	d, err := time.ParseDuration(value)
	if err != nil && wellFormed.MatchString(strings.TrimPrefix(value, "+")) {
		return forever, true
	}
	return d, err == nil
}

// notBetween says that d is not between least and most, or returns "".
func notBetween(d, least, most time.Duration) string {
	if d < least || d > most {
		return fmt.Sprintf("is not between %s and %s", brief(least), brief(most))
	}
	return ""
}

// notZeroOrBetween is notBetween for a duration that may also be 0.
func notZeroOrBetween(d, least, most time.Duration) string {
	if d == 0 || notBetween(d, least, most) == "" {
		return ""
	}
	return "is neither 0 nor between " + brief(least) + " and " + brief(most)
}

// brief formats 48h0m0s as 2d and 1h0m0s as 1h.
func brief(d time.Duration) string {
	if d > day && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
