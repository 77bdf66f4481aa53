// Package words holds the sentences of every language, one catalogue each, and picks
// the one that a reader understands.
//
// It doesn't know what a sentence is for, nor Slack, nor meetings. What a sentence names
// it inserts as it is: text from outside has to be made harmless first, see package
// block.
package words
