package demo

import (
	"errors"
	"syscall"
)

// Errors for a port that isn't available: WSAEADDRINUSE, and WSAEACCES for one that Hyper-V
// has reserved or another program holds exclusively. On Windows, syscall.EADDRINUSE is a
// number of Go's own.
//
// https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
const (
	errInUse    = syscall.Errno(10048)
	errReserved = syscall.Errno(10013)
)

// isTaken reports whether listening failed because the port isn't available.
func isTaken(err error) bool { return errors.Is(err, errInUse) || errors.Is(err, errReserved) }
