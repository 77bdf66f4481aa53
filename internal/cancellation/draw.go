package cancellation

import "time"

// A Drawing names the process whose draws of the card may still be in flight, and
// the latest time at which one of them may start. It is written in the commit that
// causes the draws, so that any process drawing a later state knows that an earlier draw
// may still arrive. The zero Drawing means none.
type Drawing struct {
	By    string    `json:"by,omitempty"` // one run of one process, or Several
	Until time.Time `json:"until,omitzero"`
}

// Several means that draws by more than one process may still arrive.
const Several = "several"

// DrawTimeout is how long an abandoned draw may still take effect, because Slack is slow or
// the network delays it. A final state counts as shown only if it was drawn after that.
const DrawTimeout = 30 * time.Second

// SettledAt returns when draws by processes other than self can no longer take effect;
// zero if there are none.
func (d Drawing) SettledAt(self string) time.Time {
	if d.By == "" || d.By == self {
		return time.Time{}
	}
	return d.Until.Add(DrawTimeout)
}
