// Package failpoint lets a test kill or freeze the program at a named place, to prove that
// nothing is lost or done twice there.
//
// Released programs contain none of it: without the build tag crashtest both functions are
// empty and compile to nothing. With the tag, [Here] acts once, at the place named in the
// environment:
//
//	MEETINGBOT_FAILPOINT=call/begun         SIGKILL the first time
//	MEETINGBOT_FAILPOINT=call/begun@3       the third time
//	MEETINGBOT_FAILPOINT=call/begun@1:stop  SIGSTOP instead; SIGCONT resumes there
//
// MEETINGBOT_FAILPOINT_BLIND=1 makes [Blind] report true: steps then repeat without looking
// first. That is the control run, which must fail.
//
// A name consists of the step, a slash and what has just been done.
package failpoint

// The places, in the order in which a successful request reaches them.
const (
	EnvelopeStored   = "intake/stored"     // the envelope is committed, not acked yet; reached by the command and by each click
	BeforeAsked      = "card/looked-up"    // everything is known, nothing recorded
	Asked            = "card/asked"        // the request is asked, its card not posted
	CardPosted       = "card/posted"       // the card is in Slack, not recorded
	CardRecorded     = "card/recorded"     // the posted card is recorded
	BeforeCall       = "call/read"         // the meeting was read again, nothing recorded
	CallWritten      = "call/written"      // the beginning of the call is written in a transaction that is still open
	Confirmed        = "click/confirmed"   // the click has won; without an undo window the call has usually begun with it
	CallBegun        = "call/begun"        // the beginning of the call is recorded, nothing sent
	CallAnswered     = "call/answered"     // the service has answered, nothing recorded
	Concluded        = "call/concluded"    // the outcome is recorded and the report is enqueued
	FinalDrawn       = "report/drawn"      // the card shows its final state, not recorded
	OwnerTold        = "report/owner"      // the owner has the message, not recorded
	AskerTold        = "report/asker"      // the asker of a question to the owner has the message, not recorded; only such questions reach it
	BeforeThread     = "report/told"       // card and owner are up to date, the reply is about to be sent
	ThreadTold       = "report/thread"     // the reply is in the thread, not recorded
	ReportUnrecorded = "report/unfinished" // everything is done, the end of the step not recorded
)

// The places that only a request for several meetings reaches.
const (
	PartsMade  = "many/parts" // the parts are stored and the first is enqueued
	PartsEnded = "many/ended" // the parts' outcomes are recorded and the report is enqueued
)

// InvitedTold is reached once for each invited person who is told: the person has the message,
// and that isn't recorded yet.
const InvitedTold = "invited/told"

// The places of delegations and of Home, in the order in which a person reaches them who opens
// Home, delegates and revokes the delegation.
const (
	HomeOpened        = "home/stored"     // the opening of Home is committed, not acked yet
	HomeListed        = "home/listed"     // the meaning of its buttons is stored, nothing shown
	HomeShown         = "home/shown"      // Slack has it, not recorded
	DelegationStored  = "delegate/stored" // the delegation is committed, nobody told
	DelegationTold    = "delegate/told"   // its giver has been told, not recorded
	DelegationRevoked = "delegate/ended"  // it is revoked, which Home doesn't show yet
)
