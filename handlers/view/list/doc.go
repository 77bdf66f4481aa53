// Package list draws rows of meetings: upcoming ones, those to choose from, and the history of
// requests.
//
// It doesn't know how the rows were found or sorted. It counts the rows that don't fit.
package list
