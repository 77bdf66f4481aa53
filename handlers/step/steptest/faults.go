package steptest

import (
	"sync"
	"time"

	"meetingbot/bot"
)

// callTime is how long a call waits for its answer.
const callTime = 3 * time.Second

// faults are the errors and delays of a Chat's methods.
type faults struct {
	mu    sync.Mutex
	fails map[string][]error
	slow  map[string]time.Duration
}

func newFaults() *faults {
	return &faults{fails: map[string][]error{}, slow: map[string]time.Duration{}}
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

// fail returns the next answer of a method.
func (f *faults) fail(method string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := f.fails[method]
	if len(next) == 0 {
		return nil
	}
	if len(next) > 1 { // the last one stays
		f.fails[method] = next[1:]
	}
	return next[0]
}

// wait takes as long as the method is to take.
func (f *faults) wait(method string) error {
	takes := f.takes(method)
	time.Sleep(min(takes, callTime))
	if takes > callTime {
		return bot.ErrUnavailable
	}
	return nil
}

func (f *faults) takes(method string) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.slow[method]
}
