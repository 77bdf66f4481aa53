package slacksim

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Limits of Socket Mode.
const (
	maxSockets = 10    // of one app
	maxFrame   = 20480 // bytes that a client may send in one frame
)

// connectionOpened is the response of apps.connections.open.
type connectionOpened struct {
	success
	URL string `json:"url"`
}

// openConnection is https://docs.slack.dev/reference/methods/apps.connections.open.
func openConnection(c *call) (any, error) {
	s := c.s
	ticket := s.mint("ticket-")
	s.tickets[ticket] = s.opts.Now()
	base := s.base(c.r)
	url := "ws" + strings.TrimPrefix(base, "http") + "/link/?ticket=" + ticket + "&app_id=" + s.opts.AppID
	return connectionOpened{success{true}, url}, nil
}

// base returns the scheme and host that the request's sender uses for this server.
func (s *Server) base(r *http.Request) string {
	if s.opts.BaseURL != "" {
		return s.opts.BaseURL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// frame is a message from Slack on a socket.
type frame struct {
	Type           string          `json:"type"`
	NumConnections int             `json:"num_connections,omitempty"`
	Reason         string          `json:"reason,omitempty"`
	DebugInfo      *debugInfo      `json:"debug_info,omitempty"`
	ConnectionInfo *connectionInfo `json:"connection_info,omitempty"`

	EnvelopeID             string          `json:"envelope_id,omitempty"`
	Payload                json.RawMessage `json:"payload,omitempty"`
	AcceptsResponsePayload *bool           `json:"accepts_response_payload,omitempty"`
	RetryAttempt           *int            `json:"retry_attempt,omitempty"`
	RetryReason            string          `json:"retry_reason,omitempty"`
}

type debugInfo struct {
	Host                      string `json:"host"`
	Started                   string `json:"started,omitempty"`
	BuildNumber               int    `json:"build_number,omitempty"`
	ApproximateConnectionTime int    `json:"approximate_connection_time,omitempty"`
}

type connectionInfo struct {
	AppID string `json:"app_id"`
}

// lifetime is how long Slack says a connection will last, in seconds.
const lifetime = 18060

// socket is one open connection of the app.
type socket struct {
	s    *Server
	conn *websocket.Conn
	raw  net.Conn
	base string // the URL that its peer uses for this server
	host string // Slack's own name for its end
	out  chan []byte
	gone chan struct{}
	once sync.Once

	split    *frameWatch
	lastPong atomic.Int64 // unix nanoseconds
	silent   atomic.Bool  // half open: nothing is sent or heard
}

// serveSocket upgrades a connection that has a valid ticket.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	upgraded := false
	s.answer(w, r, Call{Method: socketMethod, Token: "none"}, func() response {
		if !s.punch(r.URL.Query().Get("ticket")) {
			return response{status: http.StatusUnauthorized, kind: "text/plain", err: "invalid_ticket"}
		}
		upgraded = true
		return response{status: http.StatusSwitchingProtocols}
	})
	if !upgraded {
		return
	}
	watch := &frameWatch{}
	up := websocket.Upgrader{
		ReadBufferSize: 4096, WriteBufferSize: 4096, // small, so that all bytes pass the watch
		CheckOrigin: func(*http.Request) bool { return true },
	}
	conn, err := up.Upgrade(watched{w, watch}, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	k := &socket{s: s, conn: conn, raw: watch.conn, base: s.base(r), split: watch, out: make(chan []byte, 256), gone: make(chan struct{})}
	if s.admit(k) {
		k.run()
	}
}

// punch uses up the ticket and reports whether it was valid.
func (s *Server) punch(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	bought, ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	return ok && s.opts.Now().Sub(bought) <= s.opts.TicketLife
}

// admit greets the socket with hello, or turns it away.
func (s *Server) admit(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened++
	k.host = s.mint("applink-")
	k.lastPong.Store(time.Now().UnixNano())
	switch {
	case s.closed, s.slamDoor:
		_ = k.conn.Close()
		return false
	case len(s.sockets) >= maxSockets:
		s.violate("socket number %d: an app may have %d", len(s.sockets)+1, maxSockets)
		s.wg.Go(k.turnAway) // a peer that doesn't read must not block us while we hold the lock
		return false
	}
	s.sockets = append(s.sockets, k)
	s.wg.Add(1)
	k.send(frame{
		Type: "hello", NumConnections: len(s.sockets), ConnectionInfo: &connectionInfo{AppID: s.opts.AppID},
		DebugInfo: &debugInfo{
			Host: k.host, Started: s.opts.Now().UTC().Format(time.DateTime + ".000"),
			BuildNumber: 10, ApproximateConnectionTime: lifetime,
		},
	})
	s.changed()
	return true
}

// turnAway tells the peer of a socket over the limit why it is closed.
func (k *socket) turnAway() {
	_ = k.conn.SetWriteDeadline(time.Now().Add(time.Second))
	_ = k.conn.WriteJSON(frame{Type: "disconnect", Reason: ReasonTooManyWSs, DebugInfo: &debugInfo{Host: k.host}})
	k.closeFrame(websocket.CloseNormalClosure, "")
	k.hangUp()
}

// run serves the socket until it ends.
func (k *socket) run() {
	defer k.s.wg.Done()
	var writing sync.WaitGroup
	writing.Go(k.write)
	k.read()
	k.hangUp()
	writing.Wait()
	k.s.forget(k)
}

// forget takes the socket out of the rotation. Calling it twice is harmless.
func (s *Server) forget(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.sockets, k); i >= 0 {
		s.sockets = append(s.sockets[:i:i], s.sockets[i+1:]...)
		s.changed()
	}
}

// send queues f for the peer. A peer that has stopped reading loses its connection.
func (k *socket) send(f frame) {
	select {
	case k.out <- encode(f):
	default:
		k.hangUp()
	}
}

// write sends queued frames and pings.
func (k *socket) write() {
	ticker := time.NewTicker(k.s.opts.PingInterval)
	defer ticker.Stop()
	for {
		var err error
		select {
		case data := <-k.out:
			if !k.silent.Load() {
				_ = k.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
				err = k.conn.WriteMessage(websocket.TextMessage, data)
			}
		case <-ticker.C:
			err = k.ping()
		case <-k.gone:
			return
		}
		if err != nil {
			k.hangUp()
			return
		}
	}
}

// ping returns an error if the peer has not answered a ping for too long.
func (k *socket) ping() error {
	if silence := time.Since(time.Unix(0, k.lastPong.Load())); silence > k.s.opts.PongTimeout {
		return websocket.ErrCloseSent
	}
	if k.silent.Load() {
		return nil
	}
	return k.conn.WriteControl(websocket.PingMessage, []byte("Ping from "+k.host), time.Now().Add(time.Second))
}

// hangUp closes the connection without a close frame. Calling it twice is harmless.
func (k *socket) hangUp() {
	k.once.Do(func() {
		close(k.gone)
		_ = k.conn.Close()
	})
}

// ended reports whether the connection is closed on this side.
func (k *socket) ended() bool {
	select {
	case <-k.gone:
		return true
	default:
		return false
	}
}

// closeFrame sends a close frame.
func (k *socket) closeFrame(code int, text string) {
	_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
}

// Connections returns the number of open sockets.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Opened returns how many sockets were ever opened. The sockets of a killed program
// count as open for a moment, so this is how to tell that a new program has connected.
func (s *Server) Opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}
