//go:build !linux

package stage

import "os/exec"

// dieTogether is only possible on Linux. Elsewhere, if the demo is killed, the bot
// finds both services gone and has to be stopped by hand.
func dieTogether(*exec.Cmd) {}
