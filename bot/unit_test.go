package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestSecretPrintsAsDots(t *testing.T) {
	t.Parallel()
	const hidden = "https://hooks.slack.com/commands/T1/2/three"
	s := Secret(hidden)
	var out strings.Builder
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", Origin{ResponseURL: s})
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "origin", Origin{ResponseURL: s})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "s", s, "config", Config{AppToken: s})
	if err := json.NewEncoder(&out).Encode(Click{Origin: Origin{ResponseURL: s}}); err != nil {
		t.Errorf("Encode() = %v", err)
	}
	if strings.Contains(out.String(), "hooks") || strings.Contains(out.String(), "686f6f6b73") {
		t.Errorf("the secret is readable in:\n%s", out.String())
	}
	if s.Reveal() != hidden || Secret("").String() != "" || s.String() != dots || !Secret("").IsZero() {
		t.Errorf("Reveal() = %q, String() = %q, want the secret and dots", s.Reveal(), s)
	}
}

func TestPacerKeepsToOneASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const slots = 3
		p := newPacer(slots)
		start := time.Now()
		var opens []time.Duration
		var mu sync.Mutex
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		var wg sync.WaitGroup
		for range slots { // each connection fails as soon as it is made
			wg.Go(func() {
				for p.wait(ctx) == nil {
					mu.Lock()
					opens = append(opens, time.Since(start))
					mu.Unlock()
					p.ended(time.Now(), time.Millisecond)
				}
			})
		}
		wg.Wait()
		for i, at := range opens {
			if most := slots + int(at/time.Second) + 1; i+1 > most {
				t.Errorf("%d attempts within %s, want at most %d", i+1, at, most)
			}
		}
		// Once the pauses have grown each connection is tried some five times a minute.
		if n := len(opens); n < 25 || n > 120 {
			t.Errorf("attempts in five minutes = %d, want between 25 and 120", n)
		}
	})
}

func TestPacerPauses(t *testing.T) {
	t.Parallel()
	p := newPacer(1)
	now := time.Now()
	if d := p.ended(now, time.Minute); d != 0 {
		t.Errorf("pause after a minute = %s, want none", d)
	}
	for i, most := range []time.Duration{500, 1000, 2000, 4000, 8000, 15000, 15000, 15000} {
		if d := p.ended(now, 0); d < most*time.Millisecond/2 || d > most*time.Millisecond {
			t.Errorf("pause after %d failures = %s, want between half of %d ms and all of it", i+1, d, most)
		}
	}
	if d := p.ended(now, 10*time.Second); d > 500*time.Millisecond {
		t.Errorf("pause after ten seconds = %s, want that of a first failure", d)
	}
	if d := p.ended(now, time.Hour); d != 0 {
		t.Errorf("pause after an hour = %s, want none", d)
	}
}

func TestPacerHoldsThoseWhoHaveTheirTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(1)
		start := time.Now()
		_ = p.wait(t.Context())
		_ = p.wait(t.Context()) // sets the next to 1 s
		time.AfterFunc(500*time.Millisecond, func() { p.hold(time.Now(), 10*time.Second) })
		_ = p.wait(t.Context())
		if got := time.Since(start); got < 10500*time.Millisecond {
			t.Errorf("third attempt after %s, want it held until 10.5 s", got)
		}
	})
}

func TestRecentForgetsAfterAnHourAndWhenFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRecent()
		claim := func(id string) bool {
			s, mine := r.claim(id)
			if mine {
				r.settle(id, s, true)
			}
			return mine
		}
		if !claim("a") || claim("a") {
			t.Error(`claim("a") twice: want mine, then not`)
		}
		time.Sleep(59 * time.Minute)
		_ = claim("b")
		if claim("a") {
			t.Error("after 59 minutes: forgotten, want remembered")
		}
		time.Sleep(62 * time.Minute)
		_ = claim("c") // turns the page
		if claim("b") {
			t.Error("b after 62 minutes: forgotten, want remembered in the older generation")
		}
		time.Sleep(time.Hour)
		_ = claim("d")
		if !claim("a") {
			t.Error("a after three hours: remembered, want forgotten")
		}
		for i := range 3 * recentLimit {
			_ = claim(fmt.Sprint(i))
		}
		if n := len(r.young) + len(r.old); n > 2*recentLimit {
			t.Errorf("remembered = %d, want at most %d", n, 2*recentLimit)
		}
	})
}

func TestRecentGivesFailuresAnotherChance(t *testing.T) {
	t.Parallel()
	r := newRecent()
	first, mine := r.claim("a")
	second, also := r.claim("a")
	if !mine || also || first != second {
		t.Fatalf("claims = %t, %t, want one owner", mine, also)
	}
	r.settle("a", first, false)
	<-second.done
	if second.stored {
		t.Error("stored = true, want false")
	}
	if _, mine := r.claim("a"); !mine {
		t.Error("claim after a failure: not mine, want mine")
	}
}

func TestCacheSharesQuestionsAndForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache[string, int](time.Minute)
		var asked atomic.Int32
		ask := func(context.Context) (int, error) {
			time.Sleep(time.Second)
			return int(asked.Add(1)), nil
		}
		impatient := deadline(t, 100*time.Millisecond)
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := c.get(impatient, "k", ask); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("impatient get = %v, want a deadline", err)
			}
		})
		for range 5 {
			wg.Go(func() {
				if v, err := c.get(t.Context(), "k", ask); v != 1 || err != nil {
					t.Errorf("get = %d, %v, want 1: the impatient one must not end the question", v, err)
				}
			})
		}
		wg.Wait()
		time.Sleep(58 * time.Second)
		if v, _ := c.get(t.Context(), "k", ask); v != 1 {
			t.Errorf("get after 58 s = %d, want the remembered 1", v)
		}
		time.Sleep(3 * time.Second)
		if v, _ := c.get(t.Context(), "k", ask); v != 2 {
			t.Errorf("get after a minute = %d, want a new answer", v)
		}
		failure := errors.New("no")
		fail := func(context.Context) (int, error) { return 0, failure }
		if _, err := c.get(t.Context(), "other", fail); !errors.Is(err, failure) {
			t.Errorf("get = %v, want the failure", err)
		}
		if v, err := c.get(t.Context(), "other", ask); v != 3 || err != nil {
			t.Errorf("get after a failure = %d, %v, want it asked again", v, err)
		}
		for i := range 2 * cacheLimit {
			c.put(fmt.Sprint(i), i)
		}
		if len(c.known) > cacheLimit {
			t.Errorf("remembered = %d, want at most %d", len(c.known), cacheLimit)
		}
	})
}

func TestCrowd(t *testing.T) {
	t.Parallel()
	c := crowd{limit: 2}
	if !isClosed(c.gone()) {
		t.Error("gone() of nobody is open, want it closed")
	}
	for i, want := range []bool{true, true, false} {
		if got := c.enter(); got != want {
			t.Errorf("enter() no. %d = %t, want %t", i+1, got, want)
		}
	}
	gone := c.gone()
	c.leave()
	if isClosed(gone) {
		t.Error("gone() is closed with one still in")
	}
	c.leave()
	if !isClosed(gone) || !c.enter() {
		t.Error("gone() is open with nobody in, or there is no room")
	}
}

func TestRetryAfterHeader(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"": time.Second, "0": time.Second, "-3": time.Second, "soon": time.Second, "NaN": time.Second, "1": time.Second,
		"30": 30 * time.Second, " 7 ": 7 * time.Second, "1.2": 2 * time.Second, "1e30": time.Second,
		"Mon, 01 Jan 2001 00:00:00 GMT": time.Second,
	} {
		resp := &http.Response{Header: http.Header{"Retry-After": {header}}}
		if got := limitOf(resp); got != want {
			t.Errorf("limitOf(%q) = %s, want %s", header, got, want)
		}
	}
	in := time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)
	if got := limitOf(&http.Response{Header: http.Header{"Retry-After": {in}}}); got < 85*time.Second || got > 91*time.Second {
		t.Errorf("limitOf(in 90 s as a date) = %s, want about 90 s", got)
	}
}
