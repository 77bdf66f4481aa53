// Package world is what the tests of the whole product act in: a simulated
// Slack with people in it, a simulated meeting service with meetings, and the
// real program as a process of its own between them, so that it can be killed.
//
// It is for tests only; nothing that is shipped imports it.
package world
