// Package watch keeps open cards up to date while nobody clicks on them.
//
//	watch.go    a card's meeting has changed or is gone, and who removed it; checked once a minute
//	several.go  the same for a card with several meetings
//	sweep.go    a card has expired; checked once a second
//
// Clicks made in time come first. The package neither asks nor cancels.
package watch
