package slacksim

import (
	"encoding/json"
	"maps"
	"slices"
)

// A Modal is the dialog that a person has open, a copy of the state at the time of the
// call.
type Modal struct {
	ID              string            `json:"id"`
	CallbackID      string            `json:"callback_id"`
	Title           string            `json:"title"`
	Submit          string            `json:"submit"`
	Close           string            `json:"close"`
	PrivateMetadata string            `json:"private_metadata"` // not visible to the person
	Blocks          []Block           `json:"blocks"`
	Errors          map[string]string `json:"errors"` // by block_id, from the app's answer to a submission
	Notice          string            `json:"notice"` // Slack's own words, after a submission that failed

	reader reader
}

// Plain returns all that the person sees in the modal, a line a block.
func (m Modal) Plain() string {
	text := m.Title + "\n" + m.reader.blocks(m.Blocks)
	for _, block := range sortedKeys(m.Errors) {
		text += "\n" + m.Errors[block]
	}
	if m.Notice != "" {
		text += "\n" + m.Notice
	}
	return text
}

// modal is a view in somebody's stack.
type modal struct {
	id, hash, user string
	view           view
	errors         map[string]string
	notice         string
	inputs         inputs
}

// view is what an app sends to be shown.
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

// wireView is a view as Slack sends it out.
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

// Modal returns the dialog that the user has in front of them.
func (s *Server) Modal(user string) (Modal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.front(user)
	if m == nil {
		return Modal{}, false
	}
	v := m.view
	return Modal{
		ID: m.id, CallbackID: v.CallbackID, Title: v.Title.Text, Submit: v.Submit.Text, Close: v.Close.Text,
		PrivateMetadata: v.PrivateMetadata, Blocks: slices.Clone(v.blocks),
		Errors: maps.Clone(m.errors), Notice: m.notice, reader: s.reader(user),
	}, true
}

// front is the topmost modal of the user's stack; nil if none is open. The lock is held.
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
		Title: v.raw["title"], Submit: v.raw["submit"], Close: v.raw["close"], Blocks: rawBlocks(v.blocks),
		CallbackID: v.CallbackID, ExternalID: v.ExternalID, PrivateMetadata: v.PrivateMetadata,
		ClearOnClose: v.ClearOnClose, NotifyOnClose: v.NotifyOnClose, Hash: m.hash,
		State: stateOf(v.blocks, m.inputs), RootViewID: m.id, InstalledTeamID: s.opts.TeamID,
	}
	stack := s.modals[m.user]
	if i := slices.Index(stack, m); i > 0 {
		w.RootViewID, w.PreviousViewID = stack[0].id, &stack[i-1].id
	}
	return w
}

// maxView is the size of a view in bytes.
const maxView = 250_000

// parseView checks a view against Slack's rules and decodes it. The lock is held.
func (s *Server) parseView(raw string) (view, error) {
	var v view
	if len(raw) > maxView {
		return v, refuse("view_too_large")
	}
	var tree map[string]any
	if json.Unmarshal([]byte(raw), &tree) != nil {
		return v, &apiError{code: "invalid_arguments", details: []string{"invalid `view` [json-pointer:/view]"}}
	}
	c := &checker{}
	modalShape().check(c, "/view", tree)
	blocks, _ := tree["blocks"].([]any)
	c.problems = append(c.problems, s.views.check(blocks)...)
	if tree["submit"] == nil && slices.ContainsFunc(blocks, isInput) {
		c.fail("/view/submit", "`submit` is required when there is an input block")
	}
	if len(c.problems) > 0 {
		return v, &apiError{code: "invalid_arguments", details: c.problems}
	}
	s.fillIDs(blocks)
	data := encode(tree)
	for _, target := range []any{&v, &v.raw} {
		if err := json.Unmarshal(data, target); err != nil {
			return v, err
		}
	}
	return v, json.Unmarshal(v.RawBlocks, &v.blocks)
}

func isInput(v any) bool {
	b, _ := v.(map[string]any)
	return b["type"] == "input"
}

// modalShape is what a modal may have, but for the rules inside its blocks.
func modalShape() shape {
	return shape{
		"type!": oneOf("modal"), "title!": plain(24), "submit": plain(24), "close": plain(24),
		"blocks!": list(0, maxViewBlocks, anything), "private_metadata": text(0, 3000),
		"callback_id": text(0, maxID), "external_id": text(0, maxID),
		"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean,
	}
}
