// Package page is who reads and in which language: how a meeting, a person, a moment or
// a command to copy is called for them, and how much they may learn.
//
// It doesn't know which message is being written. It doesn't decide what a reader may
// learn either: that is the Renderer's, in package view.
package page
