// Package sample makes up requests in every state, with made-up people and meetings, and
// lines with everything that can be wrong in one. The gallery draws them, and tests of
// views use them.
//
// It doesn't know how any of them is drawn.
package sample
