package database

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// wires tracks the open network connections to PostgreSQL.
type wires struct {
	mu   sync.Mutex // guards open, and last of each
	open map[*wire]bool
}

// A wire is a network connection that remembers when it last received anything.
type wire struct {
	net.Conn
	of   *wires
	last time.Time
}

// dial wraps d so that ws tracks the connections it opens.
func (ws *wires) dial(d pgconn.DialFunc) pgconn.DialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := d(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		w := &wire{Conn: c, of: ws, last: time.Now()}
		ws.mu.Lock()
		defer ws.mu.Unlock()
		ws.open[w] = true
		return w, nil
	}
}

// Read reads, and records when.
func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 {
		w.of.mu.Lock()
		defer w.of.mu.Unlock()
		w.last = time.Now()
	}
	return n, err
}

// Close closes the connection. Closing it again does nothing.
func (w *wire) Close() error {
	w.of.mu.Lock()
	delete(w.of.open, w)
	w.of.mu.Unlock()
	return w.Conn.Close()
}

// closeSilent closes every connection that has received nothing since the given time, and
// returns how many it closed. The pool notices and opens new ones.
func (ws *wires) closeSilent(since time.Time) int {
	var silent []*wire
	ws.mu.Lock()
	for w := range ws.open {
		if w.last.Before(since) {
			silent = append(silent, w)
		}
	}
	ws.mu.Unlock()
	for _, w := range silent {
		_ = w.Close() // it was given up, so the error doesn't matter
	}
	return len(silent)
}
