//go:build unix

package config_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetingbot/internal/config"
)

// TestPipe asserts that a value can come through a pipe, as <(pass slack) does, and that one
// that nobody writes to doesn't hang the start.
func TestPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	link := path + "-link"
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(path, []byte("xoxb-1-through-a-pipe\n"), 0o600) }()
	c, err := config.Load(with(map[string]string{"SLACK_BOT_TOKEN": "-", "SLACK_BOT_TOKEN_FILE": link}))
	if err := errors.Join(err, <-written); err != nil || c.SlackBotToken != "xoxb-1-through-a-pipe" {
		t.Errorf("Load() = %q, %v, want the token from the pipe", c.SlackBotToken, err)
	}

	began := time.Now()
	_, err = config.Load(with(map[string]string{"SLACK_BOT_TOKEN": "-", "SLACK_BOT_TOKEN_FILE": link}))
	if want := "SLACK_BOT_TOKEN_FILE names a pipe or terminal that gave no value within 3 seconds"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Load() with a pipe that nobody writes to = %v, want %q", err, want)
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}

// TestNoFile asserts that what can't hold a value is refused.
func TestNoFile(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "m") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "s")
	socket, err := net.Listen("unix", path)
	if err != nil {
		t.Skipf("no sockets here: %v", err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	for path, want := range map[string]string{
		path:        "SLACK_BOT_TOKEN_FILE names a socket or a device, not a file",
		"/dev/null": "SLACK_BOT_TOKEN_FILE names an empty file",
		"/dev/zero": "SLACK_BOT_TOKEN_FILE names a file of more than",
	} {
		if _, err := config.Load(with(map[string]string{"SLACK_BOT_TOKEN": "-", "SLACK_BOT_TOKEN_FILE": path})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load() with %s = %v, want %q", path, err, want)
		}
	}
}
