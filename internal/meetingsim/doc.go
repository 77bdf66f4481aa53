// Package meetingsim is Huawei Cloud Meeting as a server in memory: logins, meetings, people and the calls that cancel,
// with the vendor's strictness and with faults to order.
//
// A [Server] is an [net/http.Handler]; put it behind any listener on loopback and point a client at it. Its state is
// steered from Go ([Server.AddMeeting], [Server.Start], [Server.Fault] …) or, from another process, through the JSON
// handler of [Server.Control]. What happened is told by two journals: [Server.Journal] holds every request that arrived,
// [Server.Effects] what a request really changed. "Cancelled exactly once" is a statement about effects.
//
// The package is built from Huawei's pages and shares no code with the client it is used to test: a field that both had
// misspelt would otherwise agree with itself. Where the pages are silent it refuses rather than guesses, and the comment at
// that place says so: a client that leans on an undocumented kindness should be caught here, not in production.
package meetingsim
