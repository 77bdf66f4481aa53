package database

import (
	"net"
	"strings"
	"testing"
	"time"
)

// TestWires: only what has brought nothing since is closed.
func TestWires(t *testing.T) {
	t.Parallel()
	ws := &wires{open: map[*wire]bool{}}
	pipe := func() (*wire, net.Conn) {
		here, there := net.Pipe()
		w := &wire{Conn: here, of: ws, last: time.Now()}
		ws.open[w] = true
		return w, there
	}
	silent, _ := pipe()
	silent.last = silent.last.Add(-time.Second) // some clocks are coarse
	loud, there := pipe()
	since := time.Now()
	go func() { _, _ = there.Write([]byte("x")) }()
	if n, err := loud.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Fatal(err)
	}
	if n := ws.closeSilent(since); n != 1 {
		t.Errorf("closeSilent() = %d, want 1", n)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("the silent one is open")
	}
	go func() { _, _ = there.Write([]byte(strings.Repeat("x", 1))) }()
	if n, err := loud.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("Read() = %d, %v of one that was heard", n, err)
	}
	if err := loud.Close(); err != nil || len(ws.open) != 0 {
		t.Errorf("Close() = %v, %d are left", err, len(ws.open))
	}
}
