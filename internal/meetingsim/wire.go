package meetingsim

import (
	"net"
	"net/http"
	"strconv"
)

// writeReply sends all headers of the reply and n bytes of its body.
func (s *Server) writeReply(w http.ResponseWriter, c *call, r reply, n int) {
	h := w.Header()
	h.Set("Server", "api-gateway")
	h.Set("X-Request-Id", c.id)
	// The vendor spells this header in lower case with underscores.
	h["http_proxy_id"] = []string{s.serviceID}
	h.Set("Content-Type", "application/json;charset=UTF-8")
	for k, v := range r.header {
		h.Set(k, v)
	}
	h.Set("Content-Length", strconv.Itoa(len(r.body)))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body[:n]) // the caller may have hung up
}

// reset resets the TCP connection or, if it can't be hijacked, aborts the response.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
