// Package meetingsim is an in-memory Huawei Cloud Meeting: logins, meetings, people and the
// calls that cancel, as strict as the vendor, with faults on demand.
//
// A [Server] is an [net/http.Handler]: serve it on any listener, loopback or pipes, and
// point a client at it. Control its state from Go ([Server.AddMeeting], [Server.Start],
// [Server.Fault] …) or, from another process, through the JSON handler of
// [Server.Control]. It keeps two journals: [Server.Journal] has every request that
// arrived, and [Server.Effects] has what requests really changed. "Cancelled exactly
// once" is a statement about effects.
//
// The package is built from Huawei's documentation and shares no code with the client it
// tests; otherwise a field misspelt in both would go unnoticed. Where the documentation is
// silent, it refuses rather than guesses, and a comment says so: a client that relies on
// undocumented leniency should be caught here, not in production.
package meetingsim
