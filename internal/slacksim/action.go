package slacksim

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// An Action is something that a person did. It ends when the app acknowledges it or when
// Slack gives up on it; if it doesn't concern the app, it ends at once.
type Action struct {
	envelopeID string
	start      time.Time
	done       chan struct{}

	mu         sync.Mutex
	ref        Ref
	finished   bool
	acked      bool
	ackedAfter time.Duration
	payload    json.RawMessage
	code       string
}

func newAction(envelopeID string) *Action {
	return &Action{envelopeID: envelopeID, start: time.Now(), done: make(chan struct{})}
}

// refused returns an action that Slack itself rejected.
func refused(code string) *Action {
	a := newAction("")
	a.finish(code)
	return a
}

// said returns the finished action of writing a message.
func said(ref Ref) *Action {
	a := newAction("")
	a.ref = ref
	a.finish("")
	return a
}

func (a *Action) finish(code string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.code = code
	a.end()
}

func (a *Action) acknowledged(payload json.RawMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.acked, a.ackedAfter, a.payload = true, time.Since(a.start), payload
	a.end()
}

func (a *Action) end() {
	if !a.finished {
		a.finished = true
		close(a.done)
	}
}

// EnvelopeID is the id of the envelope sent to the app; empty if none was sent.
func (a *Action) EnvelopeID() string { return a.envelopeID }

// Done is closed when the action has ended.
func (a *Action) Done() <-chan struct{} { return a.done }

// Wait waits for the action to end. It returns nil if the app acknowledged it or wasn't
// involved, an [ActionError] if Slack gave up, or the cause of ctx's end.
func (a *Action) Wait(ctx context.Context) error {
	select {
	case <-a.done:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if code := a.Failure(); code != "" {
		return ActionError(code)
	}
	return nil
}

// An ActionError is Slack's error code for an action that failed.
type ActionError string

func (e ActionError) Error() string { return "slack: " + string(e) }

// Acked reports whether the app acknowledged the action, in time or late.
func (a *Action) Acked() bool { a.mu.Lock(); defer a.mu.Unlock(); return a.acked }

// AckedAfter is the time from the action to its acknowledgement; zero if there was none.
func (a *Action) AckedAfter() time.Duration { a.mu.Lock(); defer a.mu.Unlock(); return a.ackedAfter }

// Payload is the payload of the acknowledgement; nil for a bare one.
func (a *Action) Payload() json.RawMessage { a.mu.Lock(); defer a.mu.Unlock(); return a.payload }

// Failure is Slack's error, for instance [ErrorTimeout]; empty if there was none.
func (a *Action) Failure() string { a.mu.Lock(); defer a.mu.Unlock(); return a.code }

// Ref is the message that a person wrote; zero for any other action.
func (a *Action) Ref() Ref { a.mu.Lock(); defer a.mu.Unlock(); return a.ref }
