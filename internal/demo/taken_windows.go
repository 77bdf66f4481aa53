package demo

import (
	"errors"
	"syscall"
)

// Errors of a port that can't be had: WSAEADDRINUSE, and WSAEACCES for one that
// Hyper-V has reserved or another program holds exclusively. syscall.EADDRINUSE is a
// number of Go's own on Windows.
//
// https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
const (
	errInUse    = syscall.Errno(10048)
	errReserved = syscall.Errno(10013)
)

// isTaken reports whether listening failed because somebody else has the port.
func isTaken(err error) bool { return errors.Is(err, errInUse) || errors.Is(err, errReserved) }
