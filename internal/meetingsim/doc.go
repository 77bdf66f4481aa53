// Package meetingsim is Huawei Cloud Meeting as a server in memory: logins, meetings,
// people and the calls that cancel, as strict as the vendor, and with faults on
// demand.
//
// A [Server] is an [net/http.Handler]: put it behind any listener, on loopback or on
// pipes, and point a client at it. Its state is controlled from Go
// ([Server.AddMeeting], [Server.Start], [Server.Fault] …) or, from another process,
// through the JSON handler of [Server.Control]. Two journals say what happened:
// [Server.Journal] has every request that arrived, [Server.Effects] what a request
// really changed. "Cancelled exactly once" is a statement about effects.
//
// The package is built from Huawei's pages and shares no code with the client it
// tests: otherwise a field that both misspelt would agree with itself. Where the
// pages are silent it refuses rather than guesses, and a comment says so: a client
// that relies on undocumented leniency should be caught here, not in production.
package meetingsim
