package cancellation

import "slices"

// A State is where a request is in its life. The zero State is not a legal one.
type State string

// The states of a request, in the order of its life.
const (
	// Received: the command is stored; nothing has been looked up or shown.
	Received State = "received"
	// Asked: the card is in the channel, waiting for somebody to press a button.
	Asked State = "asked"
	// Confirmed: somebody who may pressed the button. Nothing has been called yet: an
	// undo window may be running, or the meeting is being read again.
	Confirmed State = "confirmed"
	// Calling: the destructive call has started. Until an outcome is recorded, only
	// the meeting service knows whether it took effect.
	Calling State = "calling"
	// Done: there is an [Outcome].
	Done State = "done"
	// Declined: a person chose to keep the meeting, or undid the confirmation.
	Declined State = "declined"
	// Expired: nobody answered in time.
	Expired State = "expired"
	// Superseded: the meeting changed between card and click; a new request
	// with the new facts has taken over the card.
	Superseded State = "superseded"
)

// transitions lists the legal ones. A Confirmed request can be superseded, because
// the meeting is read again after the click has won. So can a Calling one, because
// the service may refuse a meeting that has changed in between. A Calling request can
// be declined while the service makes it wait. In each case nothing was done to the
// meeting.
var transitions = map[State][]State{
	Received:  {Asked, Done, Expired},
	Asked:     {Confirmed, Declined, Expired, Superseded, Done},
	Confirmed: {Calling, Declined, Superseded, Done},
	Calling:   {Done, Superseded, Declined},
	Done:      {Done},
}

// States lists all states in the order of a request's life.
func States() []State {
	return []State{Received, Asked, Confirmed, Calling, Done, Declined, Expired, Superseded}
}

// CanBecome reports whether a request in state s may go to state t. From Done
// to Done is legal only for settling an [Unknown] outcome, see [Request.Finish].
func (s State) CanBecome(t State) bool { return slices.Contains(transitions[s], t) }

// Final reports whether no button on a card in this state can change the meeting. A
// Done request whose outcome is [Unknown] is final in this sense too: checking
// again changes nothing.
func (s State) Final() bool { return s == Done || s == Declined || s == Expired || s == Superseded }

// An Outcome says what happened to the meeting. The zero Outcome means that
// nothing is known to have happened yet.
type Outcome string

// The outcomes of a request that is [Done].
const (
	// Cancelled: the meeting, series or occurrence no longer exists.
	Cancelled Outcome = "cancelled"
	// Ended: the meeting was running, was ended for everyone and cancelled.
	Ended Outcome = "ended"
	// Gone: there was nothing left to cancel.
	Gone Outcome = "gone"
	// Refused: the service, or one of our rules, said no. The meeting is unchanged.
	Refused Outcome = "refused"
	// Failed: it did not work. The meeting is unchanged.
	Failed Outcome = "failed"
	// Unknown: the call was sent and no answer shows what it did.
	Unknown Outcome = "unknown"
)

// Outcomes lists all outcomes.
func Outcomes() []Outcome { return []Outcome{Cancelled, Ended, Gone, Refused, Failed, Unknown} }

// Removed reports whether the meeting was removed by the request itself.
func (o Outcome) Removed() bool { return o == Cancelled || o == Ended }
