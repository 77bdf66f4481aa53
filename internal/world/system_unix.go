//go:build unix

package world

import (
	"os/exec"
	"syscall"
)

// prepare is called before the program starts.
func prepare(*exec.Cmd) {}

// Terminate asks the program to stop, like a supervisor.
func (p *Process) Terminate() error { return p.Signal(syscall.SIGTERM) }

// Freeze stops the program in its tracks, like a suspended machine.
func (p *Process) Freeze() error { return p.Signal(syscall.SIGSTOP) }

// Thaw resumes a frozen program.
func (p *Process) Thaw() error { return p.Signal(syscall.SIGCONT) }
