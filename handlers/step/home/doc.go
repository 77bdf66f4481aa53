// Package home draws the bot's Home tab and handles clicks on it.
//
//	draw.go   a drawing, in the background: nothing waits for it
//	facts.go  what it shows, read in parts that may each fail
//	press.go  a click that leads to a card in the person's direct messages
//
// Reading for a drawing changes nothing.
package home
