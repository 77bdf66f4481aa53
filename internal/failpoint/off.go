//go:build !crashtest

package failpoint

// Here does nothing in a program that is shipped.
func Here(string) {}

// Blind is false in a program that is shipped.
func Blind() bool { return false }
