// Package step holds what the durable steps of the product share. The steps are in the
// packages below it; each is a struct with what it needs, and a run of it is a struct
// with what this run knows. They hand one another jobs, and go one way:
//
//	ask      a command: which meeting is it, and the card that asks
//	press    a click: what does the button do, is it in time, may this person
//	invited  who is invited, before the call; and telling them, after it
//	cancel   the call, what its answer means, and looking where there was none
//	report   the card's final state, the owner's message, the reply in the thread
//
//	watch    open cards that nobody presses: their time is over, or their meeting changed
//	outcome  how a request ends, or starts over, whoever finds out
//
//	many, owner, delegate, home   what the product does besides, built on ask and press
//
// handlers.Steps registers them all; nothing registers itself. Only there is the package
// cancel known: it alone holds what can remove a meeting.
//
// The rules. A step records that it is about to touch the outside before it does, and
// looks before it repeats. What one run has read it hands to the run that follows in
// this process; a run that starts later reads again. When somebody did something decides,
// not when it is worked on.
//
// What is here: a [Visit] is a run about something that a person did, and answers them.
// [Deps] is what all steps use. [Confirmed] and [Changed] are what one step hands to
// another. The package knows no SQL, no socket, no HTTP, and none of the steps.
package step
