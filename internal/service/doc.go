// Package service puts the bot together from its parts and runs it: what
// `meetingbot` without a subcommand does, and what the demo does beside its
// simulators.
package service
