package bot

import "time"

// UserID is a Slack user, "U0…" or "W0…".
type UserID string

// ChannelID is a Slack conversation: channel, group or direct message ("C0…", "G0…", "D0…").
type ChannelID string

// TeamID is a Slack workspace, "T0…".
type TeamID string

// GroupID is a Slack user group, "S0…".
type GroupID string

// MessageRef names a message that Slack keeps. The zero value is "no message": an ephemeral one, or none yet.
type MessageRef struct {
	Channel ChannelID
	TS      string // Slack's time stamp, unique within the channel
}

// IsZero reports whether r names no message.
func (r MessageRef) IsZero() bool { return r.TS == "" }

// Origin is what every event carries: who, where, and the ways to answer.
type Origin struct {
	EnvelopeID string // the transport's id; a redelivery carries the same one
	User       UserID
	Team       TeamID // the person's own workspace: in a shared channel it may be another company's
	Enterprise string // the person's organisation on Enterprise Grid, else empty
	Channel    ChannelID
	// ResponseURL answers where the bot is no member: 5 uses within 30 minutes. Zero for global shortcuts and most modals.
	ResponseURL Secret
	// TriggerID opens one modal within 3 seconds.
	TriggerID string
	Received  time.Time // when the envelope was read from the socket
}

// Command is a slash command as it was typed.
// See https://docs.slack.dev/interactivity/implementing-slash-commands
type Command struct {
	Origin
	Name string // with its slash: "/cancel-meeting"
	Text string // everything after the first space, raw
}

// Click is a press of a button or a choice in a menu of a message.
// See https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
type Click struct {
	Origin
	Action    string // action_id
	BlockID   string
	Value     string     // the button's value, or the value of the option chosen
	Message   MessageRef // the message clicked in; an ephemeral one has a time stamp too but can't be updated by it
	Thread    string     // thread_ts of that message, empty outside threads
	Ephemeral bool       // the message is one only this person sees: only ResponseURL can change it
	// Selected holds the message's other inputs: action_id to the values chosen, in Slack's order.
	Selected map[string][]string
}

// Shortcut is a message shortcut or a global one (then Message, Thread and Text are empty).
// See https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
type Shortcut struct {
	Origin
	Callback string // callback_id from the manifest
	Message  MessageRef
	Thread   string // thread_ts of the message, empty outside threads
	Text     string // every piece of text in the message, blocks and attachments included, one a line
}

// Submission is a modal sent off by its submit button.
// See https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type Submission struct {
	Origin
	Callback string            // callback_id of the view
	Private  string            // private_metadata of the view
	Values   map[string]string // action_id to the value typed or chosen
}
