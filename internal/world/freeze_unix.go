//go:build unix

package world

import "syscall"

// Freeze stops the program in its tracks, as a suspended machine would.
func (p *Process) Freeze() error { return p.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen program continue.
func (p *Process) Thaw() error { return p.Signal(syscall.SIGCONT) }
