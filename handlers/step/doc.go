// Package step holds what the product's durable steps share. The steps are in packages below
// it, most of them with a struct for what one run knows. Steps hand jobs to one another, in
// one direction:
//
//	ask      a command: finds the meeting and posts the card that asks
//	press    a click: what the button does, whether it came in time, whether this person may press it
//	invited  reads who is invited before the call, and tells them after it
//	cancel   makes the call, interprets the answer, and checks the meeting if none came
//	report   the card's final state, the owner's message, the reply in the thread
//
//	watch    open cards that nobody clicks: they expire, or their meeting changes
//	outcome  how a request ends or starts over, whichever step finds out
//
//	many, owner, delegate, home   features built on ask and press
//
// handlers.Steps registers them all; nothing registers itself. It alone imports package
// cancel, which holds the code that can remove a meeting.
//
// The rules: a step records that it is about to act on the outside world before it does,
// and checks before it repeats. A run passes what it has read to the next run in the same
// process; a run that starts later reads again. Actions count from when a person took
// them, not from when a step handles them.
//
// A [Visit] is a run that handles one thing a person did and answers them; a [Task] is a run
// that works on a request; [Deps] is what both use. The package knows no SQL, no socket, no
// HTTP, and none of the steps.
package step
