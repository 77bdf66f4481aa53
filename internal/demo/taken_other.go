//go:build !windows

package demo

import (
	"errors"
	"syscall"
)

// isTaken reports whether listening failed because the port is in use.
func isTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
