// Package view draws what people read: cards, answers, lists, help and windows, in
// every language of the catalogues in locale/.
//
// It is pure: the same request, moment and language give the same message. It has no
// clock (the moment is an argument), no client, no store, and doesn't know who may do
// what: a caller decides, and the view says it. It reads the request and never
// changes it. Text from people or the meeting service is made harmless here and
// nowhere else, see foreign.
//
// The names of buttons and windows are in actions.go, next to the functions that
// parse clicks on them.
package view
