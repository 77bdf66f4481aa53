// Package manifest has the tests that tie manifest.yml, which Slack reads, to the
// code: the same command, the same shortcut, and the scopes of the methods called. It
// has no code of its own.
package manifest
