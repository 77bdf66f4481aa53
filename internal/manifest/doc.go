// Package manifest has only tests. They compare manifest.yml, which Slack reads, with the
// code: the command, the shortcut, and the scopes of the methods the bot calls.
package manifest
