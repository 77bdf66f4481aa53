package meetingapi

import "time"

// Retry says how often a read is retried, and after what pauses.
type Retry struct {
	// More is the maximum number of retries: 2 if 0, none if negative.
	More int
	// Wait is the pause before the first retry. It doubles with each retry up to
	// MaxWait, plus or minus a quarter. 200 ms and 2 s if 0.
	Wait, MaxWait time.Duration
}

// Budget is what is left of an operation's rate limit.
type Budget struct {
	Left, Limit int           // calls; Left is 0 during a pause that the service asked for
	Period      time.Duration // of a window
	Until       time.Time     // when a new window starts, or the pause is over
}

// Budget returns what is left of an operation's rate limit, and false if no limit is
// known. It works for the Canceler's operations too, and makes no call. If several
// programs share a login, the service counts all their calls; each program knows the
// count as of its own last call.
func (r *Reader) Budget(op Operation) (Budget, bool) {
	room, known := r.s.gate.Left(string(op))
	return Budget(room), known
}
