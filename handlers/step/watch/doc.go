// Package watch keeps open cards true while nobody presses them.
//
//	watch.go    a card's meeting has changed or is gone; checked once a minute
//	several.go  the same for a card with several meetings
//	ours.go     who removed a meeting, if that was from another card
//	sweep.go    a card has expired; checked once a second
//
// Clicks made in time come first. The package neither asks nor cancels.
package watch
