// Package delegate lets owners allow somebody else to cancel their meetings for a while.
//
//	give.go, modal.go  an owner gives or takes back a delegation
//	notice.go          the other person is told what now applies
//	end.go, patrol.go  it expires, or one of the accounts is gone
//	letting.go         what the access policy asks about it
//
// Package access decides what a delegation allows; press checks in the confirming commit
// that it is still in force.
package delegate
