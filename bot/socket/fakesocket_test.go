package socket_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// peer is Slack's end of one WebSocket.
type peer struct {
	*websocket.Conn
	f         *fakeSlack
	acks      []string // guarded by f.mu, like the rest
	pings     int
	closeCode int // 0 while open
	ended     bool
	writes    sync.Mutex
}

func (f *fakeSlack) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s := &peer{Conn: conn, f: f}
	conn.SetPingHandler(func(data string) error {
		f.update(func() { s.pings++ })
		return conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	f.mu.Lock()
	f.opened++
	n, greet, onOpen := f.opened, f.greet, f.onOpen
	f.mu.Unlock()
	if greet { // before the test sees the socket: hello comes first
		s.say(`{"type":"hello","num_connections":%d,"connection_info":{"app_id":"A1"},"debug_info":{"host":"h","approximate_connection_time":18060}}`, n)
	}
	f.update(func() { f.sockets = append(f.sockets, s) })
	if onOpen != nil {
		onOpen(s)
	}
	s.listen()
}

func (s *peer) listen() {
	for {
		_, data, err := s.ReadMessage()
		if err != nil {
			code := websocket.CloseAbnormalClosure
			if c, ok := err.(*websocket.CloseError); ok { //nolint:errorlint // gorilla returns it bare
				code = c.Code
			}
			s.f.update(func() { s.closeCode, s.ended = code, true })
			return
		}
		var ack struct {
			ID string `json:"envelope_id"`
		}
		if err := json.Unmarshal(data, &ack); err != nil || ack.ID == "" {
			s.f.t.Errorf("the bot sent %q, want an ack", data)
			continue
		}
		s.f.update(func() { s.acks = append(s.acks, ack.ID) })
	}
}

func (s *peer) say(format string, args ...any) {
	s.writes.Lock()
	defer s.writes.Unlock()
	_ = s.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...))
}

// command sends "/cancel-meeting text" in an envelope.
func (s *peer) command(envelopeID, text string) {
	s.say(`{"type":"slash_commands","envelope_id":%q,"accepts_response_payload":true,"payload":{"command":"/cancel-meeting","text":%q,`+
		`"user_id":"U1","team_id":"T1","channel_id":"C1","response_url":"%s/hook/%s","trigger_id":"1.2.3"}}`,
		envelopeID, text, s.f.URL, envelopeID)
}

// reset ends the TCP connection with a RST.
func (s *peer) reset() {
	_ = s.NetConn().(*net.TCPConn).SetLinger(0)
	_ = s.NetConn().Close()
}
