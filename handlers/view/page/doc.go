// Package page is who reads and in which language: how a meeting, a person, a moment or
// a command to copy is called for them, and how much they may learn.
//
// It doesn't know which message is being written. It doesn't decide what a reader may
// learn either: for a channel the Renderer in package view does, for a person the message.
package page
