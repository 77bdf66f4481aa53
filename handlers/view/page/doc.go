// Package page describes the reader of a message: their language, what to call a meeting, a
// person, a time or a command in it, and how much they may learn.
//
// It doesn't know which message is being written. Nor does it decide what a reader may learn:
// for a channel the Renderer in package view does, for a person the message.
package page
