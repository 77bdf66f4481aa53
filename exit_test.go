package main

import (
	"bytes"
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// TestExitWithoutTLS: a server without TLS, where DATABASE_URL requires it, is a
// configuration error. The message has the cause but not the password.
func TestExitWithoutTLS(t *testing.T) {
	t.Parallel()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	go func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 8)) // the request for TLS
			_, _ = conn.Write([]byte("N"))
			_ = conn.Close()
		}
	}()
	var stdout, stderr bytes.Buffer
	code := run(nil, []string{
		"SLACK_APP_TOKEN=xapp-1", "SLACK_BOT_TOKEN=xoxb-1", "MEETING_APP_ID=app", "MEETING_APP_KEY=key", "HTTP_ADDR=",
		"DATABASE_URL=postgres://bot:hunter2@" + server.Addr().String() + "/bot?sslmode=require",
	}, nil, &stdout, &stderr)
	log := stderr.String()
	if code != exitConfig || !strings.Contains(log, "check sslmode") || !strings.Contains(log, "refused TLS") || strings.Contains(log, "hunter2") {
		t.Errorf("exit code %d, %s want %d, the cause, and no password", code, log, exitConfig)
	}
}

// TestExitWithoutFolder: a database file in a missing folder is a configuration error.
func TestExitWithoutFolder(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	code := run(nil, []string{
		"SLACK_APP_TOKEN=xapp-1", "SLACK_BOT_TOKEN=xoxb-1", "MEETING_APP_ID=app", "MEETING_APP_KEY=key", "HTTP_ADDR=",
		"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "nowhere", "bot.db"),
	}, nil, &stdout, &stderr)
	if log := stderr.String(); code != exitConfig || !strings.Contains(log, "create the folder, or name another file") {
		t.Errorf("exit code %d, %s want %d, and what to do", code, log, exitConfig)
	}
}
