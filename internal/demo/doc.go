// Package demo lets people try the bot with nothing but this program: it starts the
// real bot, a simulated Slack and a simulated Meeting service on loopback sockets, with
// people and meetings in them (package stage).
//
// The workspace is shown twice. In the terminal (terminal.go) it is text: you type a
// message, a command or the number of a button; the demo waits until all its effects
// can be seen (settle.go), and prints news as it happens (print.go). In the browser it
// is a page (package page). Both are clients of the simulators and can be used at the
// same time.
package demo
