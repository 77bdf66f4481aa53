// Package home draws the bot's Home tab and handles clicks on it.
//
//	draw.go   draws it, in the background: nothing waits for it
//	facts.go  what it shows, read in parts that may each fail
//	press.go  a click that leads to a card in the person's direct messages
//
// Drawing reads requests and meetings, and changes none.
package home
