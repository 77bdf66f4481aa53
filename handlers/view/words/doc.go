// Package words holds the sentences of every language, one catalogue each, and picks the
// language that a reader understands best.
//
// It doesn't know what a sentence is for, nor Slack, nor meetings. Values are inserted into a
// sentence as they are, so external text must be escaped first; see package block.
package words
