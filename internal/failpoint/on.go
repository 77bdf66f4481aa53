//go:build crashtest

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// passed counts the passings of the place that is meant. It is the one thing here that
// lasts, in a build that only tests make.
var passed atomic.Int64

// Here ends or freezes the process if this is the place and the passing that
// the environment names.
func Here(name string) {
	place, signal := os.Getenv("MEETINGBOT_FAILPOINT"), syscall.SIGKILL
	if rest, stop := strings.CutSuffix(place, ":stop"); stop {
		place, signal = rest, syscall.SIGSTOP
	}
	place, nth, _ := strings.Cut(place, "@")
	if place == "" || place != name {
		return
	}
	n, err := strconv.ParseInt(nth, 10, 64)
	if err != nil {
		n = 1
	}
	if passed.Add(1) != n {
		return
	}
	// Nobody is left to be told of an error.
	_ = syscall.Kill(os.Getpid(), signal)
	if signal == syscall.SIGKILL {
		select {} // the signal may take a moment; nothing more must happen
	}
}

// Blind reports whether steps repeat without looking first.
func Blind() bool { return os.Getenv("MEETINGBOT_FAILPOINT_BLIND") != "" }
