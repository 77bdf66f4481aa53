// Package list draws rows of meetings: those to come, those to choose from, and the
// history of requests.
//
// It doesn't know how the rows were found or sorted. What doesn't fit it counts.
package list
