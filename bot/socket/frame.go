package socket

import (
	"encoding/json"

	"meetingbot/bot"
)

// frame is any message from Slack. See https://docs.slack.dev/apis/events-api/using-socket-mode
type frame struct {
	Type       string  `json:"type"`
	EnvelopeID string  `json:"envelope_id"`
	Payload    payload `json:"payload"`

	// hello
	NumConnections int `json:"num_connections"`
	Connection     struct {
		AppID string `json:"app_id"`
	} `json:"connection_info"`

	// disconnect
	Reason string `json:"reason"`
}

// payload has the fields of all payloads; their names don't collide.
type payload struct {
	// slash command
	Command      string `json:"command"`
	Text         string `json:"text"`
	UserID       string `json:"user_id"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	ChannelID    string `json:"channel_id"`

	// everything interactive
	Type       string  `json:"type"`
	CallbackID string  `json:"callback_id"`
	User       account `json:"user"`
	Team       object  `json:"team"`
	Enterprise object  `json:"enterprise"`
	Channel    object  `json:"channel"`
	Container  struct {
		MessageTS   string `json:"message_ts"`
		ChannelID   string `json:"channel_id"`
		ThreadTS    string `json:"thread_ts"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message   message  `json:"message"`
	MessageTS string   `json:"message_ts"`
	Actions   []action `json:"actions"`
	State     state    `json:"state"`
	View      view     `json:"view"`

	ResponseURL string `json:"response_url"`
	TriggerID   string `json:"trigger_id"`

	// event
	EventID string `json:"event_id"`
	Event   event  `json:"event"`
}

type object struct {
	ID string `json:"id"`
}

type account struct {
	ID           string `json:"id"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
}

// message leaves the parts with text undecoded, because only shortcuts need them.
type message struct {
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks"`
	Attachments json.RawMessage `json:"attachments"`
	Files       json.RawMessage `json:"files"`
}

type view struct {
	ID         string `json:"id"`
	Hash       string `json:"hash"`
	CallbackID string `json:"callback_id"`
	Private    string `json:"private_metadata"`
	State      state  `json:"state"`
}

func (v view) ref() bot.ViewRef {
	return bot.ViewRef{ID: v.ID, Hash: v.Hash, Callback: v.CallbackID, Private: v.Private}
}

type event struct {
	Type    string `json:"type"`
	User    string `json:"user"`
	Channel string `json:"channel"`
	Tab     string `json:"tab"`
	View    view   `json:"view"`
}

type action struct {
	input
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	URL      string `json:"url"`
	TS       string `json:"action_ts"`
}

type state struct {
	Values map[string]map[string]input `json:"values"`
}

func (s state) selected() map[string][]string {
	all := make(map[string][]string)
	for _, block := range s.Values {
		for id, in := range block {
			all[id] = in.chosen()
		}
	}
	return all
}

// input has the fields of the Block Kit elements that hold a value and that the bot shows.
type input struct {
	Type            string   `json:"type"`
	Value           string   `json:"value"`
	SelectedOptions []option `json:"selected_options"`
	SelectedDate    string   `json:"selected_date"`
	SelectedUser    string   `json:"selected_user"`
}

type option struct {
	Value string `json:"value"`
}

// chosen returns the element's values in Slack's order, or nil if it is empty.
func (in input) chosen() []string {
	var all []string
	for _, one := range append([]option{{in.Value}, {in.SelectedDate}, {in.SelectedUser}}, in.SelectedOptions...) {
		if one.Value != "" {
			all = append(all, one.Value)
		}
	}
	return all
}
