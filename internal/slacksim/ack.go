package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// acknowledgement is the only kind of message that a client sends.
//
// https://docs.slack.dev/apis/events-api/using-socket-mode#acknowledge
type acknowledgement struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}

// read handles acknowledgements until the connection ends.
func (k *socket) read() {
	k.conn.SetPongHandler(func(string) error {
		if !k.silent.Load() {
			k.lastPong.Store(time.Now().UnixNano())
		}
		return nil
	})
	answerPing := k.conn.PingHandler()
	k.conn.SetPingHandler(func(body string) error {
		if k.silent.Load() {
			return nil
		}
		return answerPing(body)
	})
	for {
		kind, data, err := k.conn.ReadMessage()
		if err != nil {
			k.recordPeerClose(err)
			return
		}
		if k.silent.Load() {
			continue
		}
		if !k.handleFrame(kind, data) {
			k.closeFrame(websocket.CloseMessageTooBig, fmt.Sprintf("Max frame length of %d has been exceeded", maxFrame))
			return
		}
	}
}

// recordPeerClose records that the app closed the connection, unless Slack closed it first.
func (k *socket) recordPeerClose(err error) {
	if k.ended() {
		return
	}
	code := websocket.CloseAbnormalClosure
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		code = closed.Code
	}
	k.s.record(Call{At: k.s.opts.Now(), Method: closedMethod, Token: "none", Status: code}, time.Now())
}

// handleFrame handles one message and reports whether to keep the connection.
func (k *socket) handleFrame(kind int, data []byte) bool {
	s := k.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(data) > maxFrame {
		s.violate("an acknowledgement of %d bytes: %d are allowed", len(data), maxFrame)
		return false
	}
	if k.split.takeSplit() {
		s.violate("a fragmented acknowledgement: Slack drops it")
		return true
	}
	var ack acknowledgement
	if kind != websocket.TextMessage || json.Unmarshal(data, &ack) != nil || ack.EnvelopeID == "" {
		s.violate("a frame that is not an acknowledgement")
		return true
	}
	e, ok := s.envelopes[ack.EnvelopeID]
	if !ok {
		s.violate("an acknowledgement of the unknown envelope %s", ack.EnvelopeID)
		return true
	}
	s.acknowledge(e, ack.Payload)
	return true
}
