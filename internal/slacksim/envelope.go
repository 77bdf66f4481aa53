package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Errors that Slack shows to the person whose command or click failed.
const (
	ErrorTimeout  = "operation_timeout" // not acknowledged in time
	ErrorDispatch = "dispatch_failed"   // no socket was open
)

// envelope is one payload for the app and the state of its delivery.
type envelope struct {
	id, kind string
	payload  json.RawMessage
	action   *Action
	socket   *socket   // of the last delivery
	sent     time.Time // time of the last delivery
	attempts int
	retries  int // of an event
	acked    bool
	deadline *time.Timer
	retry    *time.Timer

	answered func(payload json.RawMessage) // handles the acknowledgement's payload; the lock is held
	failed   func(code string)             // tells the person; the lock is held
}

func (e *envelope) stop() {
	for _, t := range []*time.Timer{e.deadline, e.retry} {
		if t != nil {
			t.Stop()
		}
	}
}

// dispatch sends a payload on one live socket. build receives the base of the URLs in the
// payload. The lock is held.
func (s *Server) dispatch(e *envelope, build func(base string) any) *Action {
	e.id = s.mint("envelope-")
	e.action = newAction(e.id)
	k := s.nextSocket()
	if s.closed || k == nil && e.kind != eventKind {
		e.failed(ErrorDispatch)
		e.action.finish(ErrorDispatch)
		s.changed()
		return e.action
	}
	s.envelopes[e.id] = e
	if k == nil {
		e.payload = encode(build(""))
		s.retryEvent(e)
		return e.action
	}
	e.payload = encode(build(k.base))
	s.deliver(e, k)
	if s.duplicate {
		s.deliver(e, s.nextSocket())
	}
	s.startAckTimeout(e)
	if s.opts.RedeliverAfter > 0 && e.kind != eventKind {
		e.retry = time.AfterFunc(s.opts.RedeliverAfter, func() { s.retryDelivery(e) })
	}
	return e.action
}

// nextSocket rotates over the live sockets; it returns nil if there is none.
func (s *Server) nextSocket() *socket {
	for range s.sockets {
		s.turn++
		if k := s.sockets[s.turn%len(s.sockets)]; !k.ended() {
			return k
		}
	}
	return nil
}

// deliver sends the envelope on the socket, under a new id if [Server.SetFreshEnvelopes] is on.
func (s *Server) deliver(e *envelope, k *socket) {
	e.sent, e.socket = time.Now(), k
	accepts := e.kind != eventKind
	f := frame{Type: e.kind, EnvelopeID: e.id, Payload: e.payload, AcceptsResponsePayload: &accepts}
	if e.attempts > 0 && !s.duplicate {
		f.RetryAttempt, f.RetryReason = &e.attempts, "timeout"
	}
	if e.kind == eventKind {
		f.RetryAttempt = &e.retries
	}
	if e.attempts > 0 && s.freshIDs {
		f.EnvelopeID = s.mint("envelope-")
		s.envelopes[f.EnvelopeID] = e
	}
	k.send(f)
	e.attempts++
}

// giveUp tells the person that the app didn't acknowledge in time. Events are sent again
// instead.
func (s *Server) giveUp(e *envelope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.acked || s.closed {
		return
	}
	s.recordLate(e)
	if e.kind == eventKind {
		s.retryEvent(e)
		return
	}
	e.failed(ErrorTimeout)
	e.action.finish(ErrorTimeout)
	s.changed()
}

// maxAttempts limits the redeliveries of an envelope.
const maxAttempts = 4

// retryDelivery redelivers an unacknowledged envelope and schedules the next attempt.
func (s *Server) retryDelivery(e *envelope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.acked || s.closed || e.attempts >= maxAttempts {
		return
	}
	if k := s.nextSocket(); k != nil {
		s.deliver(e, k)
	}
	e.retry = time.AfterFunc(s.opts.RedeliverAfter, func() { s.retryDelivery(e) })
}

// acknowledge handles an acknowledgement. Only the first one counts. A late one is a
// violation and changes nothing for the person. The lock is held.
func (s *Server) acknowledge(e *envelope, payload json.RawMessage) {
	if late := time.Since(e.sent); late > s.opts.AckTimeout {
		s.violate("envelope %s (%s) was acknowledged after %s", e.id, e.kind, late.Round(time.Millisecond))
	}
	if string(payload) == "null" {
		payload = nil
	}
	if e.kind == eventKind && len(payload) > 0 {
		s.violate("envelope %s (%s) was acknowledged with a payload: it accepts none", e.id, e.kind)
	}
	if e.acked {
		return
	}
	e.acked = true
	e.stop()
	if e.action.Failure() == "" && e.answered != nil {
		e.answered(payload)
	}
	e.action.acknowledged(payload)
	s.changed()
}

// ErrUnknownEnvelope is returned for an envelope that was never sent.
var ErrUnknownEnvelope = errors.New("slacksim: unknown envelope")

// Redeliver sends the envelope on a live socket once more, acknowledged or not.
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

// SetDuplicate makes every envelope arrive twice, on two sockets if there are two.
func (s *Server) SetDuplicate(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.duplicate = on
}

// SetFreshEnvelopes makes every redelivery of a payload use a new envelope id, as Slack has
// been seen to do. Acknowledging any of them is enough.
func (s *Server) SetFreshEnvelopes(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.freshIDs = on
}
