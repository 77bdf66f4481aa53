// Package demo lets somebody try the bot with nothing but this program: it
// starts the real bot, a simulated Slack and a simulated Meeting service over
// loopback sockets, with people and meetings in them (package stage).
//
// The workspace is shown twice. In the terminal (terminal.go) it is lines of
// text: what is typed is a message, a command, or the number of a button, each
// line is waited for until all that it leads to can be seen (settle.go), and
// what is new is printed as it happens (print.go). In the browser it is a page
// (package page). Both are clients of the simulators, and may be used at once.
package demo
