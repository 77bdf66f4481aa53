package slacksim

import (
	"encoding/json"
	"strings"
)

// slashPayload is the payload of a slash command.
//
// https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling
type slashPayload struct {
	Token               string `json:"token"`
	TeamID              string `json:"team_id"`
	TeamDomain          string `json:"team_domain"`
	ChannelID           string `json:"channel_id"`
	ChannelName         string `json:"channel_name"`
	UserID              string `json:"user_id"`
	UserName            string `json:"user_name"`
	Command             string `json:"command"`
	Text                string `json:"text"`
	APIAppID            string `json:"api_app_id"`
	EnterpriseID        string `json:"enterprise_id,omitempty"`
	EnterpriseName      string `json:"enterprise_name,omitempty"`
	IsEnterpriseInstall string `json:"is_enterprise_install"` // a string here, a boolean elsewhere
	ResponseURL         string `json:"response_url"`
	TriggerID           string `json:"trigger_id"`
}

// interaction is the payload of a click, a shortcut or a modal; each uses some of the fields.
//
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type                string          `json:"type"`
	Token               string          `json:"token"`
	APIAppID            string          `json:"api_app_id"`
	Team                *payloadTeam    `json:"team"` // null for an organisation's installation
	User                payloadUser     `json:"user"`
	Enterprise          *payloadOrg     `json:"enterprise"` // null outside a grid
	IsEnterpriseInstall bool            `json:"is_enterprise_install"`
	TriggerID           string          `json:"trigger_id,omitempty"`
	Channel             *payloadChannel `json:"channel,omitempty"`
	Container           *container      `json:"container,omitempty"`
	Message             *wireMessage    `json:"message,omitempty"`
	MessageTS           string          `json:"message_ts,omitempty"`
	ActionTS            string          `json:"action_ts,omitempty"`
	CallbackID          string          `json:"callback_id,omitempty"`
	ResponseURL         string          `json:"response_url,omitempty"`
	ResponseURLs        *[]struct{}     `json:"response_urls,omitempty"` // of view_submission
	State               *state          `json:"state,omitempty"`
	Actions             []usedElement   `json:"actions,omitempty"`
	View                *wireView       `json:"view,omitempty"`
	IsCleared           *bool           `json:"is_cleared,omitempty"` // of view_closed
}

type payloadTeam struct {
	ID     string `json:"id"`
	Domain string `json:"domain"`
}

type payloadUser struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	TeamID   string `json:"team_id"`
}

type payloadChannel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// container says where the element was.
type container struct {
	Type        string `json:"type"` // "message" or "view"
	MessageTS   string `json:"message_ts,omitempty"`
	ChannelID   string `json:"channel_id,omitempty"`
	IsEphemeral bool   `json:"is_ephemeral"`
	ThreadTS    string `json:"thread_ts,omitempty"`
	ViewID      string `json:"view_id,omitempty"`
}

// state holds a person's choices by block_id and action_id.
type state struct {
	Values map[string]map[string]inputValue `json:"values"`
}

// verification is the deprecated token in every payload; apps should ignore it.
const verification = "sim-verification-token"

// interaction returns the fields that all interactions of a user share.
func (s *Server) interaction(kind, user string) interaction {
	u := s.users[user]
	return interaction{
		Type: kind, Token: verification, APIAppID: s.opts.AppID,
		Team: s.payloadTeam(), Enterprise: s.org(), IsEnterpriseInstall: s.opts.OrgInstall,
		User: payloadUser{ID: u.ID, Username: u.Name, Name: u.Name, TeamID: u.TeamID},
	}
}

// teamDomain is the first label of the workspace's host.
func (s *Server) teamDomain() string {
	host := strings.TrimPrefix(s.opts.TeamURL, "https://")
	domain, _, _ := strings.Cut(host, ".")
	return domain
}

// payloadName is the channel's name in payloads, which keep the names of private
// channels to themselves.
func (r *room) payloadName() string {
	switch {
	case r.IM:
		return "directmessage"
	case r.Private:
		return "privategroup"
	}
	return r.Name
}

// usedElement is the element that was used and the value chosen in it.
type usedElement struct {
	Type        string          `json:"type"`
	ActionID    string          `json:"action_id"`
	BlockID     string          `json:"block_id"`
	ActionTS    string          `json:"action_ts"`
	Text        json.RawMessage `json:"text,omitempty"`
	Value       string          `json:"value,omitempty"`
	Style       string          `json:"style,omitempty"`
	Placeholder json.RawMessage `json:"placeholder,omitempty"`
	Confirm     json.RawMessage `json:"confirm,omitempty"`

	chosen inputValue // of a menu or an input; zero for a button
}

// used returns the parts of the element that Slack sends back.
func used(b Block, e Element, at string) usedElement {
	u := usedElement{Type: e.Type, ActionID: e.ActionID, BlockID: b.BlockID, ActionTS: at, Value: e.Value, Style: e.Style}
	var raw struct {
		Text        json.RawMessage `json:"text"`
		Placeholder json.RawMessage `json:"placeholder"`
		Confirm     json.RawMessage `json:"confirm"`
	}
	if json.Unmarshal(e.Raw, &raw) == nil { // it was decoded from there before
		u.Text, u.Placeholder, u.Confirm = raw.Text, raw.Placeholder, raw.Confirm
	}
	return u
}

// MarshalJSON adds the field that holds the chosen value for this type of element.
func (u usedElement) MarshalJSON() ([]byte, error) {
	type plain usedElement
	data, err := json.Marshal(plain(u))
	if err != nil || u.chosen.Name == "" {
		return data, err
	}
	field := ",\"" + u.chosen.Name + "\":" + string(u.chosen.Raw) + "}"
	return append(data[:len(data)-1], field...), nil
}
