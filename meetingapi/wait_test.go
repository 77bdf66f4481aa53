package meetingapi_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/meetingapi"
)

// TestMaxWait: a call waits for a pause only up to MaxWait; if it is longer, the call
// fails at once and says how long the pause is.
func TestMaxWait(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		asked string        // Retry-After
		most  time.Duration // Config.MaxWait
		calls int           // of the read
		took  time.Duration
		rest  time.Duration // the error's RetryAfter
	}{
		{"3", 0, 3, 6 * time.Second, 3 * time.Second},
		{"5", 0, 3, 10 * time.Second, 5 * time.Second},
		{"8", 0, 1, 0, 8 * time.Second},
		{"60", 0, 1, 0, time.Minute},
		{"7200", 0, 1, 0, 2 * time.Hour},
		{"60", time.Minute, 3, 2 * time.Minute, time.Minute},
		{"1", 500 * time.Millisecond, 1, 0, time.Second},
		{"1", -1, 1, 0, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
				return response(429, "", "Retry-After", tt.asked), nil
			}}
			c := w.client(t, func(c *meetingapi.Config) { c.MaxWait = tt.most })
			began := time.Now()
			_, err := c.Meeting(t.Context(), "914087436")
			if took := time.Since(began); !meetingapi.IsThrottled(err) || w.count() != tt.calls || took != tt.took || meetingapi.RetryAfter(err) != tt.rest {
				t.Errorf("Meeting, Retry-After %s, MaxWait %v = %v after %d calls and %v, retry after %v; want %d, %v, %v",
					tt.asked, tt.most, err, w.count(), took, meetingapi.RetryAfter(err), tt.calls, tt.took, tt.rest)
			}
			if tt.calls > 1 {
				return
			}
			// During the pause the operation fails without a call, however long its
			// context lasts, and says how much of the pause is left.
			pass(tt.rest / 4)
			began = time.Now()
			_, err = c.Meeting(t.Context(), "914087436")
			if took := time.Since(began); !meetingapi.IsThrottled(err) || w.count() != 1 || took != 0 || meetingapi.RetryAfter(err) != tt.rest-tt.rest/4 {
				t.Errorf("Meeting within a pause of %v = %v after %d calls and %v, retry after %v", tt.rest, err, w.count(), took, meetingapi.RetryAfter(err))
			}
		})
	}
}

// TestSending: once a cancellation has waited for its turn, its caller may still hold it back, and
// is told that nothing was sent.
func TestSending(t *testing.T) {
	t.Parallel()
	for _, held := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
				if n == 1 {
					return response(429, "", "Retry-After", "2"), nil
				}
				return response(204, ""), nil
			}}
			c := w.client(t)
			_ = c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
			began, calls := time.Now(), 0
			err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{Sending: func(context.Context) error {
				if calls++; time.Since(began) != 2*time.Second {
					t.Errorf("Sending was called after %v, want 2s", time.Since(began))
				}
				if held {
					return context.DeadlineExceeded
				}
				return nil
			}})
			if want := 2; held {
				want = 1
				if err == nil || meetingapi.IsUnknownOutcome(err) || w.count() != want || calls != 1 {
					t.Errorf("held back: Cancel = %v after %d calls; want an error and %d", err, w.count(), want)
				}
			} else if err != nil || w.count() != want || calls != 1 {
				t.Errorf("Cancel = %v after %d calls, want %d", err, w.count(), want)
			}
		})
	}
}

// TestAnnouncedOutage: if the service announces how long it will be down, no more
// cancellations are sent until then. Reads are.
func TestAnnouncedOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
			return response(503, "<html>", "Retry-After", "40"), nil
		}}
		c := w.client(t)
		for _, tt := range []struct {
			after time.Duration
			class meetingapi.Class
			rest  time.Duration
			calls int
		}{
			{0, meetingapi.ClassUnknownOutcome, 40 * time.Second, 1},
			{10 * time.Second, meetingapi.ClassThrottled, 30 * time.Second, 1},
			{30 * time.Second, meetingapi.ClassUnknownOutcome, 40 * time.Second, 2},
		} {
			pass(tt.after)
			err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
			if meetingapi.ClassOf(err) != tt.class || meetingapi.RetryAfter(err) != tt.rest || w.count() != tt.calls {
				t.Errorf("%v later: Cancel = %v, retry after %v, %d calls; want %v, %v, %d",
					tt.after, err, meetingapi.RetryAfter(err), w.count(), tt.class, tt.rest, tt.calls)
			}
		}
		for calls := 3; calls < 5; calls++ {
			if _, err := c.Meeting(t.Context(), "914087436"); meetingapi.ClassOf(err) != meetingapi.ClassServer || w.count() != calls {
				t.Errorf("Meeting = %v after %d calls, want no error", err, w.count())
			}
		}
	})
}

// TestBusyMeeting: a meeting that can't be cancelled for a moment doesn't delay others.
func TestBusyMeeting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
			return response(503, `{"error_code":"MMC.111072004","error_msg":"CONF_IS_STARTING"}`, "Retry-After", "40"), nil
		}}
		c := w.client(t)
		for calls := 1; calls <= 2; calls++ {
			err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
			if meetingapi.ClassOf(err) != meetingapi.ClassTransient || meetingapi.RetryAfter(err) != 40*time.Second || w.count() != calls {
				t.Errorf("Cancel = %v, retry after %v, %d calls; want transient, 40s, %d", err, meetingapi.RetryAfter(err), w.count(), calls)
			}
		}
	})
}

// TestThrottledHasRetryAfter: a throttled error always has a RetryAfter, even if the
// answer has none.
func TestThrottledHasRetryAfter(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.on(cancelPath, answer(429, "<html>"))
	err := s.client(t).Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
	if rest := meetingapi.RetryAfter(err); !meetingapi.IsThrottled(err) || rest < 2*time.Second || rest > 5*time.Second {
		t.Errorf("Cancel with a bare 429 = %v, retry after %v, want 2 to 5 s", err, rest)
	}
}

func TestReaderBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		header := []string{"X-Apig-Ratelimit-Api", "remain:40,limit:100,time:1 minute"}
		status := 200
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) { return response(status, detailBody, header...), nil }}
		c := w.client(t, once)
		see := func(op meetingapi.Operation) string {
			b, known := c.Budget(op)
			if !known {
				return "not known"
			}
			return fmt.Sprintf("%d of %d until %v", b.Left, b.Limit, b.Until.Sub(began))
		}
		check := func(when, want string) {
			t.Helper()
			if got := see(meetingapi.OpMeeting); got != want {
				t.Errorf("budget %s = %s, want %s", when, got, want)
			}
		}
		read := func() { _, _ = c.Meeting(t.Context(), "914087436") }

		check("before any call", "not known")
		read()
		check("after a call", "40 of 100 until 1m0s")
		if got := see(meetingapi.OpCancel); got != "not known" {
			t.Errorf("budget of another operation = %s, want not known", got)
		}
		// The tightest of this caller's limits counts; the environment's, per second, is
		// ignored.
		header = []string{
			"X-Apig-Ratelimit-Api", "remain:39,limit:100,time:1 minute", "X-Apig-Ratelimit-App", "remain:7,limit:50,time:1 minute",
			"X-Apig-Ratelimit-Api-Allenv", "remain:1,limit:200,time:1 second",
		}
		read()
		check("with several limits", "7 of 50 until 1m0s")
		pass(61 * time.Second)
		check("in the next minute", "50 of 50 until 2m1s")
		status, header = 429, []string{"Retry-After", "90"}
		read()
		check("after too many requests", "0 of 50 until 2m31s")
		pass(91 * time.Second)
		check("after the pause", "50 of 50 until 3m32s")
	})
}

// TestSlowRead: a slow service is still read, and a lost attempt leaves time for another
// within the eight seconds that a person waits.
func TestSlowRead(t *testing.T) {
	t.Parallel()
	for name, takes := range map[string][]time.Duration{
		"slow":        {5 * time.Second},
		"silent once": {time.Hour, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
				select {
				case <-r.Context().Done():
					return nil, r.Context().Err()
				case <-time.After(takes[min(n, len(takes))-1]):
					return response(200, detailBody), nil
				}
			}}
			c := w.client(t)
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
			defer cancel()
			if _, err := c.Meeting(ctx, "914087436"); err != nil {
				t.Errorf("Meeting, %s: %v after %d calls", name, err, w.count())
			}
		})
	}
}
