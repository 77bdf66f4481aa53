package slacksim

import (
	"errors"
	"fmt"
)

// Errors for people who try to use what they can't see.
var (
	ErrNotVisible = errors.New("slacksim: the user does not see this message")
	ErrNoElement  = errors.New("slacksim: the message has no such element now")
)

// ClickOptions tells apart buttons that share an action_id. Empty fields match anything.
type ClickOptions struct {
	BlockID string `json:"block_id"`
	Value   string `json:"value"`
	Earlier bool   `json:"earlier"` // also a button of an earlier version of the message, which the user's Slack still shows
}

// Click presses a button of a message as the user, and confirms the dialog if there is one. It
// fails if the user doesn't see the message or it has no such button.
func (s *Server) Click(user string, ref Ref, actionID string, opts ClickOptions) (*Action, error) {
	return s.onMessage(user, ref, func(at place) (*Action, error) { return at.click(actionID, opts, s.stamp()) })
}

// ClickView is [Server.Click] in the user's Home tab or topmost modal, by the view's id.
func (s *Server) ClickView(user, viewID, actionID string, opts ClickOptions) (*Action, error) {
	return s.onView(user, viewID, func(at place) (*Action, error) { return at.click(actionID, opts, s.stamp()) })
}

// Select chooses in a menu, radio buttons or checkboxes of a message as the user, or fills
// in an input. Values are option values, a user id, a date (2026-12-01), a time (15:04) or
// text; no values clear it. The choice is part of the state sent with the user's next
// click. Like Slack, Select also sends it at once for everything outside an input block
// and for input blocks with dispatch_action; otherwise the action ends with nothing sent.
func (s *Server) Select(user string, ref Ref, blockID, actionID string, values ...string) (*Action, error) {
	return s.onMessage(user, ref, func(at place) (*Action, error) { return s.selectIn(at, blockID, actionID, values) })
}

// SelectView is [Server.Select] in the user's Home tab or topmost modal.
func (s *Server) SelectView(user, viewID, blockID, actionID string, values ...string) (*Action, error) {
	return s.onView(user, viewID, func(at place) (*Action, error) { return s.selectIn(at, blockID, actionID, values) })
}

// selectIn rejects what Slack's client doesn't offer, then chooses. The lock is held.
func (s *Server) selectIn(at place, blockID, actionID string, values []string) (*Action, error) {
	if _, e, ok := at.find(blockID, actionID); ok {
		if err := s.offered(e, values); err != nil {
			return nil, err
		}
	}
	defer s.changed()
	return at.choose(blockID, actionID, values, s.stamp())
}

// offered returns an error for ids that a menu of people doesn't list. The lock is held.
func (s *Server) offered(e Element, values []string) error {
	if e.Type != "users_select" {
		return nil
	}
	for _, id := range values {
		if u := s.users[id]; id != "" && (u == nil || u.Deleted) {
			return fmt.Errorf("%w: no user with the id %q", ErrNoElement, id)
		}
	}
	return nil
}
