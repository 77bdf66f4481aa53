// Package token logs in: it builds and signs the request, reads the answer, and keeps
// one token for all callers.
//
// It knows how long a token is good and when to ask for another. It refuses to know
// what a token is for, what a refused login means, and how a request is sent: [Keeper]
// is given a function that does.
package token
