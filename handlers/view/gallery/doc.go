// Package gallery draws everything that the bot can show, one view for each state, with
// invented people and meetings. The golden files are made from it, and doctor sends it to
// Slack for validation.
//
// It has no rules of its own: package view and those below it decide what a view looks like.
package gallery
