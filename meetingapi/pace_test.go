package meetingapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/meetingapi"
)

// wire is a transport without a network, for tests in fake time. It answers logins and
// calls.
type wire struct {
	mu     sync.Mutex
	calls  []time.Time
	answer func(n int, r *http.Request) (*http.Response, error) // the n-th call, from 1
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "/auth/") {
		return response(200, `{"accessToken":"t","validPeriod":36000}`), nil
	}
	w.mu.Lock()
	w.calls = append(w.calls, time.Now())
	n := len(w.calls)
	w.mu.Unlock()
	return w.answer(n, r)
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.calls)
}

func response(status int, body string, header ...string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func (w *wire) client(t testing.TB, change ...func(*meetingapi.Config)) *api {
	c := meetingapi.Config{
		BaseURL: "http://meeting.example.com", HTTP: &http.Client{Transport: w}, Auth: meetingapi.Account{Name: "a", Password: "b"},
	}
	for _, f := range change {
		f(&c)
	}
	return newAPI(t, c)
}

func good(int, *http.Request) (*http.Response, error) { return response(200, detailBody), nil }

func TestReadsAreRetried(t *testing.T) {
	t.Parallel()
	throttled := `{"error_code":"APIG.0308","error_msg":"The throttling threshold has been reached: policy user over ratelimit,limit:100,time:1 minute","request_id":"r"}`
	for _, tt := range []struct {
		desc     string
		first    func() (*http.Response, error)
		deadline time.Duration // 0: none
		tries    int
		min, max time.Duration // of the whole call
		want     meetingapi.Class
	}{
		{"500", func() (*http.Response, error) { return response(500, ""), nil }, 0, 3, 300 * time.Millisecond, 900 * time.Millisecond, meetingapi.ClassServer},
		{"network", func() (*http.Response, error) { return nil, errors.New("broken") }, 0, 3, 300 * time.Millisecond, 900 * time.Millisecond, meetingapi.ClassUnavailable},
		{"truncated JSON", func() (*http.Response, error) { return response(200, detailBody[:99]), nil }, 0, 3, 300 * time.Millisecond, 900 * time.Millisecond, meetingapi.ClassServer},
		{"starting", func() (*http.Response, error) { return response(400, refusal("MMC.111072004", "")), nil }, 0, 3, 300 * time.Millisecond, 900 * time.Millisecond, meetingapi.ClassTransient},
		{"Retry-After", func() (*http.Response, error) { return response(503, "", "Retry-After", "3"), nil }, 0, 3, 6 * time.Second, 6100 * time.Millisecond, meetingapi.ClassServer},
		{"Retry-After as a date", func() (*http.Response, error) {
			return response(429, "", "Retry-After", time.Now().Add(4*time.Second).UTC().Format(http.TimeFormat)), nil
		}, 0, 3, 6 * time.Second, 8100 * time.Millisecond, meetingapi.ClassThrottled},
		{"throttled", func() (*http.Response, error) { return response(429, throttled), nil }, 0, 3, 4 * time.Second, 10 * time.Second, meetingapi.ClassThrottled},
		{"throttled, short deadline", func() (*http.Response, error) { return response(429, throttled), nil }, 1900 * time.Millisecond, 1, 0, 0, meetingapi.ClassThrottled},
		{"Retry-After, short deadline", func() (*http.Response, error) { return response(503, "", "Retry-After", "3"), nil }, 2 * time.Second, 1, 0, 0, meetingapi.ClassServer},
		{"Retry-After of an hour", func() (*http.Response, error) { return response(503, "", "Retry-After", "3600"), nil }, 0, 1, 0, 0, meetingapi.ClassServer},
		{"not found", func() (*http.Response, error) { return response(400, refusal("MMC.111070005", "")), nil }, 0, 1, 0, 0, meetingapi.ClassNotFound},
		{"denied", func() (*http.Response, error) { return response(403, ""), nil }, 0, 1, 0, 0, meetingapi.ClassDenied},
		{"bad request", func() (*http.Response, error) { return response(400, ""), nil }, 0, 1, 0, 0, meetingapi.ClassBadRequest},
		{"other site", func() (*http.Response, error) { return response(400, refusal("MMC.111100012", "")), nil }, 0, 1, 0, 0, meetingapi.ClassWrongSite},
	} {
		t.Run(tt.desc, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(int, *http.Request) (*http.Response, error) { return tt.first() }}
				ctx := t.Context()
				if tt.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				began := time.Now()
				_, err := w.client(t).Meeting(ctx, "914087436")
				took := time.Since(began)
				if meetingapi.ClassOf(err) != tt.want || w.count() != tt.tries {
					t.Errorf("Meeting = %v after %d tries, want %v after %d", err, w.count(), tt.want, tt.tries)
				}
				if took < tt.min || took > tt.max {
					t.Errorf("Meeting took %v, want %v to %v", took, tt.min, tt.max)
				}
			})
		})
	}
}

func TestSecondTrySucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return response(502, "<html>"), nil
			}
			return good(n, r)
		}}
		if m, err := w.client(t).Meeting(t.Context(), "914087436"); err != nil || m.ID != "914087436" {
			t.Errorf("Meeting = %+v, %v, want the meeting", m, err)
		}
	})
}

// TestTimeouts: each attempt has its own timeout, and the context's deadline limits them
// all.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	silent := func(_ int, r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: silent}
		began := time.Now()
		_, err := w.client(t).Meeting(t.Context(), "914087436")
		if took := time.Since(began); !meetingapi.IsUnavailable(err) || w.count() != 3 || took < 18*time.Second || took > 19*time.Second {
			t.Errorf("Meeting of a silent service = %v after %d tries and %v, want %v after 3 tries and 18 s", err, w.count(), took, meetingapi.ClassUnavailable)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: silent}
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		began := time.Now()
		_, err := w.client(t).Meeting(ctx, "914087436")
		if took := time.Since(began); !meetingapi.IsUnavailable(err) || w.count() != 2 || took != 8*time.Second {
			t.Errorf("Meeting with 8 s = %v after %d tries and %v, want %v after 2 tries and 8 s", err, w.count(), took, meetingapi.ClassUnavailable)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: silent}
		began := time.Now()
		err := w.client(t).Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
		if took := time.Since(began); !meetingapi.IsUnknownOutcome(err) || w.count() != 1 || took != 6*time.Second {
			t.Errorf("Cancel of a silent service = %v after %d tries and %v, want %v after 1 try and 6 s", err, w.count(), took, meetingapi.ClassUnknownOutcome)
		}
	})
}

// TestBudget: what the service has said about its limit → which calls go at once, wait, or
// are not sent.
func TestBudget(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"burst, then the next minute":   burst,
		"the service's own count":       ownCount,
		"no limit known":                noLimit,
		"a header that never changes":   sameHeader,
		"pause after too many requests": tooMany,
		"canceled while waiting":        canceledWaiting,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, test)
		})
	}
}

func burst(t *testing.T) {
	left := 100
	w := counting(&left, 100)
	c := w.client(t, func(c *meetingapi.Config) { c.MaxWait = time.Minute })
	began := time.Now()
	readAtOnce(t, c, 100)
	if err := readWithin(t, c, 10*time.Second); !meetingapi.IsThrottled(err) || meetingapi.RetryAfter(err) != time.Minute || time.Since(began) != 0 || w.count() != 100 {
		t.Errorf("call 101 with 10 s = %v after %v, want %v at once, nothing sent", err, time.Since(began), meetingapi.ClassThrottled)
	}
	// Another operation has its own.
	if err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{}); err != nil {
		t.Errorf("Cancel = %v, want no error", err)
	}
	pass(45 * time.Second)
	if err := readWithin(t, c, 20*time.Second); err != nil || time.Since(began) != time.Minute {
		t.Errorf("call with enough time = %v after %v, want no error after a minute", err, time.Since(began))
	}
}

func ownCount(t *testing.T) {
	left := 3
	w := counting(&left, 5)
	c := w.client(t)
	readAtOnce(t, c, 3)
	if err := readWithin(t, c, time.Second); !meetingapi.IsThrottled(err) || w.count() != 3 {
		t.Errorf("Meeting with nothing left = %v after %d calls, want %v after 3", err, w.count(), meetingapi.ClassThrottled)
	}
	left = 5
	pass(time.Minute)
	readAtOnce(t, c, 1)
}

func noLimit(t *testing.T) {
	w := &wire{answer: good}
	readAtOnce(t, w.client(t), 5000)
}

// sameHeader: the sample header of the vendor's pages, the same in every answer, must not
// delay any calls, even if there are more in parallel than it allows.
func sameHeader(t *testing.T) {
	w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
		pass(50 * time.Millisecond)
		return response(200, detailBody, "X-APIG-Ratelimit-Api", "remain:99,limit:100,time:1 minute"), nil
	}}
	c := w.client(t)
	began := time.Now()
	var all sync.WaitGroup
	for range 500 {
		all.Go(func() {
			if err := readWithin(t, c, 5*time.Second); err != nil {
				t.Errorf("Meeting: %v", err)
			}
		})
	}
	all.Wait()
	if took := time.Since(began); took > time.Second {
		t.Errorf("500 calls took %v, want less than a second", took)
	}
}

func tooMany(t *testing.T) {
	w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
		if n == 1 {
			return response(429, "", "Retry-After", "2"), nil
		}
		return response(200, ""), nil
	}}
	c := w.client(t)
	err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
	if !meetingapi.IsThrottled(err) || meetingapi.RetryAfter(err) != 2*time.Second {
		t.Fatalf("Cancel = %v, want %v for 2s", err, meetingapi.ClassThrottled)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := c.Cancel(short, single(t), meetingapi.CancelOptions{}); !meetingapi.IsThrottled(err) || w.count() != 1 {
		t.Errorf("Cancel during the pause = %v after %d calls, want %v and nothing sent", err, w.count(), meetingapi.ClassThrottled)
	}
	began := time.Now()
	if err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{}); err != nil || time.Since(began) != 2*time.Second {
		t.Errorf("Cancel that may wait = %v after %v, want no error after 2s", err, time.Since(began))
	}
}

func canceledWaiting(t *testing.T) {
	left := 1
	w := counting(&left, 1)
	c := w.client(t, func(c *meetingapi.Config) { c.MaxWait = time.Minute })
	readAtOnce(t, c, 1)
	pass(40 * time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Second, cancel)
	if _, err := c.Meeting(ctx, "914087436"); meetingapi.ClassOf(err) != meetingapi.ClassCanceled || w.count() != 1 {
		t.Errorf("Meeting canceled while waiting = %v after %d calls, want %v after 1", err, w.count(), meetingapi.ClassCanceled)
	}
}

// counting answers every call, and says what is left of the limit for this minute.
func counting(left *int, limit int) *wire {
	return &wire{answer: func(int, *http.Request) (*http.Response, error) {
		*left--
		return response(200, detailBody, "X-APIG-Ratelimit-Api", fmt.Sprintf("remain:%d,limit:%d,time:1 minute", max(*left, 0), limit)), nil
	}}
}

// readAtOnce makes n calls, which must succeed in no time.
func readAtOnce(t *testing.T, c *api, n int) {
	t.Helper()
	began := time.Now()
	for range n {
		if _, err := c.Meeting(t.Context(), "914087436"); err != nil {
			t.Fatalf("Meeting within the budget: %v", err)
		}
	}
	if took := time.Since(began); took != 0 {
		t.Errorf("%d calls took %v, want no time", n, took)
	}
}

// readWithin makes a call that has this long.
func readWithin(t *testing.T, c *api, limit time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	_, err := c.Meeting(ctx, "914087436")
	return err
}

// pass advances fake time.
func pass(d time.Duration) { <-time.After(d) }
