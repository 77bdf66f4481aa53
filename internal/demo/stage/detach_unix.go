//go:build unix

package stage

import (
	"os/exec"
	"syscall"
)

// detach keeps ctrl-C in the terminal from reaching the bot: only the demo stops it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
