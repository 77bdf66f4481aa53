package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Errors that Slack shows to the person whose command or click came to nothing.
const (
	ErrorTimeout  = "operation_timeout" // not acknowledged in time
	ErrorDispatch = "dispatch_failed"   // no socket was open
)

// envelope is one payload on its way to the app.
type envelope struct {
	id, kind string
	payload  json.RawMessage
	action   *Action
	socket   *socket   // that it was sent on last
	sent     time.Time // the last time
	attempts int
	acked    bool
	deadline *time.Timer
	retry    *time.Timer

	answered func(payload json.RawMessage) // takes the payload of the acknowledgement
	failed   func(code string)             // tells the person; the lock is held in both
}

func (e *envelope) stop() {
	for _, t := range []*time.Timer{e.deadline, e.retry} {
		if t != nil {
			t.Stop()
		}
	}
}

// dispatch sends a payload to one live socket. build gets the base of the URLs in it. The
// lock is held.
func (s *Server) dispatch(e *envelope, build func(base string) any) *Action {
	e.id = s.mint("envelope-")
	e.action = newAction(e.id)
	k := s.nextSocket()
	if k == nil || s.closed {
		e.failed(ErrorDispatch)
		e.action.finish(ErrorDispatch)
		s.changed()
		return e.action
	}
	e.payload = encode(build(k.base))
	s.envelopes[e.id] = e
	s.deliver(e, k)
	if s.duplicate {
		s.deliver(e, s.nextSocket())
	}
	e.deadline = time.AfterFunc(s.opts.AckTimeout, func() { s.giveUp(e) })
	if s.opts.RedeliverAfter > 0 {
		e.retry = time.AfterFunc(s.opts.RedeliverAfter, func() { s.again(e) })
	}
	return e.action
}

// nextSocket rotates over the live sockets; nil if there is none.
func (s *Server) nextSocket() *socket {
	for range s.sockets {
		s.turn++
		if k := s.sockets[s.turn%len(s.sockets)]; !k.ended() {
			return k
		}
	}
	return nil
}

func (s *Server) deliver(e *envelope, k *socket) {
	e.sent, e.socket = time.Now(), k
	f := frame{Type: e.kind, EnvelopeID: e.id, Payload: e.payload, AcceptsResponsePayload: true}
	if e.attempts > 0 && !s.duplicate {
		f.RetryAttempt, f.RetryReason = e.attempts, "timeout"
	}
	e.attempts++
	k.send(f)
}

// giveUp tells the person that the app did not answer in time.
func (s *Server) giveUp(e *envelope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.acked || s.closed {
		return
	}
	if slices.Contains(s.sockets, e.socket) { // else the app may be dead, which is no fault of its own
		s.violate("envelope %s (%s) was not acknowledged within %s", e.id, e.kind, s.opts.AckTimeout)
	}
	e.failed(ErrorTimeout)
	e.action.finish(ErrorTimeout)
	s.changed()
}

// maxAttempts bounds the redeliveries of an envelope.
const maxAttempts = 4

// again redelivers an envelope that nobody has acknowledged, and comes back.
func (s *Server) again(e *envelope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.acked || s.closed || e.attempts >= maxAttempts {
		return
	}
	if k := s.nextSocket(); k != nil {
		s.deliver(e, k)
	}
	e.retry = time.AfterFunc(s.opts.RedeliverAfter, func() { s.again(e) })
}

// acknowledge takes an acknowledgement. The first decides; one that comes late is a
// violation and changes nothing for the person. The lock is held.
func (s *Server) acknowledge(e *envelope, payload json.RawMessage) {
	if late := time.Since(e.sent); late > s.opts.AckTimeout {
		s.violate("envelope %s (%s) was acknowledged after %s", e.id, e.kind, late.Round(time.Millisecond))
	}
	if e.acked {
		return
	}
	e.acked = true
	e.stop()
	if string(payload) == "null" {
		payload = nil
	}
	if e.action.Failure() == "" && e.answered != nil {
		e.answered(payload)
	}
	e.action.acknowledged(payload)
	s.changed()
}

// ErrUnknownEnvelope is returned for an envelope that was never sent.
var ErrUnknownEnvelope = errors.New("slacksim: unknown envelope")

// Redeliver sends the envelope once more, acknowledged or not, to a live socket.
func (s *Server) Redeliver(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.envelopes[id]
	if !ok {
		return fmt.Errorf("%w %q", ErrUnknownEnvelope, id)
	}
	k := s.nextSocket()
	if k == nil {
		return errors.New("slacksim: no socket is open")
	}
	s.deliver(e, k)
	return nil
}

// SetDuplicate makes every envelope arrive twice, on two sockets where there are two.
func (s *Server) SetDuplicate(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.duplicate = on
}
