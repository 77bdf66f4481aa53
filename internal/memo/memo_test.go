package memo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// counting returns a load that takes a second and returns how often it was called.
func counting() func(context.Context) (int, error) {
	var calls atomic.Int32
	return func(ctx context.Context) (int, error) {
		select {
		case <-time.After(time.Second):
			return int(calls.Add(1)), nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func TestCallersShareALoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := New[string, int](time.Minute, 10)
		load := counting()
		impatient, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := m.Get(impatient, "k", load); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("impatient Get() = %v, want a deadline", err)
			}
		})
		synctest.Wait() // the impatient caller starts the load
		for range 5 {
			wg.Go(func() {
				if v, err := m.Get(t.Context(), "k", load); v != 1 || err != nil {
					t.Errorf("Get() = %d, %v, want 1: the impatient caller must not end the load", v, err)
				}
			})
		}
		wg.Wait()
	})
}

func TestAnswersExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, forever := New[string, int](time.Minute, 10), New[string, int](0, 10)
		load, loadOnce := counting(), counting()
		for _, tt := range []struct {
			pause time.Duration
			want  int
		}{{0, 1} /* each of the two loads takes a second */, {58 * time.Second, 1}, {time.Second, 2}, {time.Hour, 3}} {
			time.Sleep(tt.pause)
			if v, err := m.Get(t.Context(), "k", load); v != tt.want || err != nil {
				t.Errorf("Get() %s later = %d, %v, want %d", tt.pause, v, err, tt.want)
			}
			if v, err := forever.Get(t.Context(), "k", loadOnce); v != 1 || err != nil {
				t.Errorf("without a ttl: Get() %s later = %d, %v, want the first answer", tt.pause, v, err)
			}
		}
	})
}

// TestGetSince: an earlier answer or load doesn't count, and callers with the same since
// share a load.
func TestGetSince(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := New[string, int](time.Minute, 10)
		load := counting()
		get := func(since time.Time, want int) {
			t.Helper()
			if v, err := m.get(t.Context(), "k", since, load); v != want || err != nil {
				t.Errorf("get() = %d, %v, want %d", v, err, want)
			}
		}
		get(time.Time{}, 1)
		began := time.Now()
		get(began, 2)
		get(began, 2)
		get(time.Time{}, 2)
		time.Sleep(time.Second)
		var wg sync.WaitGroup
		wg.Go(func() { get(time.Now(), 3) })
		time.Sleep(time.Second / 2) // the load is in progress
		since := time.Now()
		for range 3 {
			wg.Go(func() { get(since, 4) })
		}
		wg.Wait()
	})
}

func TestOnlyKeptErrorsAreCached(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	for name, tt := range map[string]struct {
		err   error
		loads int
	}{"not kept": {no, 2}, "kept": {CacheError(no), 1}, "kept inside": {fmt.Errorf("why: %w", CacheError(no)), 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := New[string, int](time.Minute, 10)
			loads := 0
			for range 2 {
				_, err := m.Get(t.Context(), "k", func(context.Context) (int, error) { loads++; return 0, tt.err })
				if !errors.Is(err, no) {
					t.Errorf("Get() = %v, want %v", err, no)
				}
			}
			if loads != tt.loads {
				t.Errorf("loaded %d times, want %d", loads, tt.loads)
			}
			if _, ok := m.Peek("k"); ok {
				t.Error("Peek() of an error is true, want false")
			}
		})
	}
}

func TestPeekAndPut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := New[string, string](time.Minute, 10)
		if v, ok := m.Peek("k"); ok {
			t.Errorf("Peek() of nothing = %q, true", v)
		}
		m.Put("k", "v", time.Now())
		if v, ok := m.Peek("k"); !ok || v != "v" {
			t.Errorf("Peek() = %q, %t, want v", v, ok)
		}
		never := func(context.Context) (string, error) { return "", errors.New("loaded") }
		if v, err := m.Get(t.Context(), "k", never); v != "v" || err != nil {
			t.Errorf("Get() = %q, %v, want the value of Put", v, err)
		}
		time.Sleep(time.Minute)
		if v, ok := m.Peek("k"); ok {
			t.Errorf("Peek() a minute later = %q, true", v)
		}
	})
}

// TestPutIsAsOldAsItsLoad: a value counts from when its load began, and doesn't replace a newer one.
func TestPutIsAsOldAsItsLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := New[string, string](time.Minute, 10)
		began := time.Now()
		time.Sleep(time.Second)
		fresh := func(context.Context) (string, error) { return "loaded", nil }
		since := time.Now()
		time.Sleep(time.Second)
		m.Put("k", "old", began)
		if v, err := m.get(t.Context(), "k", since, fresh); v != "loaded" || err != nil {
			t.Errorf("get() since a second after the load began = %q, %v, want it loaded again", v, err)
		}
		m.Put("k", "old", began)
		if v, _ := m.Peek("k"); v != "loaded" {
			t.Errorf("Peek() after putting an older value = %q, want the newer one", v)
		}
	})
}

func TestSizeIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 3
		m := New[string, int](time.Minute, most)
		m.Put("old", 0, time.Now())
		time.Sleep(time.Minute)
		for i := range most {
			m.Put(fmt.Sprint(i), i, time.Now())
		}
		if v, ok := m.Peek("0"); !ok || v != 0 {
			t.Error("a fresh answer was dropped instead of the stale one")
		}
		m.Put("0", 7, time.Now()) // no new key, no room needed
		if _, ok := m.Peek("2"); !ok {
			t.Error("an answer was dropped for a key that was already cached")
		}
		for i := range 10 * most {
			m.Put(fmt.Sprint("more", i), i, time.Now())
			if n := len(m.entries); n > most {
				t.Fatalf("cached = %d, want at most %d", n, most)
			}
		}
	})
}

func TestLoadContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		m := New[string, any](0, 10)
		ctx := context.WithValue(t.Context(), key{}, "value")
		v, err := m.Get(ctx, "k", func(ctx context.Context) (any, error) { return ctx.Value(key{}), nil })
		if v != "value" || err != nil {
			t.Errorf("value in the load = %v, %v, want the caller's", v, err)
		}
		start := time.Now()
		_, err = m.Get(ctx, "hangs", func(ctx context.Context) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != loadTimeout {
			t.Errorf("a load that hangs = %v after %s, want a deadline after %s", err, time.Since(start), loadTimeout)
		}
	})
}

func TestCloseCancelsLoads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := New[string, int](0, 10)
		m.Put("known", 7, time.Now())
		ended := false
		got := make(chan error)
		go func() {
			_, err := m.Get(t.Context(), "k", func(ctx context.Context) (int, error) {
				<-ctx.Done()
				ended = true
				return 0, ctx.Err()
			})
			got <- err
		}()
		synctest.Wait()
		m.Close()
		if !ended {
			t.Error("Close() returned before the load did")
		}
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Errorf("Get() = %v, want a cancellation", err)
		}
		if _, err := m.Get(t.Context(), "k", counting()); !errors.Is(err, ErrClosed) {
			t.Errorf("Get() after Close() = %v, want ErrClosed", err)
		}
		if v, err := m.Get(t.Context(), "known", counting()); v != 7 || err != nil {
			t.Errorf("Get() of a cached key after Close() = %d, %v, want 7", v, err)
		}
		m.Close()
	})
}
