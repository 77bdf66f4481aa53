package stage

import (
	"os/exec"
	"syscall"
)

// apart keeps ctrl-C in the console from the bot: the demo alone stops it.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
