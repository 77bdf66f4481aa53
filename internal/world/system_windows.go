package world

import (
	"errors"
	"os/exec"
	"syscall"
)

// prepare is called before the program starts: only a group of processes can be asked
// to stop.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// Terminate asks the program to stop, as ctrl-break does. The test needs a console.
func (p *Process) Terminate() error {
	generate := syscall.NewLazyDLL("kernel32.dll").NewProc("GenerateConsoleCtrlEvent")
	if ok, _, err := generate.Call(syscall.CTRL_BREAK_EVENT, uintptr(p.Pid())); ok == 0 {
		return err
	}
	return nil
}

var errNoFreeze = errors.New("a program can't be frozen on this system")

// Freeze would stop the program in its tracks. It can't be done here.
func (p *Process) Freeze() error { return errNoFreeze }

// Thaw would let a frozen program continue. It can't be done here.
func (p *Process) Thaw() error { return errNoFreeze }
