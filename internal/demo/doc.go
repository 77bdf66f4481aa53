// Package demo lets people try the bot with nothing but this program. It starts the real
// bot, a simulated Slack and a simulated Meeting service on loopback sockets, populated
// with people and meetings (package stage).
//
// There are two views of the workspace. In the terminal (terminal.go) it is text: you type
// a message, a command or the number of a button; the demo waits until all the effects are
// visible (settle.go), and prints news as it happens (print.go). In the browser it is a
// page (package page). Both are clients of the simulators and can be used at the same time.
package demo
