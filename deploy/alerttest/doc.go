// Package alerttest checks the alerts in docs/metrics.md with Prometheus' own parser and
// engine. It is a separate module, so that the program doesn't depend on Prometheus'
// server.
package alerttest
