package meetingapi

import "time"

// Retry says how often and after what waits a read is retried.
type Retry struct {
	// More is how many tries may follow the first: 2 if 0, none if negative.
	More int
	// Wait is the pause before the second try. It doubles before each later one, plus
	// or minus a quarter, up to MaxWait. 200 ms and 2 s if 0.
	Wait, MaxWait time.Duration
}

// Budget is what is left of an operation's rate limit.
type Budget struct {
	Left, Limit int           // calls; Left is 0 while the operation pauses because the service asked for it
	Period      time.Duration // of a window
	Until       time.Time     // when a new window starts, or the pause is over
}

// Budget returns what is left of an operation's rate limit, including the Canceler's
// operations, and false if no limit is known. It makes no call. If several programs
// share a login, each sees the service's count for all of them, as of its own last
// call.
func (r *Reader) Budget(op Operation) (Budget, bool) {
	if r.s == nil {
		return Budget{}, false
	}
	room, known := r.s.gate.Left(string(op))
	return Budget(room), known
}
