package socket

import (
	"errors"
	"testing"
	"time"
)

// TestAwaitHello: Slack may say hello and announce the end at the same moment. The result must not depend on which of them
// the waiting goroutine sees first.
func TestAwaitHello(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		hello, warned, ended bool
		live                 bool
	}{
		"Hello":               {hello: true, live: true},
		"HelloThenWarning":    {hello: true, warned: true, live: true},
		"HelloThenEnd":        {hello: true, ended: true, live: true},
		"HelloWarningEnd":     {hello: true, warned: true, ended: true, live: true},
		"WarningWithoutHello": {warned: true},
		"EndWithoutHello":     {ended: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 100 { // select chooses at random among ready cases
				l := &link{greeted: make(chan struct{}), leaving: make(chan struct{}), done: make(chan struct{})}
				if tt.hello {
					close(l.greeted)
				}
				if tt.warned {
					l.leave("warning")
				}
				if tt.ended {
					close(l.done)
				}
				err := l.awaitHello(t.Context(), time.Minute)
				if gone, ok := errors.AsType[*noHelloError](err); tt.live && err != nil || !tt.live && !ok {
					t.Fatalf("awaitHello() = %v (%v), want live = %t", err, gone, tt.live)
				}
			}
		})
	}
}
