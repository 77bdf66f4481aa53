package world

import (
	"errors"
	"os/exec"
	"syscall"
)

// prepare is called before the program starts. On Windows only a process group can be asked to
// stop.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// Terminate asks the program to stop, like ctrl-break. The test needs a console.
func (p *Process) Terminate() error {
	generate := syscall.NewLazyDLL("kernel32.dll").NewProc("GenerateConsoleCtrlEvent")
	if ok, _, err := generate.Call(syscall.CTRL_BREAK_EVENT, uintptr(p.Pid())); ok == 0 {
		return err
	}
	return nil
}

var errNoFreeze = errors.New("a program can't be frozen on this system")

// Freeze isn't possible on this system.
func (p *Process) Freeze() error { return errNoFreeze }

// Thaw isn't possible on this system.
func (p *Process) Thaw() error { return errNoFreeze }
