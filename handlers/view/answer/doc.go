// Package answer tells one person in a sentence or two why something did not happen, or what
// the case is, and what they can do next. The kinds of answer are the vocabulary in which the
// packages that decide report to those that draw.
//
// It doesn't know why a decision was made. It names a meeting by its number only: a person who
// is refused need not learn the subject.
package answer
