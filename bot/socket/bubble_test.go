package socket_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestSilentSocketIsReplacedOnTime: with the default settings, a socket on which nothing arrives is replaced after 45 s.
func TestSilentSocketIsReplacedOnTime(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, f *fakeSlack) {
		f.onOpen = func(s *peer) { s.SetPingHandler(func(string) error { return nil }) }
		cfg := f.config()
		var reasons []string
		cfg.Observer.Reconnect = func(reason string) { reasons = append(reasons, reason) }
		b, _ := countingBot(f, cfg)
		run(t, b)
		for i := range 3 {
			id := fmt.Sprint("e", i)
			f.socket(i+1).command(id, "x")
			f.await(id, func() bool { return f.acked(id) == 1 })
			if ok, why := b.Ready(); !ok {
				t.Errorf("Ready() = false, %s", why)
			}
			time.Sleep(44 * time.Second)
			synctest.Wait()
			if n := f.connections(); n != i+1 {
				t.Errorf("sockets after 44 s of silence = %d, want still %d", n, i+1)
			}
			time.Sleep(2 * time.Second)
		}
		synctest.Wait()
		if len(reasons) != 3 || reasons[0] != "silent" {
			t.Errorf("reasons = %q, want silent three times", reasons)
		}
	})
}
