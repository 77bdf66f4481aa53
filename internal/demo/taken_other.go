//go:build !windows

package demo

import "syscall"

// errTaken is the error of listening on a port that is in use.
const errTaken = syscall.EADDRINUSE
