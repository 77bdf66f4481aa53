package cancellation

import "time"

// A Drawing names the process whose draws of the card may still be in flight, and
// the latest time at which one of them may start. It is written in the commit that
// the draws follow from, so that any process drawing a later state knows that an
// earlier draw may still arrive. The zero Drawing means none.
type Drawing struct {
	By    string    `json:"by,omitempty"` // one run of one process, or Several
	Until time.Time `json:"until,omitzero"`
}

// Several stands for more than one process whose draws may still arrive.
const Several = "several"

// Settles is how long an abandoned draw may still take effect: Slack has accepted it
// and is slow, or the network holds it. A final state counts as shown once it was
// drawn after that.
const Settles = 30 * time.Second

// Settled is when no draw by another process than self can take effect any more; zero if
// there is none.
func (d Drawing) Settled(self string) time.Time {
	if d.By == "" || d.By == self {
		return time.Time{}
	}
	return d.Until.Add(Settles)
}

// Anew says why a card asks again. The zero Anew is a card that asks for the first
// time.
type Anew string

// The reasons to ask again.
const (
	AnewChanged Anew = "changed" // the meeting is no longer what the card showed
	AnewStale   Anew = "stale"   // the confirmation is too old to be carried out

	AnewUnlisted Anew = "unlisted" // the service no longer lists the dates: nobody knows whether they have changed

	// Noticed before anybody had answered, see [Anew.Unanswered].
	AnewStarted Anew = "started" // the meeting, or a date of it, has begun
	AnewMoved   Anew = "moved"   // it has other times
	AnewEdited  Anew = "edited"  // it has changed otherwise
)

// Unanswered reports whether the card asks again before anybody has pressed a
// button: its question then keeps its expiry.
func (a Anew) Unanswered() bool { return a == AnewStarted || a == AnewMoved || a == AnewEdited }
