// Package modal draws the modals that ask for text or a date: a reason, a question to the
// owner, a delegation.
//
// It doesn't know how the input is used. The names of inputs are in package action.
package modal
