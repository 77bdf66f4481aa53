// Package answer tells one person why something did not happen or what is the case, in a
// sentence or two, and what they can do next. The kinds of answer are the vocabulary in
// which those who decide report to those who draw.
//
// It doesn't know why a decision was taken. It names a meeting by its number only: a
// person who is refused need not learn the subject.
package answer
