package demo

import "syscall"

// errTaken is the error of listening on a port that is in use: WSAEADDRINUSE, because
// syscall.EADDRINUSE is a number of Go's own on Windows.
//
// https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
const errTaken = syscall.Errno(10048)
