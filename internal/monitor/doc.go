// Package monitor tells operators how the bot is doing: Prometheus metrics at
// /metrics, and /healthz and /readyz for supervisors and load balancers.
//
// Names begin with meetingbot_ and are in base units. No user, channel or meeting
// is ever a label: their number is unbounded, and they are private.
package monitor
