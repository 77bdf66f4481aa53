// Package steptest runs the steps in tests, as the product registers them, with a real store
// and a real queue, against stubs of Slack and the meeting service, in a synctest bubble.
// Only tests import it.
package steptest
