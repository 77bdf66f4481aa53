// Package alerttest checks the alerts of docs/metrics.md with Prometheus' own
// parser and engine. It is a module of its own, so that the program does not
// depend on Prometheus' server.
package alerttest
