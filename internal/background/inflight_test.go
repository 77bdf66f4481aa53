package background_test

import (
	"context"
	"errors"
	"testing"

	"meetingbot/internal/background"
)

func TestInFlight(t *testing.T) {
	t.Parallel()
	f := background.InFlight{Limit: 2}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Wait(over); err != nil {
		t.Errorf("Wait() with nothing in progress = %v, even if ctx is over", err)
	}
	for i, want := range []bool{true, true, false} {
		if got := f.Enter(); got != want {
			t.Errorf("Enter() no. %d = %t, want %t", i+1, got, want)
		}
	}
	f.Leave()
	if err := f.Wait(over); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait() with one in progress = %v, want %v", err, context.Canceled)
	}
	f.Close()
	f.Follow()
	if f.Enter() {
		t.Error("Enter() after Close() = true, want false")
	}
	idle := make(chan error)
	go func() { idle <- f.Wait(t.Context()) }()
	f.Leave()
	f.Leave()
	if err := <-idle; err != nil {
		t.Errorf("Wait() = %v", err)
	}
}
