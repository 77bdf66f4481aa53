// Package demo lets somebody try the bot with nothing but this program: it
// starts the real bot, a simulated Slack and a simulated Meeting service over
// loopback sockets, with people and meetings in them.
package demo
