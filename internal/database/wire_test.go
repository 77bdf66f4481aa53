package database

import (
	"net"
	"testing"
	"time"
)

// TestCloseSilent: only connections that have received nothing since are closed.
func TestCloseSilent(t *testing.T) {
	t.Parallel()
	ws := &wires{open: map[*wire]bool{}}
	pipe := func() (*wire, net.Conn) {
		local, remote := net.Pipe()
		w := &wire{Conn: local, of: ws, last: time.Now()}
		ws.open[w] = true
		return w, remote
	}
	silent, _ := pipe()
	silent.last = silent.last.Add(-time.Second) // some clocks are coarse
	active, remote := pipe()
	since := time.Now()
	go func() { _, _ = remote.Write([]byte("x")) }()
	if n, err := active.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Fatal(err)
	}
	if n := ws.closeSilent(since); n != 1 {
		t.Errorf("closeSilent() = %d, want 1", n)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("the silent connection is still open")
	}
	go func() { _, _ = remote.Write([]byte("x")) }()
	if n, err := active.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("Read() of the active connection = %d, %v", n, err)
	}
	if err := active.Close(); err != nil || len(ws.open) != 0 {
		t.Errorf("Close() = %v, %d are left", err, len(ws.open))
	}
}
