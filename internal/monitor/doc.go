// Package monitor tells operators how the bot is: Prometheus metrics at
// /metrics, and /healthz and /readyz for whoever restarts it and routes to it.
//
// Names begin with meetingbot_ and are in base units. No user, channel or
// meeting is ever a label: their number is not bounded, and they are nobody
// else's business.
package monitor
