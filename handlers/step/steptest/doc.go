// Package steptest runs the steps in tests: all of them, as the product registers them,
// with a real store and a real queue, between a stub of Slack and one of the meeting
// service, in a bubble of time. Only tests import it.
package steptest
