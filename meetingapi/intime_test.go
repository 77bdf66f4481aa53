package meetingapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/meetingapi"
)

// slowLogins delays logins.
type slowLogins struct {
	*wire
	by time.Duration
}

func (s slowLogins) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "/auth/") {
		pass(s.by)
	}
	return s.wire.RoundTrip(r)
}

// TestSentInTimeForAnAnswer: a cancellation that had to wait for something else is sent only
// while enough of its time is left for the answer. Sent later, it would probably take effect,
// and its outcome would be unknown.
func TestSentInTimeForAnAnswer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pause string        // asked for by an earlier cancellation's answer, in seconds
		login time.Duration // how long a login takes
		stale bool          // the first token is refused, after a second
		sent  int
		class meetingapi.Class
	}{
		"at once":                {sent: 1},
		"after a short pause":    {pause: "2", sent: 1},
		"after a long pause":     {pause: "4", class: meetingapi.ClassThrottled},
		"after a quick login":    {login: 2 * time.Second, sent: 1},
		"after a slow login":     {login: 4 * time.Second, class: meetingapi.ClassUnavailable},
		"with a token refused":   {stale: true, login: time.Second, sent: 2},
		"with a second slow one": {stale: true, login: 1500 * time.Millisecond, sent: 1, class: meetingapi.ClassUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
					if tt.pause != "" && n == 1 {
						return response(429, "", "Retry-After", tt.pause), nil
					}
					takes, status := 1500*time.Millisecond, 200
					if tt.stale && n == 1 {
						takes, status = time.Second, 401
					}
					select {
					case <-r.Context().Done():
						return nil, r.Context().Err()
					case <-time.After(takes):
						return response(status, ""), nil
					}
				}}
				c := w.client(t, func(c *meetingapi.Config) { c.HTTP = &http.Client{Transport: slowLogins{w, tt.login}} })
				before := 0
				if tt.pause != "" {
					_ = c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
					before = w.count()
				}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				err := c.Cancel(ctx, single(t), meetingapi.CancelOptions{})
				if sent := w.count() - before; meetingapi.ClassOf(err) != tt.class || sent != tt.sent {
					t.Errorf("Cancel = %v (%v), sent %d times; want %v, %d", err, meetingapi.ClassOf(err), sent, tt.class, tt.sent)
				}
			})
		})
	}
}
