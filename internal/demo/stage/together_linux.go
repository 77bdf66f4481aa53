package stage

import (
	"os/exec"
	"syscall"
)

// dieTogether makes the bot end when the demo is killed and can't stop it. Otherwise
// only the demo stops it: ctrl-C in the terminal is for the demo alone.
func dieTogether(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
