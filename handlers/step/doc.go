// Package step holds what the product's durable steps share. Each step is a package below
// it: a struct with its dependencies, and another for each run, with what that run knows.
// Steps hand jobs to one another, in one direction:
//
//	ask      a command: which meeting it is, and the card that asks
//	press    a click: what the button does, whether it is in time, whether this person may
//	invited  who is invited, before the call; and telling them, after it
//	cancel   the call, what its answer means, and looking when there was none
//	report   the card's final state, the owner's message, the reply in the thread
//
//	watch    open cards that nobody presses: they expire, or their meeting changes
//	outcome  how a request ends or starts over, however that came to light
//
//	many, owner, delegate, home   features built on ask and press
//
// handlers.Steps registers them all; nothing registers itself. It alone imports package
// cancel, which holds what can remove a meeting.
//
// The rules: a step records that it is about to touch the outside before it does, and
// looks before it repeats. A run passes what it has read to the run that follows in the
// same process; a run that starts later reads again. What counts is when somebody did
// something, not when it is handled.
//
// A [Visit] is a run that handles something a person did, and answers them. [Deps] is what
// all steps use. [Confirmed] is what one step hands to another with a request. The package
// knows no SQL, no socket, no HTTP, and none of the steps.
package step
