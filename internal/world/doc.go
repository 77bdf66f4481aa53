// Package world is where the tests of the whole product take place: a simulated Slack
// with people, a simulated meeting service with meetings, and between them the real
// program as a separate process, so that it can be killed.
//
// It is for tests only; no released program imports it.
package world
