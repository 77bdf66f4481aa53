package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Errors for people using a modal.
var (
	ErrNoModal = errors.New("slacksim: the user has no modal open")
	ErrInput   = errors.New("slacksim: Slack does not let this be submitted")
)

// SubmitModal fills in the user's topmost modal and submits it. Values are keyed by
// block_id or action_id; options are given by value, several separated by commas. Input
// that Slack's client rejects is an [ErrInput] and isn't sent.
func (s *Server) SubmitModal(user string, values map[string]string) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.front(user)
	if m == nil {
		return nil, ErrNoModal
	}
	if err := m.fill(values, s.offered); err != nil {
		return nil, err
	}
	if m.view.Submit.Text == "" {
		return nil, fmt.Errorf("%w: the modal has no submit button", ErrInput)
	}
	m.errors, m.notice = nil, ""
	e := &envelope{kind: "interactive"}
	e.answered = func(payload json.RawMessage) { s.answerSubmission(m, payload) }
	e.failed = func(string) { m.notice = "We had some trouble connecting. Try again?" }
	return s.dispatch(e, func(string) any {
		in := s.interaction("view_submission", user)
		in.TriggerID = s.newTrigger(user)
		in.View = s.wireView(m)
		in.ResponseURLs = &[]struct{}{}
		return in
	}), nil
}

// CloseModal closes the user's topmost modal. The app is told only if it asked for that.
func (s *Server) CloseModal(user string) (*Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.front(user)
	if m == nil {
		return nil, ErrNoModal
	}
	closed := s.wireView(m)
	s.drop(m)
	if m.view.ClearOnClose {
		delete(s.modals, user)
	}
	if !m.view.NotifyOnClose {
		return said(Ref{}), nil
	}
	e := &envelope{kind: "interactive", failed: func(string) {}}
	return s.dispatch(e, func(string) any {
		in := s.interaction("view_closed", user)
		in.View, in.IsCleared = closed, new(bool)
		return in
	}), nil
}

// drop removes m from its stack.
func (s *Server) drop(m *modal) {
	s.modals[m.user] = slices.DeleteFunc(s.modals[m.user], func(other *modal) bool { return other == m })
	s.showModal(ShownClosed, m)
}

// fill sets the modal's inputs and checks them as Slack's client does.
func (m *modal) fill(values map[string]string, offered func(Element, []string) error) error {
	known := make(map[string]bool)
	for _, b := range m.view.blocks {
		for _, e := range b.Interactive() {
			for _, key := range []string{b.BlockID, e.ActionID} {
				known[key] = true
				value, given := values[key]
				if !given {
					continue
				}
				v, err := choose(e, splitValues(e, value))
				if err == nil {
					err = offered(e, []string{value})
				}
				if err != nil {
					return fmt.Errorf("%w: %w", ErrInput, err)
				}
				m.inputs[inputKey{b.BlockID, e.ActionID}] = v
			}
			if err := m.complete(b, e); err != nil {
				return err
			}
		}
	}
	for key := range values {
		if !known[key] {
			return fmt.Errorf("%w: there is no input %q", ErrInput, key)
		}
	}
	return nil
}

func splitValues(e Element, value string) []string {
	if value == "" || stateFields[e.Type] != "selected_options" {
		return []string{value}
	}
	return strings.Split(value, ",")
}

// complete checks that a required input is filled in, and its length.
func (m *modal) complete(b Block, e Element) error {
	if b.Type != "input" {
		return nil
	}
	v, ok := m.inputs[inputKey{b.BlockID, e.ActionID}]
	if !ok {
		v = initial(e)
	}
	if string(v.Raw) == "null" || string(v.Raw) == "[]" {
		if b.Optional {
			return nil
		}
		return fmt.Errorf("%w: %s: please complete this required field", ErrInput, b.BlockID)
	}
	if v.Name != "value" {
		return nil
	}
	var text string
	if err := json.Unmarshal(v.Raw, &text); err != nil {
		return err
	}
	n := utf8.RuneCountInString(text)
	if n < e.MinLength || e.MaxLength > 0 && n > e.MaxLength {
		return fmt.Errorf("%w: %s: %d characters, from %d to %d may be", ErrInput, b.BlockID, n, e.MinLength, e.MaxLength)
	}
	return nil
}

// submissionAnswer is the acknowledgement's payload for a submission.
//
// https://docs.slack.dev/surfaces/modals#response_actions
type submissionAnswer struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors"`
	View   json.RawMessage   `json:"view"`
}

// answerSubmission closes the modal or does what the app's response asks for. The lock is held.
func (s *Server) answerSubmission(m *modal, payload json.RawMessage) {
	var a submissionAnswer
	if len(payload) > 0 && json.Unmarshal(payload, &a) != nil {
		s.violate("the answer to a submission is no object: %.80s", payload)
		return
	}
	switch a.Action {
	case "":
		s.drop(m)
	case "clear":
		s.showModal(ShownClosed, m)
		delete(s.modals, m.user)
	case "errors":
		s.showErrors(m, a.Errors)
	case "update", "push":
		v, err := s.parseView(string(a.View), "modal")
		if err != nil {
			s.reject("response_action "+a.Action, err)
			return
		}
		if a.Action == "update" {
			s.replaceView(m, v)
			s.showModal(ShownModal, m)
			return
		}
		s.push(m.user, v)
	default:
		s.violate("unknown response_action %q", a.Action)
	}
}

// showErrors shows the app's errors under the modal's inputs. Each must name an input block.
func (s *Server) showErrors(m *modal, wrong map[string]string) {
	if len(wrong) == 0 {
		s.violate("response_action errors without errors")
	}
	for block := range wrong {
		if !slices.ContainsFunc(m.view.blocks, func(b Block) bool { return b.BlockID == block && b.Type == "input" }) {
			s.violate("response_action errors names %q, which is no input block", block)
		}
	}
	m.errors = wrong
	s.showModal(ShownModal, m)
}
