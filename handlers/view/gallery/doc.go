// Package gallery draws everything that the bot can show, one view of each state, with
// made-up people and meetings. The golden files are made of it, and doctor has Slack check
// it.
//
// It has no rule of its own: whatever a view looks like is decided in package view and
// those below it.
package gallery
