package bot

import (
	"errors"
	"time"
)

// ErrDuplicate is returned by a handler for an event that its store already has. It is acked like one that was stored.
var ErrDuplicate = errors.New("handed over before")

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

// Origin is part of every event: who, where, and how to answer.
type Origin struct {
	EnvelopeID string // the transport's id; a redelivery mostly carries the same one
	EventID    string // Slack's id of an Events API event, the same at each delivery; otherwise empty
	User       UserID
	Team       TeamID // the person's own workspace: in a shared channel it may be another company's
	Enterprise string // the person's organisation on Enterprise Grid, else empty
	OrgInstall bool   // the app is installed for the whole organisation
	Channel    ChannelID
	// ResponseURL answers where the bot is no member: 5 uses within 30 minutes. Zero for global shortcuts, Home and most modals.
	ResponseURL Secret
	// TriggerID opens one modal within 3 seconds.
	TriggerID string
	Received  time.Time // when the envelope was read from the socket
	// Made is when the person did it, by Slack's clock; zero where Slack doesn't say, as of a slash command.
	// See https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
	Made time.Time
}

// DedupKey returns the key to store the event under. It stays the same when Slack
// delivers the event again, even in a new envelope.
func (o Origin) DedupKey() string {
	switch {
	case o.EventID != "":
		return "event:" + o.EventID
	case o.TriggerID != "":
		return "trigger:" + o.TriggerID
	}
	return o.EnvelopeID
}

// ViewRef names the modal or Home that something happened in. The zero value means
// none.
type ViewRef struct {
	ID       string
	Hash     string // changes with each drawing; see PublishHome
	Callback string // callback_id
	Private  string // private_metadata
}

// Command is a slash command as it was typed.
// See https://docs.slack.dev/interactivity/implementing-slash-commands
type Command struct {
	Origin
	Name string // with its slash: "/cancel-meeting"
	Text string // everything after the first space, raw
}

// Click is a press of a button or a choice in a menu of a message, a modal or a Home.
// See https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
type Click struct {
	Origin
	Action    string // action_id
	BlockID   string
	Value     string     // the button's value, or the first of the options, people or dates chosen
	Message   MessageRef // the message clicked in; an ephemeral one has a time stamp too but can't be updated by it
	Thread    string     // thread_ts of that message, empty outside threads
	Ephemeral bool       // only this person sees the message, and only ResponseURL can change it
	View      ViewRef    // the modal or Home clicked in
	// Selected holds all inputs of the message or view: action_id to the values chosen, in Slack's order.
	Selected map[string][]string
}

// Shortcut is a message shortcut or a global one (then Message, Thread and Text are empty).
// See https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
type Shortcut struct {
	Origin
	Callback string // callback_id from the manifest
	Message  MessageRef
	Thread   string // thread_ts of the message, empty outside threads
	// Text is every piece of text in the message, one a line: blocks, attachments, forwarded messages and e-mails included.
	Text string
}

// Submission is a submitted modal. See
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type Submission struct {
	Origin
	View ViewRef
	// Selected holds all inputs of the view: action_id to the values typed or chosen, in Slack's order.
	Selected map[string][]string
}

// HomeOpened means that somebody opened the bot's Home or Messages tab. See
// https://docs.slack.dev/reference/events/app_home_opened
type HomeOpened struct {
	Origin
	Tab  string  // "home" or "messages"
	View ViewRef // the Home that they see; zero if none was published
}
