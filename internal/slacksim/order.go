package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// order tells a person what to do; each action uses some of the fields.
type order struct {
	Ref
	ClickOptions
	User       string            `json:"user"`
	ViewID     string            `json:"view_id"`
	Text       string            `json:"text"`
	Line       string            `json:"line"`
	ThreadTS   string            `json:"thread_ts"`
	ActionID   string            `json:"action_id"`
	CallbackID string            `json:"callback_id"`
	Values     []string          `json:"values"`
	Inputs     map[string]string `json:"inputs"`
}

func (s *Server) typeOrder(o order) (*Action, error) {
	if o.ThreadTS != "" {
		return s.TypeInThread(o.User, o.Channel, o.ThreadTS, o.Line), nil
	}
	return s.Type(o.User, o.Channel, o.Line), nil
}

func (s *Server) clickOrder(o order) (*Action, error) {
	if o.ViewID != "" {
		return s.ClickView(o.User, o.ViewID, o.ActionID, o.ClickOptions)
	}
	return s.Click(o.User, o.Ref, o.ActionID, o.ClickOptions)
}

func (s *Server) selectOrder(o order) (*Action, error) {
	if o.ViewID != "" {
		return s.SelectView(o.User, o.ViewID, o.BlockID, o.ActionID, o.Values...)
	}
	return s.Select(o.User, o.Ref, o.BlockID, o.ActionID, o.Values...)
}

func (s *Server) tickOrder(o order, on bool) (*Action, error) {
	if o.ViewID != "" {
		return s.TickView(o.User, o.ViewID, o.Text, on)
	}
	return s.Tick(o.User, o.Ref, o.Text, on)
}

// outcome is how an action ended.
type outcome struct {
	EnvelopeID string          `json:"envelope_id,omitempty"`
	Acked      bool            `json:"acked"`
	AckedAfter time.Duration   `json:"acked_after"` // nanoseconds
	Payload    json.RawMessage `json:"payload,omitempty"`
	Error      string          `json:"error,omitempty"`
	Ref        Ref             `json:"ref"`
}

// acted performs an action and waits for it to end.
func acted(act func(order) (*Action, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		return decoded(func(o order) (any, error) { return outcomeOf(r.Context(), o, act) })(r)
	}
}

func outcomeOf(ctx context.Context, o order, act func(order) (*Action, error)) (any, error) {
	a, err := act(o)
	if err != nil {
		return nil, err
	}
	select {
	case <-a.Done():
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return outcome{a.EnvelopeID(), a.Acked(), a.AckedAfter(), a.Payload(), a.Failure(), a.Ref()}, nil
}

// linkOrder changes the network; empty fields leave things as they are.
type linkOrder struct {
	Delay      *time.Duration `json:"delay"` // nanoseconds
	Disconnect string         `json:"disconnect"`
	Drop       string         `json:"drop"`
	Duplicate  *bool          `json:"duplicate"`
	Slam       *bool          `json:"slam"`
}

func (s *Server) link(o linkOrder) (any, error) {
	if o.Delay != nil {
		s.Delay(*o.Delay)
	}
	if o.Disconnect != "" {
		s.Disconnect(o.Disconnect)
	}
	if o.Drop != "" {
		s.DropSocket(o.Drop)
	}
	if o.Duplicate != nil {
		s.SetDuplicate(*o.Duplicate)
	}
	if o.Slam != nil {
		s.CloseNewSockets(*o.Slam)
	}
	return success{true}, nil
}

func decoded[T any](act func(T) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var in T
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			return nil, fmt.Errorf("decode the order: %w", err)
		}
		return act(in)
	}
}

// query returns a query parameter.
type query func(name string) string

func queried(look func(query) any) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) { return look(r.URL.Query().Get), nil }
}

// seenMessage is a message with the text, buttons and choices that its reader sees.
type seenMessage struct {
	Message
	Plain   string   `json:"plain"`
	Buttons []Button `json:"buttons"`
	Choices []Choice `json:"choices"`
}

func visible(messages []Message) []seenMessage {
	seen := make([]seenMessage, 0, len(messages))
	for _, m := range messages {
		seen = append(seen, seenMessage{m, m.Plain(), m.Buttons(), m.Choices()})
	}
	return seen
}

func (s *Server) modalOf(q query) any {
	m, open := s.Modal(q("user"))
	if !open {
		return nil
	}
	return struct {
		Modal
		Plain string `json:"plain"`
	}{m, m.Plain()}
}

func (s *Server) homeOf(q query) any {
	h, published := s.Home(q("user"))
	if !published {
		return nil
	}
	return struct {
		Home
		Plain   string   `json:"plain"`
		Buttons []Button `json:"buttons"`
		Choices []Choice `json:"choices"`
	}{h, h.Plain(), h.Buttons(), h.Choices()}
}

// startAt parses the index to continue a list from; anything malformed means the beginning.
func startAt(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// reply runs act and responds with its result or its error.
func reply(w http.ResponseWriter, r *http.Request, act func(*http.Request) (any, error)) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	out, err := act(r)
	if err != nil {
		w.WriteHeader(http.StatusUnprocessableEntity)
		out = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(out) // the caller may have hung up
}
