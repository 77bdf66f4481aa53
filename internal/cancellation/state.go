package cancellation

import "slices"

// A State is where a request is in its life. The zero State is not a legal one.
type State string

// The states of a request, in the order of its life.
const (
	// Received: the command is stored; nothing has been looked up or shown.
	Received State = "received"
	// Asked: the card is posted and waits for a click.
	Asked State = "asked"
	// Confirmed: an entitled person pressed the button. No call has started yet: the undo
	// window may be open, or the meeting is being read again.
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
	// Superseded: the meeting changed between card and click; a new request with the new
	// facts has taken over the card.
	Superseded State = "superseded"
)

// transitions lists the legal ones. A Confirmed request can be superseded because the
// meeting is read again after the click has won, and a Calling one because the service may
// refuse the call if the meeting has changed since. A Calling request can be declined while
// the service makes it wait. In each case the meeting is unchanged.
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

// CanBecome reports whether a request in state s may go to state t. Done to Done is legal
// only to settle an [Unknown] outcome, see [Request.Finish].
func (s State) CanBecome(t State) bool { return slices.Contains(transitions[s], t) }

// Final reports whether a card in this state has no button that can change the meeting.
// Done with an [Unknown] outcome is final too: "Check again" only reads.
func (s State) Final() bool { return s == Done || s == Declined || s == Expired || s == Superseded }

// An Outcome says what happened to the meeting. The zero Outcome means nothing yet, as far
// as is known.
type Outcome string

// The outcomes of a request that is [Done].
const (
	// Cancelled: the meeting, series or occurrence no longer exists.
	Cancelled Outcome = "cancelled"
	// Ended: the running meeting was ended for everyone and cancelled.
	Ended Outcome = "ended"
	// Gone: there was nothing left to cancel.
	Gone Outcome = "gone"
	// Refused: the service, or one of our rules, said no. The meeting is unchanged.
	Refused Outcome = "refused"
	// Failed: it did not work. The meeting is unchanged.
	Failed Outcome = "failed"
	// Unknown: the call was sent, and no answer says what it did.
	Unknown Outcome = "unknown"
)

// Outcomes lists all outcomes.
func Outcomes() []Outcome { return []Outcome{Cancelled, Ended, Gone, Refused, Failed, Unknown} }

// Removed reports whether the request itself removed the meeting.
func (o Outcome) Removed() bool { return o == Cancelled || o == Ended }

// WhyOver is the Request.Why of a card that was closed because its meeting is over, even
// if it was not cancelled.
const WhyOver = "over"

// WhyChanged is the Request.Why of a meeting that was left alone because it is no longer what
// the card showed.
const WhyChanged = string(AskAgainChanged)

// WhyInDoubt is the Request.Why while a request waits because another one may just have removed its
// meeting, and at its end if it left the meeting alone then: it must not be called unchanged.
const WhyInDoubt = "in_doubt"
