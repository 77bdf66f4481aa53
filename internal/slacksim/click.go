package slacksim

import (
	"errors"
	"fmt"
)

// Errors of people who try what they can't.
var (
	ErrNotVisible = errors.New("slacksim: the user does not see this message")
	ErrNoElement  = errors.New("slacksim: the message has no such element now")
)

// ClickOptions tells buttons with the same action_id apart. Empty fields match all.
type ClickOptions struct {
	BlockID string `json:"block_id"`
	Value   string `json:"value"`
}

// Click is the user pressing a button of a message, a confirmation dialog included. It
// is an error if the user does not see the message, or if it has no such button now.
func (s *Server) Click(user string, ref Ref, actionID string, opts ClickOptions) (*Action, error) {
	return s.onMessage(user, ref, func(at place) (*Action, error) { return at.click(actionID, opts, s.stamp()) })
}

// ClickView is [Server.Click] in the user's Home tab or in the modal in front of them, by
// the view's id.
func (s *Server) ClickView(user, viewID, actionID string, opts ClickOptions) (*Action, error) {
	return s.onView(user, viewID, func(at place) (*Action, error) { return at.click(actionID, opts, s.stamp()) })
}

// Select is the user choosing in a menu, in radio buttons, in checkboxes, or filling an
// input of a message; values are the values of options, a user's id, a date
// (2026-12-01), a time (15:04) or a text. No values empty it. What was chosen goes along
// with the user's next click; it is sent at once where Slack would do so, that is for
// everything outside an input block and for input blocks with dispatch_action. Otherwise
// the action has ended with nothing sent.
func (s *Server) Select(user string, ref Ref, blockID, actionID string, values ...string) (*Action, error) {
	return s.onMessage(user, ref, func(at place) (*Action, error) { return s.selectIn(at, blockID, actionID, values) })
}

// SelectView is [Server.Select] in the user's Home tab or in the modal in front of them.
func (s *Server) SelectView(user, viewID, blockID, actionID string, values ...string) (*Action, error) {
	return s.onView(user, viewID, func(at place) (*Action, error) { return s.selectIn(at, blockID, actionID, values) })
}

// selectIn checks what Slack's client would not let a person choose. The lock is held.
func (s *Server) selectIn(at place, blockID, actionID string, values []string) (*Action, error) {
	if _, e, ok := findElement(at.blocks, blockID, actionID); ok {
		if err := s.offered(e, values); err != nil {
			return nil, err
		}
	}
	defer s.changed()
	return at.choose(blockID, actionID, values, s.stamp())
}

// offered is an error for whom a menu of people does not show. The lock is held.
func (s *Server) offered(e Element, values []string) error {
	if e.Type != "users_select" {
		return nil
	}
	for _, id := range values {
		if u := s.users[id]; id != "" && (u == nil || u.Deleted) {
			return fmt.Errorf("%w: nobody with the id %q", ErrNoElement, id)
		}
	}
	return nil
}
