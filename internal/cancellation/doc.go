// Package cancellation holds the product's model: a [Request] to cancel a meeting,
// the [State] it is in, the legal transitions between states, and the [Outcome] it
// ends with.
//
// The package knows neither Slack nor the meeting service nor SQL: outside
// identifiers are plain strings here, and the packages that talk to the outside
// give them types. Only this package defines the legal transitions of a request;
// docs/state-machine.md draws them.
package cancellation
