package steptest

import (
	"context"
	"math"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/background"
)

// callTime is how long a call waits for its answer.
const callTime = 3 * time.Second

// faults are the errors and delays of a Chat's methods.
type faults struct {
	mu    sync.Mutex // guards the whole Chat
	fails map[string][]error
	slow  map[string]time.Duration
}

// Fail sets the next answers of a method. Nil is success; the last one repeats.
func (f *faults) Fail(method string, errs ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails[method] = errs
}

// Recover makes every method succeed again.
func (f *faults) Recover() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.fails)
}

// Slow sets how long a method takes. If it is more than callTime, the call fails.
func (f *faults) Slow(method string, takes time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow[method] = takes
}

// Hang makes a method wait until its caller gives up.
func (f *faults) Hang(method string) { f.Slow(method, forever) }

const forever = time.Duration(math.MaxInt64)

// call takes as long as a method is to take, and returns its next answer.
func (f *faults) call(ctx context.Context, method string) error {
	f.mu.Lock()
	takes, answers := f.slow[method], f.fails[method]
	err := take(&answers)
	f.fails[method] = answers
	f.mu.Unlock()
	if takes == forever {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		return bot.ErrNotSent
	}
	if takes > 0 && (background.Sleep(ctx, min(takes, callTime)) != nil || takes > callTime) {
		return bot.ErrUnavailable
	}
	return err
}
