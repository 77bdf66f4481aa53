//go:build crashtest

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// stopTime is how long a stop may take to reach every thread; this one must not
// continue before that.
const stopTime = 100 * time.Millisecond

// passed counts how often the place was passed. It is this package's only state, in a
// build that only tests make.
var passed atomic.Int64

// Here ends or freezes the process if the environment names this place and this
// passing.
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
	time.Sleep(stopTime)
}

// Blind reports whether steps repeat without looking first.
func Blind() bool { return os.Getenv("MEETINGBOT_FAILPOINT_BLIND") != "" }
