// Package watch keeps open cards true while nobody presses them.
//
//	watch.go  a card's meeting has changed, or is gone; once a minute
//	several.go  the same for a card with several meetings
//	sweep.go  a card's time is over; once a second
//
// What somebody has pressed in time comes first. The package neither asks nor cancels.
package watch
