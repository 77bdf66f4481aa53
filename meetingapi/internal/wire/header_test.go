package wire

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestRateHeader(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"remain:99,limit:100,time:1 minute":     "99 100 1m0s",
		" remain: 0 , limit: 5 , time:2 hours ": "0 5 2h0m0s",
		"remain:199,limit:200,time:1 second":    "199 200 1s",
		"remain:1,limit:0,time:1 minute":        "",
		"remain:1,limit:5,time:0 minute":        "",
		"remain:-1,limit:5,time:1 minute":       "",
		"remain:1,limit:5":                      "",
		"remain:1,limit:5,time:1 week":          "",
		"":                                      "",
		"remain:99999999999999999999,limit:1":   "",
	} {
		left, limit, period, ok := rateHeader(http.Header{"X-Apig-Ratelimit-Api": {value}})
		got := ""
		if ok {
			got = fmt.Sprintf("%d %d %s", left, limit, period)
		}
		if got != want {
			t.Errorf("rate header %q = %q, want %q", value, got, want)
		}
	}
}

func FuzzHeaders(f *testing.F) {
	for _, v := range []string{"remain:99,limit:100,time:1 minute", "remain:0,limit:1,time:999999 days", "3", "-3", "Wed, 25 Nov 2026 12:00:00 GMT", "2026-11-25 12:00", ""} {
		f.Add(v)
	}
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		if left, limit, _, ok := rateHeader(http.Header{"X-Apig-Ratelimit-Api": {value}}); ok && (left < 0 || limit <= 0) {
			t.Errorf("rate %q = %d of %d", value, left, limit)
		}
		if d := (Answer{Header: http.Header{"Retry-After": {value}}}).RetryAfter(now); d < 0 || d > 24*time.Hour {
			t.Errorf("Retry-After %q = %v", value, d)
		}
		if at := Text(value).UTC(); at.Location() != time.UTC {
			t.Errorf("time %q = %v, want it in UTC", value, at)
		}
	})
}
