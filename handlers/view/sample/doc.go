// Package sample makes up requests in every state, with invented people and meetings, and
// faulty command lines of every kind. The gallery draws them, and tests of views use them.
//
// It doesn't know how any of them is drawn.
package sample
