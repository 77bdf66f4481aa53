// Package failpoint lets a test kill or freeze the program at a named place, to
// prove that nothing is lost and nothing is done twice there.
//
// The program that is shipped has none of it: without the build tag crashtest
// both functions are empty and compile to nothing. Built with the tag, [Here]
// acts once at the place that the environment names:
//
//	MEETINGBOT_FAILPOINT=call/sent          SIGKILL at the first passing
//	MEETINGBOT_FAILPOINT=call/sent@3        at the third
//	MEETINGBOT_FAILPOINT=call/begun@1:stop  SIGSTOP instead; SIGCONT goes on from there
//
// and MEETINGBOT_FAILPOINT_BLIND=1 has [Blind] report true: steps then repeat
// without looking first. That is the control run, which has to fail.
//
// A name is the step, a slash, and what has just been done. [Names] lists them
// in the order of a request's life.
package failpoint

// The places, in the order in which a request that goes well passes them.
const (
	HandedOver   = "intake/stored"     // the envelope is committed; no ack yet. Passed by the command and by each click
	BeforeAsked  = "card/looked-up"    // all is known; nothing recorded
	Asked        = "card/asked"        // the request is asked; the card is not posted
	CardPosted   = "card/posted"       // the card stands in Slack; not recorded
	CardRecorded = "card/recorded"     // and recorded
	Confirmed    = "click/confirmed"   // the click has won and the call is enqueued
	BeforeCall   = "call/read"         // the meeting was read anew; nothing recorded
	CallWritten  = "call/written"      // that the call begins is written down in a transaction that is still open
	CallBegun    = "call/begun"        // that the call begins is recorded; nothing was sent
	CallAnswered = "call/answered"     // the service has answered; not recorded
	Concluded    = "call/concluded"    // the outcome is recorded and the report is enqueued
	FinalDrawn   = "report/drawn"      // the card shows its final state; not recorded
	OwnerTold    = "report/owner"      // the owner has the message; not recorded
	BeforeThread = "report/told"       // card and owner are told; the reply is about to be sent
	ThreadTold   = "report/thread"     // the reply stands in the thread; not recorded
	BeforeFinish = "report/unfinished" // all is done; the end of the step is not recorded
)

// Names returns the places in the order in which a request passes them.
func Names() []string {
	return []string{
		HandedOver, BeforeAsked, Asked, CardPosted, CardRecorded, Confirmed, BeforeCall,
		CallWritten, CallBegun, CallAnswered, Concluded, FinalDrawn, OwnerTold, BeforeThread, ThreadTold, BeforeFinish,
	}
}
