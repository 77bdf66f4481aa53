// Package stage sets up a demo: a simulated Slack with people and channels, a simulated
// Meeting service with their meetings, and the real bot between them. The bot is a separate
// process, so that it can be killed. All three talk over loopback sockets, and nothing they
// write outlives [Stage.Close].
package stage
