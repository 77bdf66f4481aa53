// Package world runs the whole product for tests: a simulated Slack with people, a simulated
// meeting service with meetings, and between them the real program as a separate process, so
// that it can be killed.
//
// Only tests import it; it is not part of any release.
package world
