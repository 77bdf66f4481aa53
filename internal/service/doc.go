// Package service assembles the bot from its parts and runs it: what `meetingbot`
// does without a subcommand, and what the demo runs next to its simulators.
package service
