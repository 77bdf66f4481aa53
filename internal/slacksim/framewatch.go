package slacksim

import (
	"bufio"
	"net"
	"net/http"
)

// frameWatch follows the bytes that a client sends and notices when a message comes in
// several frames, which the WebSocket library hides.
type frameWatch struct {
	conn   net.Conn
	head   []byte // of the frame being read
	skip   uint64 // bytes of its payload still to come
	split  bool   // a fragment was seen since takeSplit
	inside bool   // the message continues in the next frame
}

// takeSplit reports whether the message just read was fragmented. Only the reading
// goroutine calls it.
func (f *frameWatch) takeSplit() bool {
	split := f.split
	f.split = f.inside
	return split
}

// see parses bytes as they arrive.
func (f *frameWatch) see(data []byte) {
	for len(data) > 0 {
		if f.skip > 0 {
			n := min(f.skip, uint64(len(data)))
			f.skip -= n
			data = data[n:]
			continue
		}
		f.head = append(f.head, data[0])
		data = data[1:]
		if len(f.head) >= 2 && len(f.head) == headLength(f.head) {
			f.handleHeader()
		}
	}
}

// headLength returns the length of a frame's header, given its first two bytes (RFC 6455, 5.2).
func headLength(head []byte) int {
	n := 2
	switch head[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if head[1]&0x80 != 0 {
		n += 4
	}
	return n
}

// handleHeader handles a complete header.
func (f *frameWatch) handleHeader() {
	final, opcode := f.head[0]&0x80 != 0, f.head[0]&0x0f
	length := uint64(f.head[1] & 0x7f)
	switch length {
	case 126:
		length = uint64(f.head[2])<<8 | uint64(f.head[3])
	case 127:
		length = 0
		for _, b := range f.head[2:10] {
			length = length<<8 | uint64(b)
		}
	}
	f.head, f.skip = f.head[:0], length
	if opcode < 8 && (!final || opcode == 0) { // control frames are never split
		f.split = true
		f.inside = !final
	}
}

// watched gives the upgrader a connection whose incoming bytes pass through the watch.
type watched struct {
	http.ResponseWriter
	watch *frameWatch
}

// Hijack is [http.Hijacker].
func (w watched) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.watch.conn = conn
	return watchedConn{conn, w.watch}, buffered, nil
}

type watchedConn struct {
	net.Conn
	watch *frameWatch
}

// Read is [net.Conn].
func (c watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.watch.see(p[:n])
	return n, err
}
