package stage

import (
	"os/exec"
	"syscall"
)

// detach keeps ctrl-C in the console from reaching the bot: only the demo stops it.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
