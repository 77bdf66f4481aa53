package slacksim

import (
	"time"

	"github.com/gorilla/websocket"
)

// Reasons in a disconnect frame.
const (
	ReasonWarning    = "warning"           // about ten seconds' notice
	ReasonRefresh    = "refresh_requested" // now
	ReasonDisabled   = "link_disabled"     // Socket Mode was switched off in the app's settings
	ReasonTooManyWSs = "too_many_websockets"
)

// Disconnect sends a disconnect frame on the oldest socket, or on all of them for
// [ReasonDisabled]. Slack keeps delivering there for a grace period before it closes the
// socket. Disconnect reports whether a socket was open.
func (s *Server) Disconnect(reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	grace := s.opts.RefreshGrace
	if reason == ReasonWarning {
		grace = s.opts.WarningGrace
	}
	chosen := s.sockets
	if reason != ReasonDisabled && len(chosen) > 1 {
		chosen = chosen[:1]
	}
	for _, k := range chosen {
		k.send(frame{Type: "disconnect", Reason: reason, DebugInfo: &debugInfo{Host: k.host}})
		s.wg.Go(func() { k.retire(grace) })
	}
	return len(chosen) > 0
}

// retire closes the socket after the grace period.
func (k *socket) retire(grace time.Duration) {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-timer.C:
		k.closeFrame(websocket.CloseNormalClosure, "")
		k.hangUp()
	case <-k.gone:
	}
}

// Ways to lose a connection.
const (
	DropFIN     = "fin"     // closed without a close frame
	DropRST     = "rst"     // reset
	DropSilence = "silence" // half open: no pings, nothing sent, nothing heard
)

// DropSocket loses the oldest socket. A silent one still gets its share of the envelopes
// until Slack gives up on it after [Options.PongTimeout]. It reports whether a socket was open.
func (s *Server) DropSocket(how string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		if k.silent.Load() {
			continue
		}
		switch how {
		case DropSilence:
			k.silent.Store(true)
		case DropRST:
			abort(k.raw)
			k.hangUp()
		default:
			k.hangUp()
		}
		return true
	}
	return false
}

// CloseNewSockets makes every new socket close right after the upgrade, before any hello.
func (s *Server) CloseNewSockets(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slamDoor = on
}
