// Package hometab draws the Home tab: what is waiting for a person, their meetings, who may
// cancel those, and what was cancelled.
//
// It doesn't know whose tab it is or where its facts come from.
package hometab
