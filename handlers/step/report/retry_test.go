package report

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/meetingapi"
)

// TestSoonest checks that the shortest wait of several failures wins.
func TestSoonest(t *testing.T) {
	t.Parallel()
	wait := func(seconds time.Duration) error { return &bot.Error{RetryAfter: seconds * time.Second} }
	for name, tt := range map[string]struct {
		err  error
		want time.Duration
	}{
		"one":           {wait(900), 900 * time.Second},
		"the second":    {errors.Join(wait(900), wait(5)), 5 * time.Second},
		"deep inside":   {errors.Join(errors.Join(wait(900), nil), errors.Join(wait(60), fmt.Errorf("telling: %w", wait(7)))), 7 * time.Second},
		"one without":   {errors.Join(wait(900), errors.New("no answer")), 0},
		"the service's": {errors.Join(wait(900), &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 30 * time.Second}), 30 * time.Second},
	} {
		if got := soonest(tt.err); got != tt.want {
			t.Errorf("%s: soonest(%v) = %s, want %s", name, tt.err, got, tt.want)
		}
	}
}
