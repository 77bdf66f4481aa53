package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/world"
)

// TestLogReaderGoesAway: the bot keeps working if the log is a closed pipe, or a full one
// that no one reads.
func TestLogReaderGoesAway(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash to close the other end of the log")
	}
	program, err := exec.LookPath("meetingbot")
	if err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"away":  `exec "$0" > >(exec true) 2>&1`,
		"stuck": `exec 2> >(exec sleep 60 >/dev/null 2>&1); head -c 65536 /dev/zero >&2; exec "$0"`, // fills the pipe
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world.New(world.Options{Dir: t.TempDir(), Program: []string{bash, "-c", script, program}})
			t.Cleanup(func() {
				if err := w.Close(); err != nil {
					t.Error(err)
				}
			})
			if err := w.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.Book("914087436", world.Carol, nil)
			cancelOnce(t, w, "914087436")
		})
	}
}

// zoneChild makes the test binary print a time in Shanghai.
const zoneChild = "MEETINGBOT_TEST_ZONE"

func init() {
	if os.Getenv(zoneChild) == "" {
		return
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		_, _ = os.Stdout.WriteString(err.Error())
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString(time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC).In(zone).Format(time.RFC3339))
	os.Exit(0)
}

// hideZones runs a program with the folders in its first two arguments hidden.
const hideZones = `for d in "$1" "$2" /usr/lib/zoneinfo; do [ ! -d "$d" ] || mount -t tmpfs none "$d"; done; shift 2; exec "$@"`

// TestZonesAreEmbedded: on a machine without zone files, --occurrence must not be read in
// UTC, which could be another date of the series.
func TestZonesAreEmbedded(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unshare, err := exec.LookPath("unshare")
	if err != nil || exec.CommandContext(t.Context(), unshare, "-r", "-m", "true").Run() != nil {
		t.Skip("needs Linux's unshare, and permission to use it, to hide this machine's zone files")
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), unshare, "-r", "-m", "sh", "-c", hideZones, "sh",
		"/usr/share/zoneinfo", filepath.Join(strings.TrimSpace(string(root)), "lib", "time"), self)
	cmd.Env = []string{zoneChild + "=1", "ZONEINFO=/nonexistent", "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	if want := "2026-12-02T04:00:00+08:00"; err != nil || string(out) != want {
		t.Errorf("time in Shanghai = %q, %v, want %q", out, err, want)
	}
}
