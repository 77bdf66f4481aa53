//go:build crashtest

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// stopTime is how long SIGSTOP may take to reach every thread. This one must not continue
// before that.
const stopTime = 100 * time.Millisecond

// passed counts how often the place was reached. It is this package's only state, and exists
// only in test builds.
var passed atomic.Int64

// Here kills or freezes the process if the environment names this place and this is the nth
// time it is reached.
func Here(name string) {
	place, stop := strings.CutSuffix(os.Getenv("MEETINGBOT_FAILPOINT"), ":stop")
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
	if !stop {
		die()
		select {} // the signal may take a moment; do nothing more
	}
	freeze()
	time.Sleep(stopTime)
}

// Blind reports whether steps repeat without looking first.
func Blind() bool { return os.Getenv("MEETINGBOT_FAILPOINT_BLIND") != "" }
