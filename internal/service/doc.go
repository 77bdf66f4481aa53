// Package service assembles the bot and runs it. It is what `meetingbot` does without a
// subcommand; the demo runs it next to its simulators.
package service
