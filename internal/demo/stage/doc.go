// Package stage is what a demo happens on: a simulated Slack with people and
// channels, a simulated Meeting service with their meetings, and the real bot
// between them as a process of its own, so that it can be killed. All three talk
// over sockets on loopback, and nothing they write outlives [Stage.Close].
package stage
