// Package home draws the bot's Home tab, and works on what is clicked there.
//
//	draw.go   a drawing, in the background: nothing waits for it
//	facts.go  what it shows, read in parts that may each fail
//	press.go  a click that leads to a card, in the direct messages
//
// Reading for it changes nothing.
package home
