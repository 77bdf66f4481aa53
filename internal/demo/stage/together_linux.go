package stage

import (
	"os/exec"
	"syscall"
)

// dieTogether makes the bot end when the demo is killed and can't stop it.
func dieTogether(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
