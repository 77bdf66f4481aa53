// Package handlers is what the words of the product mean. What arrives from Slack is
// understood here, stored, and acked; everything else follows from the store, in the
// packages beneath:
//
//	handlers  ──►  step/…  the durable steps: ask, press, cancel, report, and the others
//	               step/…  ──►  access   who may do what
//	               step/…  ──►  card     where cards stand, and every drawing of them
//	               step/…  ──►  view     views, words and languages, pure
//
// One click goes: intake.go → step/press/press.go → access → step/press/confirm.go →
// step/cancel/cancel.go → DELETE; then step/report and card tell of it. steps.go registers
// the steps, and verbs.go says what each button does.
package handlers
