// Package token keeps one token for all callers, and reads it from a login's answer.
//
// It knows how long a token is good and when to ask for another. It refuses to know
// what a token is for, what a refused login means, and how to log in: [Keeper] is given
// a function that does.
package token
