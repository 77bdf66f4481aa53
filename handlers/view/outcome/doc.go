// Package outcome says how a request ended, for one meeting or several: as a title, as
// sentences, and why. Cards, replies, notices and answers say it in the same words.
//
// It doesn't know where it is said. It reads the state and never judges it.
package outcome
