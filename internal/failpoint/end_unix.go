//go:build crashtest && unix

package failpoint

import (
	"os"
	"syscall"
)

// die and freeze do to this process what kill -9 and a suspended machine do. There is nobody to
// report an error to.
func die()    { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
func freeze() { _ = syscall.Kill(os.Getpid(), syscall.SIGSTOP) }
