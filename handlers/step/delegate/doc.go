// Package delegate is owners who let somebody else cancel their meetings for a while.
//
//	give.go, window.go  an owner gives it, or takes it back
//	notice.go           the other learns what holds now
//	end.go              its time is over, or an account is gone
//	letting.go          what the policy asks
//
// Whether somebody may cancel by a delegation is for handlers/access, and that it still
// holds in the commit that confirms, for press.
package delegate
