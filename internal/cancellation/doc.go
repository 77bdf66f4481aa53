// Package cancellation holds the nouns of the product and their law: a
// [Request] to cancel a meeting, the [State] it is in, which state may follow
// which, and the [Outcome] it ends with.
//
// The package knows neither Slack nor the meeting service nor SQL: identifiers
// of the outside are plain strings here, and the packages that speak to the
// outside give them their types. It is the one place that says what a legal
// life of a request is; docs/state-machine.md draws it.
package cancellation
