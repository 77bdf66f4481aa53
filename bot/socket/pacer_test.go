package socket

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacerLimitsRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const slots = 3
		p := &pacer{free: slots}
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
					p.ended(time.Millisecond)
				}
			})
		}
		wg.Wait()
		for i, at := range opens {
			if most := slots + int(at/time.Second) + 1; i+1 > most {
				t.Errorf("%d attempts within %s, want at most %d", i+1, at, most)
			}
		}
		// With full-length pauses, each connection is tried about five times a minute.
		if n := len(opens); n < 25 || n > 120 {
			t.Errorf("attempts in five minutes = %d, want between 25 and 120", n)
		}
	})
}

func TestPacerPauses(t *testing.T) {
	t.Parallel()
	p := &pacer{free: 1}
	if d := p.ended(time.Minute); d != 0 {
		t.Errorf("pause after a minute = %s, want none", d)
	}
	for i, most := range []time.Duration{500, 1000, 2000, 4000, 8000, 15000, 15000, 15000} {
		if d := p.ended(0); d < most*time.Millisecond/2 || d > most*time.Millisecond {
			t.Errorf("pause after %d failures = %s, want between half of %d ms and all of it", i+1, d, most)
		}
	}
	if d := p.ended(10 * time.Second); d > 500*time.Millisecond {
		t.Errorf("pause after ten seconds = %s, want that after one failure", d)
	}
	if d := p.ended(time.Hour); d != 0 {
		t.Errorf("pause after an hour = %s, want none", d)
	}
}

func TestPacerHoldsWaitingAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pacer{free: 1}
		start := time.Now()
		_ = p.wait(t.Context())
		_ = p.wait(t.Context()) // sets the next to 1 s
		time.AfterFunc(500*time.Millisecond, func() { p.hold(10 * time.Second) })
		_ = p.wait(t.Context())
		if got := time.Since(start); got < 10500*time.Millisecond {
			t.Errorf("third attempt after %s, want it held until 10.5 s", got)
		}
	})
}
