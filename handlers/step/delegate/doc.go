// Package delegate handles delegations, by which owners allow another person to cancel their
// meetings for a while.
//
//	give.go, modal.go  an owner gives or takes back a delegation; whether there is one
//	notice.go          the receiver is told
//	end.go             it expires, or one of the two accounts is deactivated
//
// Package access decides what a delegation allows; package press checks in the confirming
// commit that it is still in force.
package delegate
