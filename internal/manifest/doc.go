// Package manifest holds the tests that tie manifest.yml, which Slack reads,
// to the code: same command, same shortcut, and the scopes of what is called.
// It has no code of its own.
package manifest
