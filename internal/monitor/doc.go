// Package monitor tells operators how the bot is doing: Prometheus metrics at
// /metrics, and /healthz and /readyz for supervisors and load balancers.
//
// Metric names begin with meetingbot_ and use base units. Users, channels and meetings
// are never labels: their number is unbounded, and they are private.
package monitor
