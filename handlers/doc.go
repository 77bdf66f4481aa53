// Package handlers turns what people type and press into stored work. It parses what
// arrives from Slack, stores it and acks it; the packages below do the rest from the
// store:
//
//	handlers  ──►  step/…  the durable steps: ask, press, cancel, report and the others
//	               step/…  ──►  access   who may do what
//	               step/…  ──►  card     where cards are, and every draw of them
//	               step/…  ──►  view     views, words and languages, pure
//
// steps.go registers the steps, and buttons.go maps each button to what it does.
// docs/how-it-works.md follows one click from file to file.
package handlers
