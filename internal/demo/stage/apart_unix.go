//go:build unix

package stage

import (
	"os/exec"
	"syscall"
)

// apart keeps ctrl-C in the terminal from the bot: the demo alone stops it.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
