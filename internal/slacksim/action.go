package slacksim

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// An Action is something that a person did. It ends when the app has acknowledged it,
// when Slack has given up on it, or at once if it doesn't concern the app.
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

// refused returns an action that Slack itself refuses.
func refused(code string) *Action {
	a := newAction("")
	a.finish(code)
	return a
}

// said returns the action of having written a message.
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

// EnvelopeID is the id under which it was sent to the app; empty if it was not.
func (a *Action) EnvelopeID() string { return a.envelopeID }

// Done is closed when the action has ended.
func (a *Action) Done() <-chan struct{} { return a.done }

// Wait waits for the action to end. It returns nil if the app acknowledged it or was
// not concerned, an [ActionError] if Slack gave up, or the cause of ctx's end.
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

// An ActionError is Slack's word for why an action came to nothing.
type ActionError string

func (e ActionError) Error() string { return "slack: " + string(e) }

// Acked reports whether the app acknowledged, in time or late.
func (a *Action) Acked() bool { a.mu.Lock(); defer a.mu.Unlock(); return a.acked }

// AckedAfter is the time from the act to the acknowledgement; zero without one.
func (a *Action) AckedAfter() time.Duration { a.mu.Lock(); defer a.mu.Unlock(); return a.ackedAfter }

// Payload is the payload of the acknowledgement; nil for a bare one.
func (a *Action) Payload() json.RawMessage { a.mu.Lock(); defer a.mu.Unlock(); return a.payload }

// Failure is Slack's error, for instance [ErrorTimeout]; empty if there was none.
func (a *Action) Failure() string { a.mu.Lock(); defer a.mu.Unlock(); return a.code }

// Ref is the message that a person wrote; zero for all other actions.
func (a *Action) Ref() Ref { a.mu.Lock(); defer a.mu.Unlock(); return a.ref }
