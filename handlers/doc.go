// Package handlers gives meaning to what people type and press. It understands what
// arrives from Slack, stores it, and acks it; everything else follows from the store, in
// the packages beneath:
//
//	handlers  ──►  step/…  the durable steps: ask, press, cancel, report, and the others
//	               step/…  ──►  access   who may do what
//	               step/…  ──►  card     where cards are, and every drawing of them
//	               step/…  ──►  view     views, words and languages, pure
//
// A click takes this path: intake.go, which has what it needs prefetched while it is
// stored → step/press/press.go → access → step/press/confirm.go → step/cancel/cancel.go →
// DELETE; then step/report and card show and tell the outcome. home.go takes in that somebody
// opened Home, steps.go registers the steps, and verbs.go says what each button does.
package handlers
