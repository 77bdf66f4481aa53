package cancellation

import "time"

// A Delegation lets one person cancel another's meetings, as their owner may, for a
// limited time. It covers only what the giver owns, so the receiver can't pass it on.
type Delegation struct {
	ID       ID
	Team     string // Slack workspace of the giver
	Giver    string // Slack user id
	Receiver string // Slack user id
	GivenAt  time.Time
	Until    time.Time // as the giver chose
	EndedAt  time.Time // when it was revoked or expired; zero before that
}

// Ends returns when the delegation expires under the operator's current limit, even if it
// was given under another one.
func (d Delegation) Ends(longest time.Duration) time.Time {
	if bound := d.GivenAt.Add(longest); bound.Before(d.Until) {
		return bound
	}
	return d.Until
}

// HoldsAt reports whether the delegation is valid at the given time.
func (d Delegation) HoldsAt(now time.Time, longest time.Duration) bool {
	return d.EndedAt.IsZero() && now.Before(d.Ends(longest))
}
