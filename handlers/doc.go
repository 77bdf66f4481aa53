// Package handlers is what the words mean: the command, the clicks, the durable
// steps, the views and their wording.
//
// The life of a request, each line a file:
//
//	intake.go    what a person did is stored; only then does Slack get its ack
//	command.go   the stored command: who is it, what do they want
//	ask.go       look the meeting up, post the card
//	click.go     the stored click: which request, is it still open, may they
//	confirm.go   one conditional update decides who was first
//	call.go      read the meeting anew, make the destructive call, settle its outcome
//	report.go    the card's final state, the owner's message, the reply in the thread
//
// Three rules hold everywhere. A step records that it is about to touch the
// outside before it does, and looks before it repeats. Authority comes from the
// stored request and from Slack's own word on who pressed, never from what a
// button carries. The destructive method of the meeting service is in the hands
// of one type, caller.
//
// The package knows no SQL, no socket and no HTTP.
package handlers
