// Package token caches one token for all callers, and reads it from a login's answer.
//
// It knows how long a token is valid and when to get another. It doesn't know how to log
// in, or what a refusal means: that is up to [Keeper.Login].
package token
