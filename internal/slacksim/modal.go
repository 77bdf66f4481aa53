package slacksim

import (
	"encoding/json"
	"maps"
	"slices"
)

// A Modal is the dialog that a person has open: a copy of the state at the time of the call.
type Modal struct {
	ID              string `json:"id"`
	CallbackID      string `json:"callback_id"`
	Title           string `json:"title"`
	Submit          string `json:"submit"`
	Close           string `json:"close"`
	PrivateMetadata string `json:"private_metadata"` // not visible to the person
	Layout
	Errors map[string]string `json:"errors"` // by block_id, from the app's response to a submission
	Notice string            `json:"notice"` // Slack's own message, after a submission that failed
}

// Plain returns everything that the person sees in the modal, one line per block.
func (m Modal) Plain() string {
	text := m.Title + "\n" + m.reader.blocks(m.Blocks)
	for _, block := range slices.Sorted(maps.Keys(m.Errors)) {
		text += "\n" + m.Errors[block]
	}
	if m.Notice != "" {
		text += "\n" + m.Notice
	}
	return text
}

// modal is a view in a person's stack, or their Home tab.
type modal struct {
	id, hash, user string
	view           view
	errors         map[string]string
	notice         string
	inputs         inputs
}

// view is a view as the app sends it.
//
// https://docs.slack.dev/reference/views/modal-views
type view struct {
	Type            string          `json:"type"`
	Title           Text            `json:"title"`
	Submit          Text            `json:"submit"`
	Close           Text            `json:"close"`
	CallbackID      string          `json:"callback_id"`
	ExternalID      string          `json:"external_id"`
	PrivateMetadata string          `json:"private_metadata"`
	ClearOnClose    bool            `json:"clear_on_close"`
	NotifyOnClose   bool            `json:"notify_on_close"`
	SubmitDisabled  bool            `json:"submit_disabled"`
	RawBlocks       json.RawMessage `json:"blocks"`

	blocks []Block
	raw    map[string]json.RawMessage
}

// wireView is a view as Slack sends it.
type wireView struct {
	ID              string            `json:"id"`
	TeamID          string            `json:"team_id"`
	AppID           string            `json:"app_id"`
	BotID           string            `json:"bot_id"`
	Type            string            `json:"type"`
	Title           json.RawMessage   `json:"title"`
	Submit          json.RawMessage   `json:"submit"` // null without one
	Close           json.RawMessage   `json:"close"`
	Blocks          []json.RawMessage `json:"blocks"`
	CallbackID      string            `json:"callback_id"`
	ExternalID      string            `json:"external_id"`
	PrivateMetadata string            `json:"private_metadata"`
	ClearOnClose    bool              `json:"clear_on_close"`
	NotifyOnClose   bool              `json:"notify_on_close"`
	State           *state            `json:"state"`
	Hash            string            `json:"hash"`
	RootViewID      string            `json:"root_view_id"`
	PreviousViewID  *string           `json:"previous_view_id"`
	InstalledTeamID string            `json:"app_installed_team_id"`
}

// Modal returns the user's topmost modal; false if none is open.
func (s *Server) Modal(user string) (Modal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.front(user)
	if m == nil {
		return Modal{}, false
	}
	return s.renderModal(m), true
}

// renderModal renders the modal as its user sees it. The lock is held.
func (s *Server) renderModal(m *modal) Modal {
	v := m.view
	return Modal{
		ID: m.id, CallbackID: v.CallbackID, Title: v.Title.Text, Submit: v.Submit.Text, Close: v.Close.Text,
		PrivateMetadata: v.PrivateMetadata, Layout: Layout{slices.Clone(v.blocks), s.reader(m.user).with(m.inputs)},
		Errors: maps.Clone(m.errors), Notice: m.notice,
	}
}

// front returns the user's topmost modal; nil if none is open. The lock is held.
func (s *Server) front(user string) *modal {
	stack := s.modals[user]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// wireView renders m as the API and payloads show it. The lock is held.
func (s *Server) wireView(m *modal) *wireView {
	v := m.view
	w := &wireView{
		ID: m.id, TeamID: s.opts.TeamID, AppID: s.opts.AppID, BotID: s.opts.BotID, Type: v.Type,
		Title: v.raw["title"], Submit: v.raw["submit"], Close: v.raw["close"], Blocks: append([]json.RawMessage{}, rawBlocks(v.blocks)...),
		CallbackID: v.CallbackID, ExternalID: v.ExternalID, PrivateMetadata: v.PrivateMetadata,
		ClearOnClose: v.ClearOnClose, NotifyOnClose: v.NotifyOnClose, Hash: m.hash,
		State: stateOf(v.blocks, m.inputs), RootViewID: m.id, InstalledTeamID: s.installedAt(),
	}
	stack := s.modals[m.user]
	if i := slices.Index(stack, m); i > 0 {
		w.RootViewID, w.PreviousViewID = stack[0].id, &stack[i-1].id
	}
	return w
}
