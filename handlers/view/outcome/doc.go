// Package outcome says how a request ended, for one meeting or several: as a title, as
// sentences, and why. Cards, replies, notices and answers all use the same words.
//
// It doesn't know which message it writes for. It reads the state and never judges it.
package outcome
