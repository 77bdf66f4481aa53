//go:build !crashtest

package failpoint

// Here does nothing in a released program.
func Here(string) {}

// Blind is false in a released program.
func Blind() bool { return false }
